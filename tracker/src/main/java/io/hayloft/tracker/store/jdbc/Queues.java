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

  private Queues() {}

  /** Queues bytes for deletion, due now. */
  static void delete(Session session, Collection<Fid> fids) throws SQLException {
    session.insertMany(
        "INSERT INTO file_to_delete2 (fid, nexttry, failcount) VALUES ??"
            + " ON DUPLICATE KEY UPDATE nexttry = LEAST(nexttry, UNIX_TIMESTAMP())",
        "(?, UNIX_TIMESTAMP(), 0)",
        fids.stream().map(fid -> List.<Object>of(fid)).toList());
  }

  /** Queues a file for replication before all that are not new. */
  static void replicateNow(Session session, Fid fid) throws SQLException {
    session.update(
        "INSERT INTO file_to_replicate (fid, nexttry) VALUES (?, 0)"
            + " ON DUPLICATE KEY UPDATE nexttry = 0",
        fid);
  }

  static void locate(Session session, Fid fid, Collection<DeviceId> devices) throws SQLException {
    session.insertMany(
        "INSERT INTO file_on (fid, devid) VALUES ?? ON DUPLICATE KEY UPDATE devid = devid",
        "(?, ?)",
        devices.stream().map(device -> List.<Object>of(fid, device)).toList());
  }

  /** Keeps a digest where none is kept. */
  static void keep(Session session, Fid fid, Checksum checksum) throws SQLException {
    session.update(
        "INSERT INTO checksum (fid, hashtype, checksum) VALUES (?, ?, ?)"
            + " ON DUPLICATE KEY UPDATE fid = fid",
        fid,
        checksum.algorithm().number(),
        checksum.digest());
  }

  /**
   * The fid's file row must be locked by this transaction. Operators who save themselves the write
   * ({@code skip_devcount}) are asked in the same statement, so that all trackers do as they say at
   * once.
   */
  static void recount(Session session, Fid fid) throws SQLException {
    session.update(
        "UPDATE file SET devcount ="
            + " (SELECT LEAST(255, COUNT(*)) FROM file_on WHERE file_on.fid = ?)"
            + " WHERE fid = ? AND NOT EXISTS (SELECT 1 FROM server_settings"
            + " WHERE field = 'skip_devcount' AND value NOT IN ('', '0'))",
        fid,
        fid);
  }

  /** Locks the fid's file row until the transaction ends; false when there is none. */
  static boolean lockFile(Session session, Fid fid) throws SQLException {
    return session.exists("SELECT 1 FROM file WHERE fid = ? FOR UPDATE", fid);
  }

  /** Whole seconds, not less than asked for. */
  static long seconds(Duration duration) {
    return Math.max(0, duration.plusNanos(999_999_999).toSeconds());
  }

  static int failures(int counted) {
    return Math.clamp(counted, 0, MOST_FAILURES);
  }
}
