package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.ReplicationStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
        session -> {
          var claimed =
              session.list(
                  row -> new Queued(row.fid(1), row.optionalDevice(2), row.small(3), row.number(4)),
                  "SELECT fid, fromdevid, failcount, UNIX_TIMESTAMP() + ? FROM file_to_replicate"
                      + facts.of(session).indexes().replicate()
                      + " WHERE nexttry <= UNIX_TIMESTAMP() ORDER BY nexttry LIMIT ?"
                      + facts.of(session).forUpdate(),
                  Math.max(1, Queues.seconds(lease)),
                  limit);
          if (!claimed.isEmpty()) {
            session.updateMany(
                "UPDATE file_to_replicate SET nexttry = ? WHERE fid IN (??)",
                claimed.stream().map(Queued::fid).toList(),
                claimed.getFirst().until());
          }
          return claimed;
        });
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
                            claimed.until()));
                case Settlement.Stuck(var claimed, var failures) ->
                    stuck.add(List.of(Queues.failures(failures), claimed.fid(), claimed.until()));
              }
            });
    transactions.run(
        session -> {
          for (var claim : done.entrySet()) {
            session.updateMany(
                "DELETE FROM file_to_replicate WHERE nexttry = ? AND fid IN (??)",
                claim.getValue(),
                claim.getKey());
          }
          session.batch(
              "UPDATE file_to_replicate SET nexttry = UNIX_TIMESTAMP() + ?, failcount = ?"
                  + " WHERE fid = ? AND nexttry = ?",
              later);
          session.batch(
              "UPDATE file_to_replicate SET nexttry = "
                  + NEVER
                  + ", failcount = ? WHERE fid = ? AND nexttry = ?",
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
  public boolean copied(Fid fid, DeviceId to, Optional<Checksum> checksum) {
    return transactions.run(
        session -> {
          boolean isFile = Queues.lockFile(session, fid);
          if (!isFile) {
            Queues.delete(session, List.of(fid));
          }
          Queues.locate(session, fid, List.of(to));
          if (isFile) {
            session.moved(fid);
            Queues.recount(session, fid);
            if (checksum.isPresent()) {
              Queues.keep(session, fid, checksum.get());
            }
          }
          return isFile;
        });
  }

  @Override
  public void removed(Fid fid, DeviceId from) {
    transactions.run(
        session -> {
          boolean isFile = Queues.lockFile(session, fid);
          session.update("DELETE FROM file_on WHERE fid = ? AND devid = ?", fid, from);
          if (isFile) {
            session.moved(fid);
            Queues.recount(session, fid);
          }
          return isFile;
        });
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
          var files =
              session.listMany(
                  row -> row.fid(1), "SELECT fid FROM file WHERE fid IN (??)", inOrder);
          session.insertMany(
              "INSERT INTO file_to_replicate (fid, nexttry) VALUES ??"
                  + " ON DUPLICATE KEY UPDATE nexttry = LEAST(nexttry, UNIX_TIMESTAMP() + 1)",
              "(?, UNIX_TIMESTAMP() + 1)",
              files.stream().sorted().map(fid -> List.<Object>of(fid)).toList());
          files.forEach(session::moved);
          return session.updateMany(
              "DELETE FROM file_on WHERE devid = ? AND fid IN (??)", inOrder, device);
        });
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
}
