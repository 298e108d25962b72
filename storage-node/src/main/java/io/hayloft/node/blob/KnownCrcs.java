package io.hayloft.node.blob;

import io.hayloft.node.kernel.InodeState;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The checksums of files that were opened some time, so that opening one again need not read its
 * attribute: that may wait for the disk even when all else of a file is in memory. It remembers far
 * more files than can be kept open, at 16 bytes each.
 *
 * <h2>When an entry is right</h2>
 *
 * It is found by which file it is, its length, and the times of its last changes, those of
 * attributes included: a file that was changed or replaced is another one. The filesystem's clock
 * ticks, so what was changed within {@link #SETTLED} is not remembered: a second change in the same
 * tick could not be told from the first.
 *
 * <h2>How it is kept</h2>
 *
 * Two numbers for each file, a fingerprint of 95 bits and the checksum between them. The first is
 * stored combined with the second, so that a reader who sees halves of two entries finds neither;
 * no lock is needed. Each file has four places; when all are taken one of them is given up.
 */
public final class KnownCrcs {

  static final Duration SETTLED = Duration.ofSeconds(2);

  private static final int MOST_BYTES = 16 << 20;
  private static final int WAYS = 4;
  private static final int WORDS = 2 * WAYS;
  private static final int SETS_IN_PIECE = 1 << 10;
  private static final long HAS_CRC = 1L << 32;
  private static final long PRINT = -1L << 33;
  private static final long LOW = 0xffff_ffffL;

  private final int setMask;

  /** Made when they are first needed. */
  private final AtomicReferenceArray<long[]> pieces;

  /**
   * @param bytes how much memory it may take
   */
  public KnownCrcs(long bytes) {
    long pieceBytes = (long) SETS_IN_PIECE * WORDS * Long.BYTES;
    long most = Math.clamp(bytes, pieceBytes, MOST_BYTES) / pieceBytes;
    int count = Integer.highestOneBit((int) most);
    pieces = new AtomicReferenceArray<>(count);
    setMask = count * SETS_IN_PIECE - 1;
  }

  /** What is known of a file: its checksum, or that it has none; null when nothing is. */
  @Nullable OptionalInt of(InodeState file) {
    long first = fingerprint(file);
    long second = mixed(first + file.key().inode()) & PRINT;
    int set = (int) first & setMask;
    var piece = pieces.get(set / SETS_IN_PIECE);
    if (piece == null) {
      return null;
    }
    int at = set % SETS_IN_PIECE * WORDS;
    for (int way = at; way < at + WORDS; way += 2) {
      long data = piece[way + 1];
      if ((piece[way] ^ data) == first && (data & PRINT) == second) {
        return (data & HAS_CRC) == 0 ? OptionalInt.empty() : OptionalInt.of((int) data);
      }
    }
    return null;
  }

  /**
   * Remembers what was read of a file.
   *
   * @param file as it was before that and after it
   * @param nowNanos Unix time before that
   */
  void learn(InodeState file, OptionalInt crc, long nowNanos) {
    if (nowNanos - file.changedNanos() < SETTLED.toNanos()) {
      return;
    }
    long first = fingerprint(file);
    long second = mixed(first + file.key().inode()) & PRINT;
    int set = (int) first & setMask;
    var piece = piece(set / SETS_IN_PIECE);
    int at = set % SETS_IN_PIECE * WORDS;
    int way = place(piece, at, first, second);
    long data = second | (crc.isPresent() ? HAS_CRC | (crc.getAsInt() & LOW) : 0);
    piece[way] = first ^ data;
    piece[way + 1] = data;
  }

  private long[] piece(int index) {
    var known = pieces.get(index);
    if (known != null) {
      return known;
    }
    var made = new long[SETS_IN_PIECE * WORDS];
    var before = pieces.compareAndExchange(index, null, made);
    return before == null ? made : before;
  }

  /** Its own place, an empty one, or one that looks chosen by chance. */
  private static int place(long[] piece, int at, long first, long second) {
    for (int way = at; way < at + WORDS; way += 2) {
      long data = piece[way + 1];
      boolean isEmpty = data == 0 && piece[way] == 0;
      if (isEmpty || ((piece[way] ^ data) == first && (data & PRINT) == second)) {
        return way;
      }
    }
    return at + 2 * (int) (second >>> 33 & (WAYS - 1));
  }

  private static long fingerprint(InodeState file) {
    long print = mixed(file.key().device());
    print = mixed(print ^ file.key().inode());
    print = mixed(print ^ file.size());
    print = mixed(print ^ file.modifiedNanos());
    return mixed(print ^ file.changedNanos());
  }

  /** Every bit of the result depends on every bit of the number (the last step of SplitMix64). */
  private static long mixed(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
