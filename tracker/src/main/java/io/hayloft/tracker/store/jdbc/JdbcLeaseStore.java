package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.store.LeaseStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

  /**
   * One statement for as many rows as fit. An assignment sees what the ones before it in the same
   * statement made of the row: so the owner changes last but one, where the row was free, and the
   * end is put off only where the row is then this owner's. What came of it is read within the same
   * transaction, which is lost as a whole when a member of a cluster was faster.
   */
  @Override
  public Set<String> acquireAll(Collection<String> names, String owner, Duration length) {
    if (names.isEmpty()) {
      return Set.of();
    }
    var inOrder = new TreeSet<>(names);
    var free = "(expires_ms <= " + NOW_MS + " OR owner = VALUES(owner))";
    return transactions.run(
        session -> {
          session.insertMany(
              "INSERT INTO hayloft_lease (name, owner, token, expires_ms) VALUES ??"
                  + " ON DUPLICATE KEY UPDATE"
                  + " token = token + IF(owner <> VALUES(owner) AND "
                  + free
                  + ", 1, 0), owner = IF("
                  + free
                  + ", VALUES(owner), owner),"
                  + " expires_ms = IF(owner = VALUES(owner), VALUES(expires_ms), expires_ms)",
              "(?, ?, 1, " + NOW_MS + " + ?)",
              inOrder.stream()
                  .map(name -> List.<Object>of(name, owner, length.toMillis()))
                  .toList());
          return new HashSet<>(
              session.listMany(
                  row -> row.text(1),
                  "SELECT name FROM hayloft_lease WHERE owner = ? AND name IN (??)",
                  inOrder,
                  owner));
        });
  }

  @Override
  public void discardAll(Collection<String> names, String owner) {
    if (!names.isEmpty()) {
      transactions.single(
          session ->
              session.updateMany(
                  "DELETE FROM hayloft_lease WHERE owner = ? AND name IN (??)",
                  new TreeSet<>(names),
                  owner));
    }
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
