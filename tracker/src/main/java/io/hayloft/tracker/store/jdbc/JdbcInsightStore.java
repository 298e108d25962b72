package io.hayloft.tracker.store.jdbc;

import static java.util.stream.Collectors.joining;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.InsightStore;
import io.hayloft.tracker.store.ReplicationStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads over all tables, each bounded by a range of a key or by a limit. */
final class JdbcInsightStore implements InsightStore {

  private final Transactions transactions;

  JdbcInsightStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Span> files() {
    return transactions
        .single(
            session ->
                session.one(
                    row ->
                        row.optionalText(1).isEmpty()
                            ? Optional.<Span>empty()
                            : Optional.of(new Span(row.number(1), row.number(2))),
                    "SELECT MIN(fid), MAX(fid) FROM file"))
        .flatMap(span -> span);
  }

  /** The devices stand in the text: they are numbers, and the same for all spans of a count. */
  @Override
  public List<Tally> tally(Span span, Collection<DeviceId> live) {
    var devices =
        live.isEmpty() ? "0" : live.stream().sorted().map(DeviceId::toString).collect(joining(","));
    return transactions.single(
        session ->
            session.list(
                row ->
                    new Tally(
                        new DomainId(row.small(1)),
                        new ClassId(row.small(2)),
                        row.small(3),
                        row.number(4)),
                "SELECT dmid, classid, copies, COUNT(*) FROM (SELECT f.dmid, f.classid,"
                    + " (SELECT COUNT(*) FROM file_on o WHERE o.fid = f.fid AND o.devid IN ("
                    + devices
                    + ")) AS copies FROM file f WHERE f.fid BETWEEN ? AND ?) counted"
                    + " GROUP BY dmid, classid, copies",
                span.first(),
                span.last()));
  }

  @Override
  public List<Depth> queues() {
    return List.of(
        depth("replicate", "file_to_replicate", "1 = 1"),
        depth("delete", "file_to_delete2", "1 = 1"),
        depth("fsck", "file_to_queue", "type = 1"),
        depth("rebalance", "file_to_queue", "type = 2"));
  }

  private Depth depth(String queue, String table, String which) {
    return transactions.single(
        session -> {
          var from = " FROM " + table + " WHERE " + which;
          var oldest =
              session.one(
                  row -> row.number(1),
                  "SELECT CAST(UNIX_TIMESTAMP() AS SIGNED) - nexttry"
                      + from
                      + " AND nexttry > 1 AND nexttry <= UNIX_TIMESTAMP()"
                      + " ORDER BY nexttry LIMIT 1");
          return new Depth(
              queue,
              count(session, from),
              count(session, from + " AND nexttry <= UNIX_TIMESTAMP()"),
              count(session, from + " AND nexttry = " + ReplicationStore.NEVER),
              oldest.isEmpty() ? OptionalLong.empty() : OptionalLong.of(oldest.get()));
        });
  }

  private static long count(Session session, String from) throws SQLException {
    return session
        .one(
            row -> row.number(1),
            "SELECT COUNT(*) FROM (SELECT 1" + from + " LIMIT " + MOST_COUNTED + ") counted")
        .orElse(0L);
  }

  @Override
  public List<Held> filesOn(DeviceId device, long after, int limit) {
    return transactions.snapshot(
        session -> {
          var files =
              session.list(
                  Row::file,
                  "SELECT "
                      + Row.FILE
                      + " FROM file_on o JOIN file f ON f.fid = o.fid"
                      + " WHERE o.devid = ? AND o.fid > ? ORDER BY o.fid LIMIT ?",
                  device,
                  after,
                  limit);
          var others = others(session, files, device);
          var held = new ArrayList<Held>();
          for (var file : files) {
            held.add(new Held(file, others.getOrDefault(file.fid(), Set.of())));
          }
          return held;
        });
  }

  private record Location(Fid fid, DeviceId device) {}

  private static Map<Fid, Set<DeviceId>> others(
      Session session, List<StoredFile> files, DeviceId device) throws SQLException {
    var others = new HashMap<Fid, Set<DeviceId>>();
    if (!files.isEmpty()) {
      session
          .listMany(
              row -> new Location(row.fid(1), row.device(2)),
              "SELECT fid, devid FROM file_on WHERE devid <> ? AND fid IN (??)",
              files.stream().map(StoredFile::fid).toList(),
              device)
          .forEach(at -> others.computeIfAbsent(at.fid(), _ -> new HashSet<>()).add(at.device()));
    }
    return others;
  }
}
