package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * What several stores do to the queues and the locations. A row that is queued already becomes due,
 * because whoever has claimed it may have looked before the change that queues it again.
 */
final class Queues {

  /** The column's greatest value. */
  static final int MOST_FAILURES = 255;

  /** With a row for each file: {@code (fid, 0)}. */
  static final String REPLICATE_NOW =
      "INSERT INTO file_to_replicate (fid, nexttry) VALUES ?? ON DUPLICATE KEY UPDATE nexttry = 0";

  /** With a row for each copy: {@code (fid, devid)}. */
  static final String LOCATE =
      "INSERT INTO file_on (fid, devid) VALUES ?? ON DUPLICATE KEY UPDATE devid = devid";

  private Queues() {}

  /** Queues bytes for deletion, due now. */
  static void delete(Session session, Collection<Fid> fids) throws SQLException {
    session.insertMany(
        "INSERT INTO file_to_delete2 (fid, nexttry, failcount) VALUES ??"
            + " ON DUPLICATE KEY UPDATE nexttry = LEAST(nexttry, UNIX_TIMESTAMP())",
        "(?, UNIX_TIMESTAMP(), 0)",
        fids.stream().map(fid -> List.<Object>of(fid)).toList());
  }

  /** Queues files for replication before all that are not new. */
  static void replicateNow(Session session, Collection<Fid> fids) throws SQLException {
    session.insertMany(
        REPLICATE_NOW, "(?, 0)", fids.stream().map(fid -> List.<Object>of(fid)).toList());
  }

  static void replicateNow(Session session, Fid fid) throws SQLException {
    replicateNow(session, List.of(fid));
  }

  /** Queues files to be looked at now; those queued already become due. */
  static void replicateSoon(Session session, Collection<Fid> fids) throws SQLException {
    session.insertMany(
        "INSERT INTO file_to_replicate (fid, nexttry) VALUES ??"
            + " ON DUPLICATE KEY UPDATE nexttry = LEAST(nexttry, UNIX_TIMESTAMP())",
        "(?, UNIX_TIMESTAMP())",
        fids.stream().sorted().map(fid -> List.<Object>of(fid)).toList());
  }

  /** Where a fid's bytes are. */
  record Location(Fid fid, DeviceId device) {}

  static void locate(Session session, Fid fid, Collection<DeviceId> devices) throws SQLException {
    locate(session, devices.stream().map(device -> new Location(fid, device)).toList());
  }

  static void locate(Session session, Collection<Location> locations) throws SQLException {
    session.insertMany(
        LOCATE,
        "(?, ?)",
        locations.stream().map(each -> List.<Object>of(each.fid(), each.device())).toList());
  }

  /** A file's digest. */
  record Digest(Fid fid, Checksum checksum) {}

  static void keep(Session session, Fid fid, Checksum checksum) throws SQLException {
    keep(session, List.of(new Digest(fid, checksum)));
  }

  /** Keeps digests where none is kept. */
  static void keep(Session session, Collection<Digest> digests) throws SQLException {
    session.insertMany(
        "INSERT INTO checksum (fid, hashtype, checksum) VALUES ??"
            + " ON DUPLICATE KEY UPDATE hashtype = hashtype",
        "(?, ?, ?)",
        digests.stream()
            .map(
                each ->
                    List.<Object>of(
                        each.fid(), each.checksum().algorithm().number(), each.checksum().digest()))
            .toList());
  }

  /**
   * The fids' file rows must be locked by this transaction. Operators who save themselves the write
   * ({@code skip_devcount}) are asked in the same statement, so that all trackers do as they say at
   * once.
   */
  static void recount(Session session, Collection<Fid> fids) throws SQLException {
    session.updateMany(
        "UPDATE file SET devcount ="
            + " (SELECT LEAST(255, COUNT(*)) FROM file_on WHERE file_on.fid = file.fid)"
            + " WHERE fid IN (??) AND NOT EXISTS (SELECT 1 FROM server_settings"
            + " WHERE field = 'skip_devcount' AND value NOT IN ('', '0'))",
        fids);
  }

  static void recount(Session session, Fid fid) throws SQLException {
    recount(session, List.of(fid));
  }

  /** Locks the fid's file row until the transaction ends; false when there is none. */
  static boolean lockFile(Session session, Fid fid) throws SQLException {
    return !lockFiles(session, List.of(fid)).isEmpty();
  }

  /** Locks file rows until the transaction ends, and tells which there are. */
  static List<Fid> lockFiles(Session session, List<Fid> inOrder) throws SQLException {
    return session.listMany(
        row -> row.fid(1),
        "SELECT fid FROM file WHERE fid IN (??) ORDER BY fid FOR UPDATE",
        inOrder);
  }

  /** Whole seconds, not less than asked for. */
  static long seconds(Duration duration) {
    return Math.max(0, duration.plusNanos(999_999_999).toSeconds());
  }

  static int failures(int counted) {
    return Math.clamp(counted, 0, MOST_FAILURES);
  }
}
