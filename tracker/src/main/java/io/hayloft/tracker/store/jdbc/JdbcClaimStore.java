package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.ClaimStore;
import io.hayloft.tracker.store.TodoStore.Kind;
import java.sql.SQLException;
import java.util.Collection;

/** Claims, which are the column {@code nexttry} of the queues. */
final class JdbcClaimStore implements ClaimStore {

  private final Transactions transactions;

  JdbcClaimStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void prolong(Queue queue, long until, Collection<Fid> fids) {
    if (fids.isEmpty()) {
      return;
    }
    var inOrder = fids.stream().sorted().toList();
    transactions.run(
        session ->
            switch (queue) {
              case REPLICATION -> prolong(session, "file_to_replicate", until, inOrder);
              case DELETION -> prolong(session, "file_to_delete2", until, inOrder);
              case FSCK -> prolong(session, Kind.FSCK, until, inOrder);
              case REBALANCE -> prolong(session, Kind.REBALANCE, until, inOrder);
            });
  }

  private static int prolong(Session session, String table, long until, Collection<Fid> fids)
      throws SQLException {
    return session.updateMany(
        "UPDATE " + table + " SET nexttry = ? WHERE nexttry = ? AND fid IN (??)",
        fids,
        prolonged(until),
        until);
  }

  private static int prolong(Session session, Kind kind, long until, Collection<Fid> fids)
      throws SQLException {
    return session.updateMany(
        "UPDATE file_to_queue SET nexttry = ? WHERE type = ? AND nexttry = ? AND fid IN (??)",
        fids,
        prolonged(until),
        kind.number(),
        until);
  }

  /** When a claim that ends at that time ends after it has been prolonged once. */
  static long prolonged(long until) {
    return until + STEP.toSeconds();
  }
}
