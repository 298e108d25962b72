package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.database.BenchDatabase.Laid;
import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Request;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Files of one domain that are there to be asked for, whose keys are a text and a number of ten
 * digits.
 */
public final class Pool {

  static final int DIGITS = 10;

  /** What all keys begin with. */
  public static final String STEM = Filler.name(0).substring(0, Filler.name(0).length() - DIGITS);

  static final byte[] KEY = Answer.bytes(STEM);

  private final String domain;
  private final int count;
  private final IntToLongFunction numbers;
  private final IntToLongFunction fids;
  private final int bytes;

  /**
   * @param first the number in the first key
   * @param fids of all the files, in the order of their keys
   * @param bytes of each of them
   */
  public Pool(String domain, long first, long[] fids, int bytes) {
    this(domain, fids.length, index -> first + index, of(fids), bytes);
  }

  private static IntToLongFunction of(long[] fids) {
    var copy = fids.clone();
    return index -> copy[index];
  }

  /**
   * Files whose numbers are computed: a list of them all would not fit into memory.
   *
   * @param numbers in the keys, by the files' places
   * @param fids by the files' places
   */
  public Pool(
      String domain, int count, IntToLongFunction numbers, IntToLongFunction fids, int bytes) {
    if (count < 1) {
      throw new IllegalArgumentException("no files");
    }
    this.domain = domain;
    this.count = count;
    this.numbers = numbers;
    this.fids = fids;
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
    return count;
  }

  public long fid(int index) {
    return fids.applyAsLong(index);
  }

  public int bytes() {
    return bytes;
  }

  /** The key of one of them. */
  public String key(int index) {
    return Filler.name(numbers.applyAsLong(index));
  }

  /** Puts a file's key. */
  public void key(Request request, int index) {
    request.put(KEY).number(numbers.applyAsLong(index), DIGITS);
  }

  /** Puts a file's number, which is the end of its key. */
  void number(Request request, int index) {
    request.number(numbers.applyAsLong(index), DIGITS);
  }

  /** A part of them, as a pool of its own. */
  public Pool part(int from, int count) {
    return new Pool(
        domain,
        count,
        index -> numbers.applyAsLong(from + index),
        index -> fids.applyAsLong(from + index),
        bytes);
  }
}
