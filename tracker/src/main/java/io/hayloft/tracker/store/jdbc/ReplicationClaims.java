package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.store.ReplicationStore.Queued;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Taking rows from {@code file_to_replicate}. Its times make three kinds: 0 is a new upload, 1 a
 * file with one copy left, and all greater ones that are due are the rest. Each kind that has more
 * than can be taken leaves a quarter to those after it: a dead host queues millions with one copy,
 * and neither may they keep uploads waiting nor uploads them.
 */
final class ReplicationClaims {

  /** Ends claims of one time, and those that were prolonged meanwhile. */
  static final String END = "DELETE FROM file_to_replicate WHERE nexttry IN (?, ?) AND fid IN (??)";

  private static final long FIRST_OF_THE_REST = 2;
  private static final int SHARE = 4;

  private final Session session;
  private final DatabaseFacts facts;
  private final long seconds;

  private ReplicationClaims(Session session, DatabaseFacts facts, Duration lease) {
    this.session = session;
    this.facts = facts;
    this.seconds = Math.max(1, Queues.seconds(lease));
  }

  /**
   * @param due when it was to be done
   */
  private record Due(Queued queued, long due) {}

  static List<Queued> take(Session session, DatabaseFacts facts, int limit, Duration lease)
      throws SQLException {
    var due = new ReplicationClaims(session, facts, lease).due(0, limit);
    var claimed = due.stream().map(Due::queued).toList();
    if (!claimed.isEmpty()) {
      session.updateMany(
          "UPDATE file_to_replicate SET nexttry = ? WHERE fid IN (??)",
          claimed.stream().map(Queued::fid).sorted().toList(),
          claimed.getFirst().until());
    }
    return claimed;
  }

  private List<Due> due(long from, int limit) throws SQLException {
    var first = select(from, limit);
    if (first.size() < limit || limit < SHARE || first.getLast().due() >= FIRST_OF_THE_REST) {
      return first;
    }
    var after = due(first.getLast().due() + 1, limit / SHARE);
    return Stream.concat(first.subList(0, limit - after.size()).stream(), after.stream()).toList();
  }

  private List<Due> select(long from, int limit) throws SQLException {
    return session.list(
        row ->
            new Due(
                new Queued(row.fid(1), row.optionalDevice(2), row.small(3), row.number(4)),
                row.number(5)),
        "SELECT fid, fromdevid, failcount, UNIX_TIMESTAMP() + ?, nexttry FROM file_to_replicate"
            + facts.indexes().replicate()
            + " WHERE nexttry >= ? AND nexttry <= UNIX_TIMESTAMP() ORDER BY nexttry LIMIT ?"
            + facts.forUpdate(),
        seconds,
        from,
        limit);
  }
}
