package io.hayloft.bench.replay;

import java.util.Arrays;

/** Accesses of a log in arrays; a million take 20 MB. */
final class Entries {

  private static final int FOUND = 0x40;

  private long[] at = new long[1024];
  private int[] key = new int[1024];
  private int[] size = new int[1024];
  private byte[] what = new byte[1024];
  private long[] grain = new long[1024];
  private int count;

  void add(long nanos, Access access, int number, int bytes) {
    if (count == at.length) {
      at = Arrays.copyOf(at, 2 * count);
      key = Arrays.copyOf(key, 2 * count);
      size = Arrays.copyOf(size, 2 * count);
      what = Arrays.copyOf(what, 2 * count);
      grain = Arrays.copyOf(grain, 2 * count);
    }
    at[count] = count == 0 ? nanos : Math.max(at[count - 1], nanos);
    key[count] = number;
    size[count] = bytes;
    what[count] = (byte) (access.method().number() | (access.found() ? FOUND : 0));
    grain[count] = access.grain().toNanos();
    count++;
  }

  /**
   * All are there: those of one moment of a coarse clock are laid evenly over it, and uploads get
   * their sizes.
   *
   * @param keys how many there are
   */
  void settle(int keys) {
    spread();
    sizeUploads(keys);
  }

  private void spread() {
    int from = 0;
    while (from < count) {
      int to = from + 1;
      while (to < count && at[to] == at[from]) {
        to++;
      }
      long moment = at[from];
      for (int i = from; i < to; i++) {
        at[i] = moment + grain[from] * (i - from) / (to - from);
      }
      from = to;
    }
    grain = new long[0];
    for (int i = 1; i < count; i++) {
      at[i] = Math.max(at[i - 1], at[i]);
    }
  }

  int count() {
    return count;
  }

  long at(int index) {
    return at[index];
  }

  Method method(int index) {
    return Method.ALL.get(what[index] & ~FOUND);
  }

  boolean isFound(int index) {
    return (what[index] & FOUND) != 0;
  }

  int key(int index) {
    return key[index];
  }

  int size(int index) {
    return size[index];
  }

  /** An upload of unknown size has that of the readings before the key is stored anew. */
  private void sizeUploads(int keys) {
    var later = new int[keys];
    Arrays.fill(later, (int) Access.UNKNOWN);
    for (int i = count - 1; i >= 0; i--) {
      switch (method(i)) {
        case GET, HEAD -> later[key[i]] = Math.max(later[key[i]], size[i]);
        case PUT -> {
          size[i] = size[i] == Access.UNKNOWN ? later[key[i]] : size[i];
          later[key[i]] = (int) Access.UNKNOWN;
        }
        case DELETE -> later[key[i]] = (int) Access.UNKNOWN;
      }
    }
  }
}
