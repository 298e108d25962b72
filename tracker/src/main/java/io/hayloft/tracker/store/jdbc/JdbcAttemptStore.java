package io.hayloft.tracker.store.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.AttemptStore;
import io.hayloft.tracker.store.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table {@code hayloft_attempt}. */
final class JdbcAttemptStore implements AttemptStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcAttemptStore.class);
  private static final String COLUMNS = "fid, at_ms, todev, fromdev, job, why";

  /** What one statement drops, so that nobody waits long for its locks. */
  private static final int PORTION = 1000;

  private final Transactions transactions;

  JdbcAttemptStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void record(Collection<Attempt> failed) {
    if (failed.isEmpty()) {
      return;
    }
    // In one order, so that two who record at the same time do not wait for each other in a ring.
    var ordered =
        failed.stream()
            .sorted(Comparator.comparing(Attempt::fid).thenComparing(Attempt::when))
            .toList();
    try {
      transactions.run(
          session -> {
            session.insertMany(
                "INSERT INTO hayloft_attempt ("
                    + COLUMNS
                    + ") VALUES ?? "
                    + "ON DUPLICATE KEY UPDATE why = VALUES(why)",
                "(?, ?, ?, ?, ?, ?)",
                ordered.stream().map(JdbcAttemptStore::row).toList());
            return trim(session, ordered.stream().map(Attempt::fid).distinct().toList());
          });
    } catch (StoreException e) {
      log.debug("what failed for {} files is not recorded", ordered.size(), e);
    }
  }

  private static List<Object> row(Attempt attempt) {
    return List.of(
        attempt.fid(),
        attempt.when().toEpochMilli(),
        number(attempt.to()),
        number(attempt.from()),
        attempt.job().word(),
        cut(attempt.why()));
  }

  private static int number(Optional<DeviceId> device) {
    return device.map(DeviceId::value).orElse(0);
  }

  private static byte[] cut(String why) {
    var line = why.lines().findFirst().orElse("");
    return line.substring(0, Math.min(LONGEST_REASON, line.length())).getBytes(ISO_8859_1);
  }

  private record Place(Fid fid, long at, int to) {}

  /**
   * Two who record at the same time do not see each other's: the next one drops what is left over.
   */
  private static int trim(Session session, List<Fid> fids) throws SQLException {
    var newest =
        session.listMany(
            row -> new Place(row.fid(1), row.number(2), row.small(3)),
            "SELECT fid, at_ms, todev FROM hayloft_attempt WHERE fid IN (??)",
            fids);
    var seen = new HashMap<Fid, Integer>();
    var surplus = new ArrayList<List<Object>>();
    newest.stream()
        .distinct()
        .sorted(Comparator.comparingLong(Place::at).reversed())
        .forEach(
            place -> {
              if (seen.merge(place.fid(), 1, Integer::sum) > KEPT) {
                surplus.add(List.of(place.fid(), place.at(), place.to()));
              }
            });
    session.batch("DELETE FROM hayloft_attempt WHERE fid = ? AND at_ms = ? AND todev = ?", surplus);
    return surplus.size();
  }

  @Override
  public List<Attempt> of(Fid fid) {
    return transactions
        .single(
            session ->
                session.list(
                    JdbcAttemptStore::attempt,
                    "SELECT "
                        + COLUMNS
                        + " FROM hayloft_attempt WHERE fid = ? ORDER BY at_ms DESC LIMIT "
                        + KEPT,
                    fid))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Empty for a job that a newer version knows. */
  private static Optional<Attempt> attempt(Row row) throws SQLException {
    var job = Job.named(row.text(5));
    if (job.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Attempt(
            row.fid(1),
            job.get(),
            Instant.ofEpochMilli(row.number(2)),
            row.optionalDevice(4),
            row.optionalDevice(3),
            row.text(6)));
  }

  @Override
  public void forget(Collection<Fid> fids) {
    if (fids.isEmpty()) {
      return;
    }
    var ordered = fids.stream().distinct().sorted().toList();
    try {
      transactions.run(
          session -> session.updateMany("DELETE FROM hayloft_attempt WHERE fid IN (??)", ordered));
    } catch (StoreException e) {
      log.debug("what failed for {} files is not forgotten yet", ordered.size(), e);
    }
  }

  @Override
  public int forgetOld(Duration age, long most) {
    return transactions.run(
        session -> {
          long tooOld =
              session
                  .one(
                      row -> row.number(1),
                      "SELECT at_ms FROM hayloft_attempt ORDER BY at_ms DESC LIMIT 1 OFFSET "
                          + most)
                  .orElse(-1L);
          return session.update(
              "DELETE FROM hayloft_attempt WHERE at_ms <= GREATEST(?, "
                  + "CAST(UNIX_TIMESTAMP() AS SIGNED) * 1000 - ?) ORDER BY at_ms LIMIT "
                  + PORTION,
              tooOld,
              age.toMillis());
        });
  }
}
