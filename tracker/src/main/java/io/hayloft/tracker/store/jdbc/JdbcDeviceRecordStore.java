package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.store.DeviceRecordStore;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;

/** The table {@code hayloft_device}. */
final class JdbcDeviceRecordStore implements DeviceRecordStore {

  private static final String NOW = "UNIX_TIMESTAMP()";

  private final Transactions transactions;

  JdbcDeviceRecordStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Records load() {
    return transactions.single(
        session -> {
          var records = new HashMap<DeviceId, DeviceRecord>();
          var now = session.one(row -> row.number(1), "SELECT " + NOW).orElseThrow();
          session
              .list(
                  JdbcDeviceRecordStore::record,
                  "SELECT devid, identity, unreachable_since, counted_from, reached_again"
                      + " FROM hayloft_device WHERE devid > 0")
              .forEach(record -> records.put(record.device(), record));
          return new Records(now, records);
        });
  }

  private static DeviceRecord record(Row row) throws SQLException {
    return new DeviceRecord(
        row.device(1), row.optionalText(2), number(row, 3), number(row, 4), number(row, 5));
  }

  private static OptionalLong number(Row row, int column) throws SQLException {
    return row.optionalText(column).isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(row.number(column));
  }

  @Override
  public boolean recordDisk(DeviceId device, String identity) {
    return transactions.run(
        session ->
            !belongsToAnother(session, device, identity)
                && ensure(session, List.of(device))
                && session.update(
                        "UPDATE IGNORE hayloft_device SET identity = ?, identity_seen = "
                            + NOW
                            + " WHERE devid = ? AND (identity IS NULL OR identity = ?)",
                        identity,
                        device,
                        identity)
                    == 1
                && isOf(session, device, identity));
  }

  @Override
  public boolean acceptDisk(DeviceId device, String identity) {
    return transactions.run(
        session -> {
          if (belongsToAnother(session, device, identity)) {
            return false;
          }
          ensure(session, List.of(device));
          session.update(
              "UPDATE IGNORE hayloft_device SET identity = ?, identity_seen = "
                  + NOW
                  + " WHERE devid = ?",
              identity,
              device);
          return isOf(session, device, identity);
        });
  }

  private static boolean belongsToAnother(Session session, DeviceId device, String identity)
      throws SQLException {
    return session.exists(
        "SELECT 1 FROM hayloft_device WHERE identity = ? AND devid <> ?", identity, device);
  }

  /** Two who record one disk for two devices: the key of the table lets one of them through. */
  private static boolean isOf(Session session, DeviceId device, String identity)
      throws SQLException {
    return session.exists(
        "SELECT 1 FROM hayloft_device WHERE devid = ? AND identity = ?", device, identity);
  }

  private static boolean ensure(Session session, Collection<DeviceId> devices) throws SQLException {
    session.insertMany(
        "INSERT INTO hayloft_device (devid) VALUES ?? ON DUPLICATE KEY UPDATE devid = devid",
        "(?)",
        devices.stream().sorted().map(device -> List.<Object>of(device)).toList());
    return true;
  }

  @Override
  public void unreachable(Collection<DeviceId> devices, boolean counted) {
    if (devices.isEmpty()) {
      return;
    }
    transactions.run(
        session -> {
          ensure(session, devices);
          return session.updateMany(
              "UPDATE hayloft_device SET unreachable_since = %s, counted_from = %s"
                      .formatted(NOW, counted ? NOW : "NULL")
                  + " WHERE unreachable_since IS NULL AND devid IN (??)",
              devices);
        });
  }

  @Override
  public void reached(Collection<DeviceId> devices) {
    change(
        "unreachable_since = NULL, counted_from = NULL, reached_again = " + NOW,
        "unreachable_since IS NOT NULL",
        devices);
  }

  @Override
  public void count(Collection<DeviceId> devices) {
    change(
        "counted_from = " + NOW, "unreachable_since IS NOT NULL AND counted_from IS NULL", devices);
  }

  @Override
  public void stopCounting(Collection<DeviceId> devices) {
    change("counted_from = NULL", "counted_from IS NOT NULL", devices);
  }

  private void change(String what, String where, Collection<DeviceId> devices) {
    if (!devices.isEmpty()) {
      transactions.run(
          session ->
              session.updateMany(
                  "UPDATE hayloft_device SET %s WHERE %s AND devid IN (??)".formatted(what, where),
                  devices));
    }
  }

  @Override
  public boolean markDead(DeviceId device, long countedFrom) {
    return transactions.run(
        session ->
            session.exists(
                    "SELECT 1 FROM hayloft_device WHERE devid = ? AND counted_from = ? FOR UPDATE",
                    device,
                    countedFrom)
                && session.update(
                        "UPDATE device SET status = 'dead' WHERE devid = ?"
                            + " AND status IN ('alive', 'readonly', 'drain')",
                        device)
                    == 1
                && session.update(
                        "UPDATE hayloft_device SET unreachable_since = NULL, counted_from = NULL"
                            + " WHERE devid = ?",
                        device)
                    == 1);
  }
}
