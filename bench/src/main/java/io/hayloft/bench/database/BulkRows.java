package io.hayloft.bench.database;

import io.hayloft.bench.database.BenchDatabase.Place;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Millions of files with two copies of which there are rows only: made by the server itself out of
 * a sequence of numbers, in the order of their primary keys, with all indexes in place. What stands
 * in the tables is what uploads leave whose second copy has been made.
 */
public final class BulkRows {

  private static final int TOGETHER = 20_000;

  private final BenchDatabase database;

  private final Rows rows;

  /**
   * What the rows say.
   *
   * @param place of all files
   * @param length of each of them
   * @param pairs of devices that copies lie on, by turns
   */
  public record Rows(Place place, long length, List<Pair> pairs) {

    public Rows {
      pairs = List.copyOf(pairs);
      if (pairs.isEmpty()) {
        throw new IllegalArgumentException("no devices to lie on");
      }
    }
  }

  /** Two devices of different hosts. */
  public record Pair(int one, int other) {

    public Pair {
      if (one >= other) {
        throw new IllegalArgumentException("the lower one comes first, as it does in the table");
      }
    }
  }

  /**
   * Which key a file has, as SQL and as the program sees it: a text and ten digits, which are the
   * file's number times the step, modulo 10^10.
   */
  public record Spelling(String stem, long step) {}

  public BulkRows(BenchDatabase database, Rows rows) {
    this.database = database;
    this.rows = rows;
  }

  /**
   * Lays the files of these numbers.
   *
   * @param firstFid the fid of file 0
   * @param done hears how many of them are there
   */
  public void lay(long from, long to, long firstFid, Spelling keys, LongConsumer done) {
    for (long begin = from; begin < to; begin += TOGETHER) {
      long end = Math.min(to, begin + TOGETHER);
      database.update("START TRANSACTION");
      database.update(files(begin, end, firstFid, keys));
      database.update(copies(begin, end, firstFid));
      database.update("COMMIT");
      done.accept(end - from);
    }
  }

  private String files(long from, long to, long firstFid, Spelling keys) {
    return "INSERT INTO file (fid, dmid, dkey, length, classid, devcount)"
        + " SELECT %d + seq, %d, CONCAT('%s', LPAD((seq * %d) %% 10000000000, 10, '0')), %d, %d, 2"
            .formatted(
                firstFid,
                rows.place().domain(),
                keys.stem(),
                keys.step(),
                rows.length(),
                rows.place().fileClass())
        + " FROM seq_%d_to_%d".formatted(from, to - 1);
  }

  /** Two rows of each file, which follow each other as they do in the table. */
  private String copies(long from, long to, long firstFid) {
    var devices =
        rows.pairs().stream()
            .map(pair -> pair.one() + "," + pair.other())
            .collect(Collectors.joining(","));
    return "INSERT INTO file_on (fid, devid)"
        + " SELECT %d + seq DIV 2, ELT(1 + seq %% %d, %s) FROM seq_%d_to_%d"
            .formatted(firstFid, 2 * rows.pairs().size(), devices, 2 * from, 2 * to - 1);
  }
}
