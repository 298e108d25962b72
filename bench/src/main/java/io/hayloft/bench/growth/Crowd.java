package io.hayloft.bench.growth;

import static java.util.Objects.requireNonNull;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.database.BulkRows.Spelling;
import io.hayloft.bench.tracker.talk.Pool;
import java.math.BigInteger;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The files that are there, very many, of which nothing has to be remembered: the key of each is
 * computed from its number, and the other way round.
 *
 * <p>Keys fall evenly all over the order of keys, like hashes: the numbers in them are multiples of
 * the golden section, modulo 10^10. Those of files that are stored later fall between them just so.
 */
final class Crowd {

  /** Of all numbers in keys. */
  private static final long SPACE = 10_000_000_000L;

  /**
   * About the golden section of the space; neither 2 nor 5 divides it, so no number comes twice.
   */
  private static final long STEP = 6_180_339_887L;

  /** The inverse of the step: their product is 1, modulo the space. */
  private static final BigInteger BACK = BigInteger.valueOf(STEP).modInverse(big(SPACE));

  /**
   * The first number of files that are stored and not laid: more than that cannot be laid, or their
   * products with the step would not fit.
   */
  static final long STORED = 1_000_000_000;

  /** So many laid files more or less than its share has any stretch of keys. */
  static final int UNEVEN = 10;

  private final NavigableMap<Long, Long> firstFids = new TreeMap<>();
  private long count;

  /** How the database is to compute the keys. */
  static Spelling spelling() {
    return new Spelling(Pool.STEM, STEP);
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  /**
   * More files are there.
   *
   * @param files how many in all
   * @param firstFid of the first of the new ones; the others follow it
   */
  void grow(long files, long firstFid) {
    firstFids.put(count, firstFid);
    count = files;
  }

  long count() {
    return count;
  }

  /** What there is to be asked for; places are the files' numbers. */
  Pool pool(int bytes) {
    return new Pool(Cluster.DOMAIN, Math.toIntExact(count), Crowd::key, this::fid, bytes);
  }

  long fid(long file) {
    var entry = requireNonNull(firstFids.floorEntry(file));
    return entry.getValue() + file - entry.getKey();
  }

  /** The number in a file's key. */
  static long key(long file) {
    return file * STEP % SPACE;
  }

  /** The number in the key of a file that is stored among the others: no two are alike. */
  static long storedKey(long number) {
    return key(STORED + number);
  }

  /** Whether a file may have that number in its key. */
  boolean isThere(long key) {
    long file = file(key);
    return file < count || file >= STORED;
  }

  /** Whether the file with that number in its key is one of those that are counted. */
  boolean isLaid(long key) {
    return file(key) < count;
  }

  private static long file(long key) {
    return big(key).multiply(BACK).mod(big(SPACE)).longValueExact();
  }

  /**
   * How many laid files a stretch of keys has, to within {@link #UNEVEN}.
   *
   * @param length of the stretch
   */
  double laidIn(long length) {
    return (double) length * count / SPACE;
  }
}
