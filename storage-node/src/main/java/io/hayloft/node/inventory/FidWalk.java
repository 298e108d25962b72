package io.hayloft.node.inventory;

import io.hayloft.node.blob.FidName;
import io.hayloft.node.kernel.DirectoryNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/**
 * Goes through a device's files in the order of their fids, a directory at a time, and holds no
 * more than the names of one directory.
 *
 * <h2>Order</h2>
 *
 * Directories are named after the first seven of at least ten digits, so in numeric order of the
 * directories the fids of ten digits come in theirs. Fids with more digits share directories with
 * others that are far away: {@code 1/234/567} has 1234567000 and following, 12345670000 and
 * following, and so on. So there is a pass over the directories for each number of digits, which
 * looks at the names of that many digits only. Fids of more than ten digits do not begin with a
 * zero: without directories {@code 1} to {@code 9}, which no installation of less than 10⁹ files
 * has, one pass is all.
 *
 * <p>Names that are not those of fids, and files that are not where they belong, are passed over:
 * no tracker could ask for them.
 */
public final class FidWalk {

  private static final int PLACES = 1_000;

  private final Path device;
  private final long after;
  private final long until;
  private final DirectoryNames names = new DirectoryNames();

  private int digits;
  private boolean maybeLonger;
  private boolean started;
  private PrimitiveIterator.OfInt tops = none();
  private PrimitiveIterator.OfInt middles = none();
  private PrimitiveIterator.OfInt leaves = none();
  private int top;
  private int middle;

  /** Fids that lie in one directory, ascending. */
  public static final class Shelf {
    static final Shelf EMPTY = new Shelf(Path.of(""), new long[0]);

    private final Path directory;
    private final long[] fids;

    private Shelf(Path directory, long[] fids) {
      this.directory = directory;
      this.fids = fids;
    }

    public Path directory() {
      return directory;
    }

    public int count() {
      return fids.length;
    }

    public long fid(int index) {
      return fids[index];
    }
  }

  /**
   * @param device its directory, with links resolved
   * @param after files with greater fids only
   * @param until files up to this fid only
   */
  public FidWalk(Path device, long after, long until) {
    this.device = device;
    this.after = after;
    this.until = until;
    this.digits = FidName.digits(Math.min(after, Long.MAX_VALUE - 1) + 1);
  }

  private static PrimitiveIterator.OfInt none() {
    return IntStream.empty().iterator();
  }

  /** Looks into the next directory; empty at the end. What it gives may have no fids. */
  public Optional<Shelf> next() throws IOException {
    if (after >= until) {
      return Optional.empty();
    }
    if (!started) {
      started = true;
      tops = below(device, 10, 1);
    }
    while (true) {
      if (leaves.hasNext()) {
        int leaf = leaves.nextInt();
        int number = (top * PLACES + middle) * PLACES + leaf;
        if (reaches(number, 7)) {
          return Optional.of(shelf(number));
        }
      } else if (middles.hasNext()) {
        middle = middles.nextInt();
        if (reaches(top * PLACES + middle, 4)) {
          leaves = below(directory(top, middle), PLACES, 3);
        }
      } else if (tops.hasNext()) {
        top = tops.nextInt();
        if (reaches(top, 1)) {
          middles = below(directory(top), PLACES, 3);
        }
      } else if (!beginPass()) {
        return Optional.empty();
      }
    }
  }

  /** Goes on with the fids of one digit more, if there may be such. */
  private boolean beginPass() throws IOException {
    if (!maybeLonger || digits == FidName.MOST_DIGITS || until < power(digits)) {
      return false;
    }
    digits++;
    maybeLonger = false;
    tops = below(device, 10, 1);
    return true;
  }

  /** Whether a directory whose name has that many digits has fids of this pass that are wanted. */
  private boolean reaches(int number, int digitsOfName) {
    boolean hasLonger = digits > FidName.LEAST_DIGITS;
    boolean startsWithZero = Integer.toString(number).length() < digitsOfName || number == 0;
    if (hasLonger && startsWithZero) {
      return false;
    }
    long scale = power(digits - digitsOfName);
    long first = times(number, scale);
    long last = times(number + 1L, scale);
    last = last == Long.MAX_VALUE ? last : last - 1;
    boolean wanted = last > after && first <= until;
    // What is not looked into may have fids of more digits.
    maybeLonger |= !wanted && !startsWithZero;
    return wanted;
  }

  private static long power(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power = times(power, 10);
    }
    return power;
  }

  private static long times(long a, long b) {
    return a != 0 && b > Long.MAX_VALUE / a ? Long.MAX_VALUE : a * b;
  }

  private Path directory(int... numbers) {
    var path = device.resolve(Integer.toString(numbers[0]));
    for (int i = 1; i < numbers.length; i++) {
      path = path.resolve(String.valueOf(PLACES + numbers[i]).substring(1));
    }
    return path;
  }

  /** The numbers of the directories in one, ascending. */
  private PrimitiveIterator.OfInt below(Path directory, int limit, int width) throws IOException {
    var found = new boolean[limit];
    names.forEach(
        directory,
        name -> {
          int number = number(name, width);
          if (number >= 0) {
            found[number] = true;
          }
        });
    return IntStream.range(0, limit).filter(number -> found[number]).iterator();
  }

  private static int number(String name, int width) {
    if (name.length() != width) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < width; i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = 10 * number + (c - '0');
    }
    return number;
  }

  private Shelf shelf(int number) throws IOException {
    var directory = directory(top, middle, number % PLACES);
    long scale = power(digits - 7);
    var fids = new Fids();
    names.forEach(
        directory,
        name -> {
          var fid = FidName.parse(name);
          if (fid.isEmpty()) {
            return;
          }
          int itsDigits = FidName.digits(fid.getAsLong());
          maybeLonger |= itsDigits > digits;
          long value = fid.getAsLong();
          if (itsDigits == digits && value / scale == number && value > after && value <= until) {
            fids.add(value);
          }
        });
    return new Shelf(directory, fids.sorted());
  }

  /** Numbers that grow in number without an object for each. */
  private static final class Fids {
    private long[] values = new long[64];
    private int count;

    void add(long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    long[] sorted() {
      var sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
