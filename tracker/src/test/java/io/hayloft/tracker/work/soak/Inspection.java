package io.hayloft.tracker.work.soak;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares tables and disks with what they should be. */
final class Inspection {

  static final List<String> QUEUES =
      List.of("file_to_replicate", "file_to_delete2", "file_to_queue");

  private final WorkFixture fixture;
  private final MemoryNodes disks;
  private final Ledger ledger;

  Inspection(WorkFixture fixture, MemoryNodes disks, Ledger ledger) {
    this.fixture = fixture;
    this.disks = disks;
    this.ledger = ledger;
  }

  /** The copies of a file that the tables know. */
  List<ReplicaPath> known(Fid fid) {
    return fixture.stores().files().devices(fid).stream()
        .map(device -> new ReplicaPath(device, fid))
        .toList();
  }

  boolean hasDigest(Fid fid) {
    return fixture.stores().files().checksums(List.of(fid)).containsKey(fid);
  }

  /** Whatever goes on, a file can be read. */
  void everyFileHasAGoodCopyThatTheTablesKnow(Map<String, Fid> files) {
    files.forEach(
        (key, fid) -> {
          if (known(fid).stream().noneMatch(ledger::isGood)) {
            ledger.violation(
                "no good copy of %s, fid %s, in the tables: they have %s, good are %s"
                    .formatted(key, fid, known(fid), ledger.good(fid)));
          }
        });
  }

  /** What is still to be done. */
  List<String> unrest() throws SQLException {
    var unrest = new ArrayList<String>();
    for (var queue : QUEUES) {
      fixture
          .query("SELECT fid, nexttry, failcount FROM " + queue)
          .forEach(row -> unrest.add(queue + " " + row));
    }
    fixture
        .query("SELECT fid, devid FROM file_on JOIN device USING (devid) WHERE status = 'dead'")
        .forEach(row -> unrest.add("on a dead device " + row));
    fixture.query("SELECT fid FROM tempfile").forEach(row -> unrest.add("upload " + row));
    fixture.upkeep().rebalance().status().host().ifPresent(host -> unrest.add("rebalance"));
    fixture.upkeep().moves().running().forEach(job -> unrest.add("move job " + job.id()));
    fixture.upkeep().fsck().host().ifPresent(host -> unrest.add("fsck"));
    return unrest;
  }

  /** For the message of a failure. */
  List<String> places() throws SQLException {
    return fixture.query(
        "SELECT CONCAT('dev', devid), status, GROUP_CONCAT(fid) FROM device"
            + " LEFT JOIN file_on USING (devid) GROUP BY devid, status");
  }

  /** To be called at rest. */
  void allIsAsItShouldBe(Map<String, Fid> files, Collection<Device> devices) throws SQLException {
    var hosts =
        devices.stream().collect(Collectors.toMap(Device::id, Function.identity(), (a, b) -> a));
    for (var file : files.entrySet()) {
      look(file.getKey(), file.getValue(), hosts);
    }
    deletedFilesLeaveNothing(files.values());
    everyRowIsOfAFile(files);
  }

  private void look(String key, Fid fid, Map<DeviceId, Device> devices) throws SQLException {
    var on = known(fid);
    var name = key + ", fid " + fid;
    on.stream()
        .filter(path -> !ledger.isGood(path))
        .forEach(path -> ledger.violation(name + " is not good where the tables have it: " + path));
    ledger.good(fid).stream()
        .filter(path -> !on.contains(path) && !ledger.isLeftover(path))
        .forEach(path -> ledger.violation(name + " has a copy that no row names: " + path));
    var terms =
        fixture.query(
            "SELECT COALESCE(c.mindevcount, 2), f.devcount FROM file f"
                + " LEFT JOIN class c USING (dmid, classid) WHERE fid = "
                + fid);
    if (terms.size() != 1) {
      ledger.violation(name + " has no row");
      return;
    }
    int wanted = Integer.parseInt(terms.getFirst().split(" ")[0]);
    int counted = Integer.parseInt(terms.getFirst().split(" ")[1]);
    var hosts =
        on.stream()
            .map(path -> devices.get(path.device()))
            .map(device -> device == null ? "none" : device.host().toString())
            .collect(Collectors.toCollection(TreeSet::new));
    if (on.size() != wanted || hosts.size() != wanted || counted != wanted) {
      ledger.violation(
          "%s has copies on %s, counted as %d, on hosts %s; it should have %d"
              .formatted(name, on, counted, hosts, wanted));
    }
  }

  private void deletedFilesLeaveNothing(Collection<Fid> files) throws SQLException {
    Set<Fid> living = new HashSet<>(files);
    disks.replicas().stream()
        .filter(path -> !living.contains(path.fid()) && !ledger.isLeftover(path))
        .forEach(path -> ledger.violation("bytes of a deleted file: " + path));
    for (var table : List.of("file_on", "checksum", "tempfile")) {
      fixture.query("SELECT fid FROM " + table).stream()
          .filter(fid -> !living.contains(new Fid(Long.parseLong(fid))))
          .forEach(fid -> ledger.violation("a row of a deleted file in " + table + ": " + fid));
    }
  }

  private void everyRowIsOfAFile(Map<String, Fid> files) throws SQLException {
    var rows = new TreeSet<>(fixture.query("SELECT dkey, fid FROM file"));
    var expected =
        files.entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!rows.equals(expected)) {
      ledger.violation("files are " + rows + ", clients were told of " + expected);
    }
  }

  /** Whoever is not killed gives back what it took. */
  void noLeaseOfAFileIsLeft() throws SQLException {
    fixture
        .query("SELECT name FROM hayloft_lease WHERE name LIKE 'fid:%'")
        .forEach(lease -> ledger.violation("a lease that nobody gave back: " + lease));
  }
}
