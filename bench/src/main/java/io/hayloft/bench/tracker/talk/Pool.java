package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.database.BenchDatabase.Laid;
import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Request;
import java.util.List;

/**
 * Files of one domain that are there to be asked for, whose keys have numbers that follow each
 * other.
 */
public final class Pool {

  static final int DIGITS = 10;

  /** What all keys begin with. */
  public static final String STEM = Filler.name(0).substring(0, Filler.name(0).length() - DIGITS);

  static final byte[] KEY = Answer.bytes(STEM);

  private final String domain;
  private final long first;
  private final long[] fids;
  private final int bytes;

  /**
   * @param first the number in the first key
   * @param fids of all the files, in the order of their keys
   * @param bytes of each of them
   */
  public Pool(String domain, long first, long[] fids, int bytes) {
    if (fids.length == 0) {
      throw new IllegalArgumentException("no files");
    }
    this.domain = domain;
    this.first = first;
    this.fids = fids.clone();
    this.bytes = bytes;
  }

  /**
   * Of files that were laid one after the other.
   *
   * @param bytes of each of them
   */
  public static Pool of(List<Laid> files, int bytes) {
    var fids = files.stream().mapToLong(each -> each.fid().value()).toArray();
    return new Pool(Cluster.DOMAIN, fids[0], fids, bytes);
  }

  public String domain() {
    return domain;
  }

  public int count() {
    return fids.length;
  }

  public long fid(int index) {
    return fids[index];
  }

  public int bytes() {
    return bytes;
  }

  /** The key of one of them. */
  public String key(int index) {
    return Filler.name(first + index);
  }

  /** Puts a file's key. */
  void key(Request request, int index) {
    request.put(KEY).number(first + index, DIGITS);
  }

  /** Puts a file's number, which is the end of its key. */
  void number(Request request, int index) {
    request.number(first + index, DIGITS);
  }

  /** A part of them, as a pool of its own. */
  public Pool part(int from, int count) {
    var part = new long[count];
    System.arraycopy(fids, from, part, 0, count);
    return new Pool(domain, first + from, part, bytes);
  }
}
