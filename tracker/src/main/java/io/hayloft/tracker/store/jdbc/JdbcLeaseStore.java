package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.store.LeaseStore;
import java.time.Duration;

/**
 * The table {@code hayloft_lease}: one row per lease, taken by a conditional update, so that of two
 * nodes of a database cluster one is told that it lost. The token counts the changes of owner.
 */
final class JdbcLeaseStore implements LeaseStore {

  private static final String NOW_MS = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED)";

  private final Transactions transactions;

  JdbcLeaseStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public boolean acquire(String name, String owner, Duration length) {
    return transactions.single(
        session ->
            session.update(
                        "UPDATE hayloft_lease SET token = token + IF(owner = ?, 0, 1), owner = ?,"
                            + " expires_ms = "
                            + NOW_MS
                            + " + ? WHERE name = ? AND (owner = ? OR expires_ms <= "
                            + NOW_MS
                            + ")",
                        owner,
                        owner,
                        length.toMillis(),
                        name,
                        owner)
                    == 1
                || session.update(
                        "INSERT IGNORE INTO hayloft_lease (name, owner, token, expires_ms)"
                            + " VALUES (?, ?, 1, "
                            + NOW_MS
                            + " + ?)",
                        name,
                        owner,
                        length.toMillis())
                    == 1);
  }

  @Override
  public void discard(String name, String owner) {
    transactions.single(
        session ->
            session.update("DELETE FROM hayloft_lease WHERE name = ? AND owner = ?", name, owner));
  }

  @Override
  public void release(String name, String owner) {
    transactions.single(
        session ->
            session.update(
                "UPDATE hayloft_lease SET expires_ms = 0 WHERE name = ? AND owner = ?",
                name,
                owner));
  }
}
