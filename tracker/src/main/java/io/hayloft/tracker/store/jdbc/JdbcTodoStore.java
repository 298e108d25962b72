package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.TodoStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table {@code file_to_queue}. */
final class JdbcTodoStore implements TodoStore {

  private final Transactions transactions;
  private final DatabaseFacts.Lazy facts;

  JdbcTodoStore(Transactions transactions, DatabaseFacts.Lazy facts) {
    this.transactions = transactions;
    this.facts = facts;
  }

  @Override
  public List<Queued> claim(Kind kind, int limit, Duration lease) {
    return transactions.run(
        session -> {
          var claimed =
              session.list(
                  JdbcTodoStore::queued,
                  "SELECT fid, devid, arg, failcount, UNIX_TIMESTAMP() + ? FROM file_to_queue"
                      + facts.of(session).indexes().todo()
                      + " WHERE type = ? AND nexttry <= UNIX_TIMESTAMP() ORDER BY nexttry LIMIT ?"
                      + facts.of(session).forUpdate(),
                  Math.max(1, Queues.seconds(lease)),
                  kind.number(),
                  limit);
          if (!claimed.isEmpty()) {
            session.updateMany(
                "UPDATE file_to_queue SET nexttry = ? WHERE type = ? AND fid IN (??)",
                claimed.stream().map(Queued::fid).toList(),
                claimed.getFirst().until(),
                kind.number());
          }
          return claimed;
        });
  }

  private static Queued queued(Row row) throws SQLException {
    return new Queued(
        row.fid(1), row.optionalDevice(2), devices(row.text(3)), row.small(4), row.number(5));
  }

  /** Devices as a row lists them: {@code 3,8}. */
  private static List<DeviceId> devices(String list) {
    return Arrays.stream(list.split(","))
        .filter(number -> number.matches("[1-9][0-9]{0,6}"))
        .map(number -> new DeviceId(Integer.parseInt(number)))
        .toList();
  }

  static String text(List<DeviceId> devices) {
    return devices.stream().map(DeviceId::toString).collect(joining(","));
  }

  @Override
  public void done(Kind kind, Collection<Queued> claimed) {
    if (!claimed.isEmpty()) {
      transactions.run(session -> done(session, kind, claimed));
    }
  }

  static int done(Session session, Kind kind, Collection<Queued> claimed) throws SQLException {
    int removed = 0;
    for (var claim : byClaim(claimed).entrySet()) {
      removed +=
          session.updateMany(
              "DELETE FROM file_to_queue WHERE type = ? AND nexttry IN (?, ?) AND fid IN (??)",
              claim.getValue(),
              kind.number(),
              claim.getKey(),
              JdbcClaimStore.prolonged(claim.getKey()));
    }
    return removed;
  }

  private static Map<Long, List<Fid>> byClaim(Collection<Queued> claimed) {
    return claimed.stream()
        .sorted(Comparator.comparing(Queued::fid))
        .collect(groupingBy(Queued::until, TreeMap::new, mapping(Queued::fid, toList())));
  }

  @Override
  public void later(Kind kind, Collection<Queued> claimed, Duration delay) {
    if (claimed.isEmpty()) {
      return;
    }
    transactions.run(
        session -> {
          for (var claim : byClaim(claimed).entrySet()) {
            session.batch(
                "UPDATE file_to_queue SET nexttry = UNIX_TIMESTAMP() + ?,"
                    + " failcount = LEAST(failcount + 1, 255)"
                    + " WHERE type = ? AND nexttry IN (?, ?) AND fid = ?",
                claim.getValue().stream()
                    .map(
                        fid ->
                            List.<Object>of(
                                Queues.seconds(delay),
                                kind.number(),
                                claim.getKey(),
                                JdbcClaimStore.prolonged(claim.getKey()),
                                fid))
                    .toList());
          }
          return claimed.size();
        });
  }

  @Override
  public long length(Kind kind) {
    return transactions.single(session -> length(session, kind));
  }

  static long length(Session session, Kind kind) throws SQLException {
    return session
        .one(
            row -> row.number(1),
            "SELECT COUNT(*) FROM file_to_queue WHERE type = ?",
            kind.number())
        .orElse(0L);
  }
}
