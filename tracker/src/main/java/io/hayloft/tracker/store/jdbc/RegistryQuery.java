package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.Space;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything that operators set up. A status that is none of ours is taken for down, which
 * neither reads nor writes there and still counts the copies.
 */
final class RegistryQuery {

  private static final Logger log = LoggerFactory.getLogger(RegistryQuery.class);
  private static final int DEFAULT_PORT = 7500;

  private RegistryQuery() {}

  static Registry load(Session session) throws SQLException {
    var settings = new HashMap<String, String>();
    session
        .list(
            row -> Map.entry(row.text(1), row.text(2)), "SELECT field, value FROM server_settings")
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
    return new Registry(
        hosts(session), devices(session), domains(session), new ServerSettings(settings));
  }

  private static List<Host> hosts(Session session) throws SQLException {
    return session.list(
        row ->
            new Host(
                new HostId(row.small(1)),
                row.text(2),
                hostStatus(row.text(3), row.small(1)),
                new HostAddresses(
                    row.text(4),
                    row.optionalSmall(5).orElse(DEFAULT_PORT),
                    row.optionalSmall(6),
                    row.optionalText(7).filter(text -> !text.isEmpty()),
                    row.optionalText(8).filter(text -> !text.isEmpty()))),
        "SELECT hostid, hostname, status, hostip, http_port, http_get_port, altip, altmask"
            + " FROM host WHERE hostid > 0");
  }

  private static HostStatus hostStatus(String status, int host) {
    return HostStatus.named(status)
        .orElseGet(
            () -> {
              log.warn("host {} has the unknown status '{}': taken for down", host, status);
              return HostStatus.DOWN;
            });
  }

  private static List<Device> devices(Session session) throws SQLException {
    return session.list(
        row ->
            new Device(
                row.device(1),
                new HostId(row.small(2)),
                deviceStatus(row.text(3), row.small(1)),
                row.optionalSmall(4).orElse(100),
                space(row)),
        "SELECT devid, hostid, status, weight, mb_total, mb_used, mb_asof FROM device"
            + " WHERE devid > 0 AND hostid > 0");
  }

  private static DeviceStatus deviceStatus(String status, int device) {
    return DeviceStatus.named(status)
        .orElseGet(
            () -> {
              log.warn("dev{} has the unknown status '{}': taken for down", device, status);
              return DeviceStatus.DOWN;
            });
  }

  private static Optional<Space> space(Row row) throws SQLException {
    return row.optionalText(5).isEmpty()
        ? Optional.empty()
        : Optional.of(new Space(row.number(5), row.number(6), row.number(7)));
  }

  private record ClassRow(DomainId domain, FileClass terms) {}

  private static Map<Domain, List<FileClass>> domains(Session session) throws SQLException {
    var classes = new HashMap<DomainId, List<FileClass>>();
    session
        .list(
            RegistryQuery::classRow,
            "SELECT dmid, classid, classname, mindevcount, replpolicy,"
                + " hashtype FROM class ORDER BY dmid, classid")
        .forEach(
            row -> classes.computeIfAbsent(row.domain(), id -> new ArrayList<>()).add(row.terms()));
    var domains = new LinkedHashMap<Domain, List<FileClass>>();
    session
        .list(
            row -> new Domain(new DomainId(row.small(1)), row.text(2)),
            "SELECT dmid, namespace FROM domain ORDER BY dmid")
        .forEach(
            domain ->
                domains.put(domain, List.copyOf(classes.getOrDefault(domain.id(), List.of()))));
    return domains;
  }

  private static ClassRow classRow(Row row) throws SQLException {
    var hash = row.optionalSmall(6);
    return new ClassRow(
        new DomainId(row.small(1)),
        new FileClass(
            new ClassId(row.small(2)),
            row.text(3),
            row.small(4),
            row.optionalText(5),
            hash.isPresent() ? HashAlgorithm.numbered(hash.getAsInt()) : Optional.empty()));
  }
}
