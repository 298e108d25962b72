package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.DeletionStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table {@code file_to_delete2}, and the older queues that flow into it. */
final class JdbcDeletionStore implements DeletionStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcDeletionStore.class);

  private static final int FEW = 5;

  private final Transactions transactions;
  private final DatabaseFacts.Lazy facts;

  JdbcDeletionStore(Transactions transactions, DatabaseFacts.Lazy facts) {
    this.transactions = transactions;
    this.facts = facts;
  }

  private record Due(Fid fid, int failures, long until) {}

  @Override
  public List<Queued> claim(int limit, Duration lease) {
    return transactions.run(
        session -> {
          var due =
              session.list(
                  row -> new Due(row.fid(1), row.small(2), row.number(3)),
                  "SELECT fid, failcount, UNIX_TIMESTAMP() + ? FROM file_to_delete2"
                      + facts.of(session).indexes().delete()
                      + " WHERE nexttry <= UNIX_TIMESTAMP() ORDER BY nexttry LIMIT ?"
                      + facts.of(session).forUpdate(),
                  Math.max(1, Queues.seconds(lease)),
                  limit);
          if (due.size() < limit) {
            LegacyDeletions.drain(session, facts.of(session));
          }
          if (due.isEmpty()) {
            return List.of();
          }
          var fids = due.stream().map(Due::fid).toList();
          session.updateMany(
              "UPDATE file_to_delete2 SET nexttry = ? WHERE fid IN (??)",
              fids,
              due.getFirst().until());
          var files = spareFiles(session, fids);
          var devices = devices(session, fids);
          return due.stream()
              .filter(row -> !files.contains(row.fid()))
              .map(
                  row ->
                      new Queued(
                          row.fid(),
                          row.failures(),
                          List.copyOf(devices.getOrDefault(row.fid(), List.of())),
                          row.until()))
              .toList();
        });
  }

  /** Takes what is still a file out of the queue. */
  private static Collection<Fid> spareFiles(Session session, List<Fid> fids) throws SQLException {
    var files =
        new HashSet<>(
            session.listMany(row -> row.fid(1), "SELECT fid FROM file WHERE fid IN (??)", fids));
    if (!files.isEmpty()) {
      log.error(
          "queued for deletion although they are files, and spared: {} fids, as {}",
          files.size(),
          files.stream().sorted().limit(FEW).toList());
      session.updateMany("DELETE FROM file_to_delete2 WHERE fid IN (??)", files);
    }
    return files;
  }

  private static Map<Fid, List<DeviceId>> devices(Session session, Collection<Fid> fids)
      throws SQLException {
    var devices = new HashMap<Fid, List<DeviceId>>();
    session
        .listMany(
            row -> Map.entry(row.fid(1), row.device(2)),
            "SELECT fid, devid FROM file_on WHERE fid IN (??)",
            fids)
        .forEach(
            location ->
                devices
                    .computeIfAbsent(location.getKey(), fid -> new ArrayList<>())
                    .add(location.getValue()));
    return devices;
  }

  /**
   * The queue's rows are locked before the locations are read: whoever adds a location to a fid
   * that is no file queues it in the same transaction, before or after.
   */
  @Override
  public void settle(Collection<Progress> progress) {
    if (progress.isEmpty()) {
      return;
    }
    var inOrder = progress.stream().sorted(Comparator.comparing(Progress::fid)).toList();
    var fids = inOrder.stream().map(Progress::fid).toList();
    transactions.run(
        session -> {
          session.listMany(
              row -> row.fid(1),
              "SELECT fid FROM file_to_delete2 WHERE fid IN (??) ORDER BY fid FOR UPDATE",
              fids);
          for (var gone : byDevice(inOrder).entrySet()) {
            session.updateMany(
                "DELETE FROM file_on WHERE devid = ? AND fid IN (??)",
                gone.getValue(),
                gone.getKey());
          }
          var left = devices(session, fids);
          finish(session, fids.stream().filter(fid -> !left.containsKey(fid)).toList());
          session.batch(
              "UPDATE file_to_delete2 SET nexttry = UNIX_TIMESTAMP() + ?, failcount = ?"
                  + " WHERE fid = ? AND nexttry IN (?, ?)",
              inOrder.stream()
                  .filter(each -> left.containsKey(each.fid()))
                  .map(each -> again(each, left.getOrDefault(each.fid(), List.of())))
                  .toList());
          return fids.size();
        });
  }

  /** A statement for each device instead of one for each location. */
  private static SortedMap<DeviceId, List<Fid>> byDevice(List<Progress> inOrder) {
    var byDevice = new TreeMap<DeviceId, List<Fid>>();
    for (var each : inOrder) {
      for (var device : each.gone()) {
        byDevice.computeIfAbsent(device, _ -> new ArrayList<>()).add(each.fid());
      }
    }
    return byDevice;
  }

  private static void finish(Session session, List<Fid> fids) throws SQLException {
    session.updateMany("DELETE FROM file_to_delete2 WHERE fid IN (??)", fids);
    session.updateMany("DELETE FROM checksum WHERE fid IN (??)", fids);
    session.updateMany("DELETE FROM tempfile WHERE fid IN (??)", fids);
  }

  private static List<Object> again(Progress progress, List<DeviceId> left) {
    var claimed = progress.claimed();
    boolean known = new HashSet<>(claimed.devices()).containsAll(left);
    return List.of(
        known ? Queues.seconds(progress.retry()) : 0L,
        Queues.failures(progress.failures()),
        claimed.fid(),
        claimed.until(),
        JdbcClaimStore.prolonged(claimed.until()));
  }
}
