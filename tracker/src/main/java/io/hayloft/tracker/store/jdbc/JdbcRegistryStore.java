package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.store.RegistryStore;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables {@code domain}, {@code class}, {@code host}, {@code device}, {@code server_settings}.
 */
final class JdbcRegistryStore implements RegistryStore {

  /** The columns of a quantity of MiB. */
  private static final long MOST_MB = 4_294_967_295L;

  private final Transactions transactions;

  JdbcRegistryStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Registry load() {
    return transactions.snapshot(RegistryQuery::load);
  }

  @Override
  public Domain createDomain(String name) {
    return transactions.run(
        session -> {
          var id = new DomainId(next(session, "SELECT COALESCE(MAX(dmid), 0) + 1 FROM domain"));
          try {
            session.update("INSERT INTO domain (dmid, namespace) VALUES (?, ?)", id, name);
          } catch (SQLException e) {
            throw numberOrName(e, session.exists("SELECT 1 FROM domain WHERE namespace = ?", name));
          }
          return new Domain(id, name);
        });
  }

  private static int next(Session session, String sql, Object... values) throws SQLException {
    return session.one(row -> row.small(1), sql, values).orElseThrow();
  }

  /**
   * What to make of a refused insert: when it was not the name that is taken, another took the
   * number, and the next attempt will get another.
   */
  private static SQLException numberOrName(SQLException refused, boolean nameTaken) {
    return SqlFailure.isDuplicate(refused) && !nameTaken
        ? new LostRaceException("the number was taken meanwhile", refused)
        : refused;
  }

  /** Looks for files after the row is gone, as late as possible: closing takes no lock on it. */
  @Override
  public Removal deleteDomain(DomainId domain) {
    return transactions.run(
        session -> {
          session.update("DELETE FROM class WHERE dmid = ? AND classid = 0", domain);
          session.update("DELETE FROM domain WHERE dmid = ?", domain);
          // The number may be used again.
          session.update("DELETE FROM hayloft_path_domain WHERE dmid = ?", domain);
          session.update("DELETE FROM hayloft_path WHERE dmid = ?", domain);
          var removal = Removal.REMOVED;
          if (session.exists("SELECT 1 FROM file WHERE dmid = ? LIMIT 1", domain)) {
            removal = Removal.HAS_FILES;
          } else if (session.exists(
              "SELECT 1 FROM class WHERE dmid = ? LIMIT 1 FOR UPDATE", domain)) {
            removal = Removal.HAS_CLASSES;
          }
          if (removal != Removal.REMOVED) {
            session.rollbackOnly();
          }
          return removal;
        });
  }

  @Override
  public FileClass createClass(DomainId domain, ClassTerms terms) {
    return transactions.run(
        session -> {
          boolean isDefault = terms.name().equals(FileClass.DEFAULT_NAME);
          var id =
              isDefault
                  ? ClassId.DEFAULT
                  : new ClassId(
                      next(
                          session,
                          "SELECT COALESCE(MAX(classid), 0) + 1 FROM class WHERE dmid = ?",
                          domain));
          try {
            session.update(
                "INSERT INTO class (dmid, classid, classname, mindevcount, replpolicy, hashtype)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                domain,
                id,
                terms.name(),
                terms.mindevcount(),
                terms.policy(),
                terms.hash().map(HashAlgorithm::number));
          } catch (SQLException e) {
            throw numberOrName(
                e,
                isDefault
                    || session.exists(
                        "SELECT 1 FROM class WHERE dmid = ? AND classname = ?",
                        domain,
                        terms.name()));
          }
          return new FileClass(id, terms.name(), terms.mindevcount(), terms.policy(), terms.hash());
        });
  }

  @Override
  public void updateClass(DomainId domain, FileClass newer) {
    transactions.single(
        session ->
            session.update(
                "UPDATE class SET classname = ?, mindevcount = ?, replpolicy = ?, hashtype = ?"
                    + " WHERE dmid = ? AND classid = ?",
                newer.name(),
                newer.mindevcount(),
                newer.policy(),
                newer.hash().map(HashAlgorithm::number),
                domain,
                newer.id()));
  }

  @Override
  public Removal deleteClass(DomainId domain, ClassId id) {
    return transactions.run(
        session -> {
          session.update("DELETE FROM class WHERE dmid = ? AND classid = ?", domain, id);
          if (session.exists(
              "SELECT 1 FROM file WHERE dmid = ? AND classid = ? LIMIT 1", domain, id)) {
            session.rollbackOnly();
            return Removal.HAS_FILES;
          }
          return Removal.REMOVED;
        });
  }

  @Override
  public HostId createHost(String name, HostStatus status, HostAddresses addresses) {
    return transactions.run(
        session -> {
          var id = new HostId(next(session, "SELECT COALESCE(MAX(hostid), 0) + 1 FROM host"));
          var altIp = addresses.altIp().filter(ip -> !ip.isEmpty());
          try {
            session.update(
                "INSERT INTO host (hostid, hostname, status, hostip, http_port, http_get_port,"
                    + " altip, altmask) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                id,
                name,
                status.wire(),
                addresses.ip(),
                addresses.httpPort(),
                addresses.getPort(),
                altIp,
                addresses.altMask());
          } catch (SQLException e) {
            throw numberOrName(
                e,
                session.exists(
                    "SELECT 1 FROM host WHERE hostname = ? OR hostip = ? OR altip = ?",
                    name,
                    addresses.ip(),
                    altIp));
          }
          return id;
        });
  }

  @Override
  public void updateHost(HostId host, HostStatus status, HostAddresses addresses) {
    transactions.single(
        session ->
            session.update(
                "UPDATE host SET status = ?, hostip = ?, http_port = ?, http_get_port = ?,"
                    + " altip = ?, altmask = ? WHERE hostid = ?",
                status.wire(),
                addresses.ip(),
                addresses.httpPort(),
                addresses.getPort(),
                addresses.altIp().filter(ip -> !ip.isEmpty()),
                addresses.altMask(),
                host));
  }

  @Override
  public boolean deleteHost(HostId host) {
    return transactions.run(
        session -> {
          session.update("DELETE FROM host WHERE hostid = ?", host);
          if (session.exists("SELECT 1 FROM device WHERE hostid = ? LIMIT 1 FOR UPDATE", host)) {
            session.rollbackOnly();
            return false;
          }
          return true;
        });
  }

  @Override
  public void createDevice(DeviceId device, HostId host, DeviceStatus status) {
    transactions.single(
        session ->
            session.update(
                "INSERT INTO device (devid, hostid, status) VALUES (?, ?, ?)",
                device,
                host,
                status.wire()));
  }

  @Override
  public void setStatus(DeviceId device, DeviceStatus status) {
    transactions.single(
        session ->
            session.update("UPDATE device SET status = ? WHERE devid = ?", status.wire(), device));
  }

  @Override
  public void setWeight(DeviceId device, int weight) {
    transactions.single(
        session -> session.update("UPDATE device SET weight = ? WHERE devid = ?", weight, device));
  }

  @Override
  public void saveSpace(Map<DeviceId, Space> space) {
    if (space.isEmpty()) {
      return;
    }
    transactions.run(
        session -> {
          session.batch(
              "UPDATE device SET mb_total = ?, mb_used = ?, mb_asof = ? WHERE devid = ?",
              space.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(
                      each ->
                          List.<Object>of(
                              Math.clamp(each.getValue().totalMb(), 0, MOST_MB),
                              Math.clamp(each.getValue().usedMb(), 0, MOST_MB),
                              each.getValue().asOf(),
                              each.getKey()))
                  .toList());
          return space.size();
        });
  }

  @Override
  public void set(String setting, Optional<String> value) {
    transactions.single(
        session ->
            value.isEmpty()
                ? session.update("DELETE FROM server_settings WHERE field = ?", setting)
                : session.update(
                    "INSERT INTO server_settings (field, value) VALUES (?, ?)"
                        + " ON DUPLICATE KEY UPDATE value = ?",
                    setting,
                    value,
                    value));
  }

  @Override
  public void increment(String setting) {
    transactions.run(
        session -> {
          Settings.increment(session, setting);
          return true;
        });
  }

  @Override
  public Optional<String> setting(String name) {
    return transactions.single(
        session ->
            session
                .one(
                    row -> row.optionalText(1),
                    "SELECT value FROM server_settings WHERE field = ?",
                    name)
                .flatMap(value -> value));
  }
}
