package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.LocationStore;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table {@code file_on}, for many files at a time: in the order of their fids, as all do. */
final class JdbcLocationStore implements LocationStore {

  private final Transactions transactions;

  JdbcLocationStore(Transactions transactions) {
    this.transactions = transactions;
  }

  private static Set<Fid> lockFiles(Session session, Collection<Fid> fids) throws SQLException {
    return new HashSet<>(
        session.listMany(
            row -> row.fid(1),
            "SELECT fid FROM file WHERE fid IN (??) ORDER BY fid FOR UPDATE",
            fids));
  }

  /** As {@link Queues#recount}. */
  private static void recount(Session session, Set<Fid> files) throws SQLException {
    files.forEach(session::moved);
    session.updateMany(
        "UPDATE file SET devcount ="
            + " (SELECT LEAST(255, COUNT(*)) FROM file_on WHERE file_on.fid = file.fid)"
            + " WHERE NOT EXISTS (SELECT 1 FROM server_settings"
            + " WHERE field = 'skip_devcount' AND value NOT IN ('', '0')) AND fid IN (??)",
        new TreeSet<>(files));
  }

  @Override
  public void removed(Collection<Removed> copies) {
    if (copies.isEmpty()) {
      return;
    }
    var byDevice =
        copies.stream()
            .sorted((a, b) -> a.fid().compareTo(b.fid()))
            .collect(groupingBy(Removed::from, TreeMap::new, mapping(Removed::fid, toList())));
    var fids = new TreeSet<Fid>();
    copies.forEach(copy -> fids.add(copy.fid()));
    transactions.run(
        session -> {
          var files = lockFiles(session, fids);
          for (var each : byDevice.entrySet()) {
            session.updateMany(
                "DELETE FROM file_on WHERE devid = ? AND fid IN (??)",
                each.getValue(),
                each.getKey());
          }
          recount(session, files);
          return copies.size();
        });
  }

  @Override
  public Set<Fid> beingReplicated(Collection<Fid> fids) {
    return fids.isEmpty()
        ? Set.of()
        : transactions.single(
            session ->
                new HashSet<>(
                    session.listMany(
                        row -> row.fid(1),
                        "SELECT fid FROM file_to_replicate WHERE fid IN (??)",
                        fids)));
  }
}
