package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.ReplicationStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The table {@code file_to_replicate}, and the locations that copying changes. */
final class JdbcReplicationStore implements ReplicationStore {

  private static final int WAKE_AT_ONCE = 10_000;

  private final Transactions transactions;
  private final DatabaseFacts.Lazy facts;

  JdbcReplicationStore(Transactions transactions, DatabaseFacts.Lazy facts) {
    this.transactions = transactions;
    this.facts = facts;
  }

  @Override
  public List<Queued> claim(int limit, Duration lease) {
    return transactions.run(
        session -> ReplicationClaims.take(session, facts.of(session), limit, lease));
  }

  @Override
  public void settle(Collection<? extends Settlement> settlements) {
    if (settlements.isEmpty()) {
      return;
    }
    var done = new TreeMap<Long, List<Fid>>();
    var later = new ArrayList<List<Object>>();
    var stuck = new ArrayList<List<Object>>();
    settlements.stream()
        .sorted(Comparator.comparing(Settlement::fid))
        .forEach(
            settlement -> {
              switch (settlement) {
                case Settlement.Done(var claimed) ->
                    done.computeIfAbsent(claimed.until(), until -> new ArrayList<>())
                        .add(claimed.fid());
                case Settlement.Later(var claimed, var delay, var failures) ->
                    later.add(
                        List.of(
                            Queues.seconds(delay),
                            Queues.failures(failures),
                            claimed.fid(),
                            claimed.until(),
                            JdbcClaimStore.prolonged(claimed.until())));
                case Settlement.Stuck(var claimed, var failures) ->
                    stuck.add(
                        List.of(
                            Queues.failures(failures),
                            claimed.fid(),
                            claimed.until(),
                            JdbcClaimStore.prolonged(claimed.until())));
              }
            });
    transactions.run(
        session -> {
          for (var claim : done.entrySet()) {
            session.updateMany(
                ReplicationClaims.END,
                claim.getValue(),
                claim.getKey(),
                JdbcClaimStore.prolonged(claim.getKey()));
          }
          session.batch(
              "UPDATE file_to_replicate SET nexttry = UNIX_TIMESTAMP() + ?, failcount = ?"
                  + " WHERE fid = ? AND nexttry IN (?, ?)",
              later);
          session.batch(
              "UPDATE file_to_replicate SET nexttry = "
                  + NEVER
                  + ", failcount = ? WHERE fid = ? AND nexttry IN (?, ?)",
              stuck);
          return settlements.size();
        });
  }

  /** In portions, each a transaction: the queue may be as long as there are files. */
  @Override
  public int wakeAll() {
    int woken = 0;
    int portion;
    do {
      portion =
          transactions.longSingle(
              session ->
                  session.update(
                      "UPDATE file_to_replicate SET nexttry = UNIX_TIMESTAMP()"
                          + " WHERE nexttry > UNIX_TIMESTAMP() ORDER BY nexttry LIMIT ?",
                      WAKE_AT_ONCE));
      woken += portion;
    } while (portion == WAKE_AT_ONCE);
    return woken;
  }

  @Override
  public void enqueue(Collection<Fid> fids, Duration delay) {
    if (fids.isEmpty()) {
      return;
    }
    long seconds = Queues.seconds(delay);
    transactions.run(
        session -> {
          session.insertMany(
              "INSERT INTO file_to_replicate (fid, nexttry) VALUES ??"
                  + " ON DUPLICATE KEY UPDATE nexttry = LEAST(nexttry, UNIX_TIMESTAMP() + "
                  + seconds
                  + ")",
              "(?, UNIX_TIMESTAMP() + " + seconds + ")",
              fids.stream().sorted().map(fid -> List.<Object>of(fid)).toList());
          return fids.size();
        });
  }

  @Override
  public Set<Fid> record(Collection<NewCopy> copies) {
    return copies.isEmpty()
        ? Set.of()
        : transactions.run(session -> CopyRecords.write(session, copies));
  }

  @Override
  public void removed(Collection<Removed> copies) {
    if (copies.isEmpty()) {
      return;
    }
    var byDevice =
        copies.stream()
            .sorted(Comparator.comparing(Removed::fid))
            .collect(groupingBy(Removed::from, TreeMap::new, mapping(Removed::fid, toList())));
    transactions.run(
        session -> {
          var fids = copies.stream().map(Removed::fid).distinct().sorted().toList();
          var files = Queues.lockFiles(session, fids);
          for (var each : byDevice.entrySet()) {
            session.updateMany(
                "DELETE FROM file_on WHERE devid = ? AND fid IN (??)",
                each.getValue(),
                each.getKey());
          }
          files.forEach(session::moved);
          Queues.recount(session, files);
          return copies.size();
        });
  }

  @Override
  public Set<Fid> queued(Collection<Fid> fids) {
    return transactions.single(
        session ->
            Set.copyOf(
                session.listMany(
                    row -> row.fid(1),
                    "SELECT fid FROM file_to_replicate WHERE fid IN (??)",
                    fids)));
  }

  @Override
  public Set<DeviceId> markedDead() {
    return transactions.single(
        session ->
            Set.copyOf(
                session.list(
                    row -> row.device(1), "SELECT devid FROM device WHERE status = 'dead'")));
  }

  @Override
  public List<Fid> filesOn(DeviceId device, int limit) {
    return transactions.single(
        session ->
            session.list(
                row -> row.fid(1),
                "SELECT fid FROM file_on WHERE devid = ? ORDER BY fid LIMIT ?",
                device,
                limit));
  }

  /** Fids that are no files any more need no replication; the deletion queue has them. */
  @Override
  public void forget(DeviceId device, Collection<Fid> fids) {
    if (fids.isEmpty()) {
      return;
    }
    var inOrder = fids.stream().sorted().toList();
    transactions.run(
        session -> {
          for (var copies : liveCopiesBeside(session, device, inOrder).entrySet()) {
            queueEndangered(session, copies.getKey(), copies.getValue());
            copies.getValue().forEach(session::moved);
          }
          return session.updateMany(
              "DELETE FROM file_on WHERE devid = ? AND fid IN (??)", inOrder, device);
        });
  }

  private record Left(Fid fid, int copies) {}

  /** The files among the fids, by how many copies they have on devices that are not dead. */
  private static SortedMap<Integer, List<Fid>> liveCopiesBeside(
      Session session, DeviceId device, List<Fid> fids) throws SQLException {
    return session
        .listMany(
            row -> new Left(row.fid(1), row.small(2)),
            "SELECT f.fid, COUNT(d.devid) FROM file f"
                + " LEFT JOIN file_on o ON o.fid = f.fid AND o.devid <> ?"
                + " LEFT JOIN device d ON d.devid = o.devid AND d.status <> 'dead'"
                + " WHERE f.fid IN (??) GROUP BY f.fid ORDER BY f.fid",
            fids,
            device)
        .stream()
        .collect(groupingBy(Left::copies, TreeMap::new, mapping(Left::fid, toList())));
  }

  /**
   * The queue is served in the order of its times, so a small number is a place before all that
   * wait for their time: the number of copies left. What has none is last, nothing can be done for
   * it.
   */
  private static void queueEndangered(Session session, int copies, List<Fid> fids)
      throws SQLException {
    var due = copies == 0 ? "UNIX_TIMESTAMP()" : String.valueOf(copies);
    session.insertMany(
        "INSERT INTO file_to_replicate (fid, nexttry) VALUES ??"
            + " ON DUPLICATE KEY UPDATE nexttry = LEAST(nexttry, "
            + due
            + ")",
        "(?, " + due + ")",
        fids.stream().map(fid -> List.<Object>of(fid)).toList());
  }

  @Override
  public long deferred() {
    return transactions.longSingle(
        session ->
            session
                .one(
                    row -> row.number(1),
                    "SELECT COUNT(*) FROM file_to_replicate WHERE nexttry > 0 AND nexttry < "
                        + NEVER)
                .orElse(0L));
  }

  @Override
  public Depth depth() {
    return transactions.longSingle(
        session ->
            session
                .one(
                    row ->
                        new Depth(
                            row.number(1),
                            row.number(2),
                            row.number(3),
                            row.number(4),
                            row.number(5),
                            row.number(6)),
                    "SELECT COALESCE(SUM(nexttry = 0), 0), COALESCE(SUM(nexttry = 1), 0),"
                        + " COALESCE(SUM(nexttry > 1 AND nexttry <= UNIX_TIMESTAMP()), 0),"
                        + " COALESCE(SUM(nexttry > UNIX_TIMESTAMP() AND nexttry < "
                        + NEVER
                        + "), 0), COALESCE(SUM(nexttry = "
                        + NEVER
                        + "), 0), COALESCE(UNIX_TIMESTAMP() - MIN(IF(nexttry > 255"
                        + " AND nexttry <= UNIX_TIMESTAMP(), nexttry, NULL)), 0)"
                        + " FROM file_to_replicate")
                .orElseThrow());
  }
}
