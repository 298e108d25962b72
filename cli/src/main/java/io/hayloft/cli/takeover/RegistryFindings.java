package io.hayloft.cli.takeover;

import io.hayloft.cli.console.Amounts;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.schema.survey.Survey.ClassRow;
import io.hayloft.schema.survey.Survey.DeviceRow;
import io.hayloft.schema.survey.Survey.DomainRow;
import io.hayloft.schema.survey.Survey.HostRow;
import io.hayloft.schema.survey.Survey.Rows;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.policy.ReplicationPolicies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Hosts, devices, domains and classes, by the rules that trackers read them by. */
final class RegistryFindings {

  private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}");

  private final Rows rows;

  /** As trackers have them, with those that are installed here besides. */
  private final ReplicationPolicies policies =
      ReplicationPolicies.installed(RegistryFindings.class.getClassLoader());

  private final List<Finding> findings = new ArrayList<>();

  private RegistryFindings(Rows rows) {
    this.rows = rows;
  }

  static List<Finding> of(Rows rows) {
    var all = new RegistryFindings(rows);
    rows.hosts().forEach(all::host);
    all.addresses();
    rows.devices().forEach(all::device);
    rows.classes().forEach(all::fileClass);
    all.findings.add(
        Finding.adopted(
            "hosts, domains",
            "%s, %s, %s, %s."
                .formatted(
                    Amounts.count(rows.hosts().size(), "host"),
                    Amounts.count(rows.devices().size(), "device"),
                    Amounts.count(rows.domains().size(), "domain"),
                    rows.classes().size() == 1
                        ? "1 class"
                        : Amounts.count(rows.classes().size()) + " classes")));
    return all.findings;
  }

  private void host(HostRow host) {
    var where = "host " + (host.name().isEmpty() ? "number " + host.id() : host.name());
    if (HostStatus.named(host.status()).isEmpty()) {
      findings.add(unknownStatus(where, host.status()));
    }
    if (host.name().isEmpty()) {
      findings.add(Finding.look(where, "Has no name.", "Give it one in the table."));
    }
    if (host.ip().isEmpty()) {
      findings.add(
          Finding.look(where, "Has no address: nothing on it can be reached.", "Set its ip."));
    } else if (!IPV4.matcher(host.ip()).matches()) {
      findings.add(
          Finding.look(where, "Its address %s is not IPv4.".formatted(host.ip()), "Set its ip."));
    }
  }

  private static Finding unknownStatus(String where, String status) {
    return Finding.look(
        where,
        "Its status '%s' is none that is known; it is taken for down.".formatted(status),
        "Set the status.");
  }

  /** Within a column the index keeps them apart; across the two nothing does. */
  private void addresses() {
    var owners = new HashMap<String, List<String>>();
    for (var host : rows.hosts()) {
      List.of(host.ip(), host.altIp()).stream()
          .filter(ip -> !ip.isEmpty())
          .distinct()
          .forEach(ip -> owners.computeIfAbsent(ip, key -> new ArrayList<>()).add(host.name()));
    }
    owners.forEach(
        (ip, names) -> {
          if (names.size() > 1) {
            findings.add(
                Finding.look(
                    "hosts " + names.stream().sorted().collect(Collectors.joining(", ")),
                    "Share the address " + ip + ", so one of them is asked for the other's files.",
                    "Correct ip or altip."));
          }
        });
  }

  private void device(DeviceRow device) {
    var where = "dev" + device.id();
    if (device.id() < 1) {
      findings.add(
          Finding.look("device " + device.id(), "A device has a number from 1.", "Look at it."));
    }
    if (DeviceStatus.named(device.status()).isEmpty()) {
      findings.add(unknownStatus(where, device.status()));
    }
    if (rows.hosts().stream().noneMatch(host -> host.id() == device.host())) {
      findings.add(
          Finding.look(
              where,
              "Belongs to host number %d, which is not there: it is out of reach."
                  .formatted(device.host()),
              "Register the host, or mark the device dead if its bytes are lost."));
    }
  }

  private void fileClass(ClassRow row) {
    var domain = rows.domains().stream().filter(each -> each.id() == row.domain()).findFirst();
    var where =
        "class %s of %s"
            .formatted(
                row.name().isEmpty() ? "number " + row.id() : row.name(),
                domain.map(DomainRow::name).orElse("domain number " + row.domain()));
    if (domain.isEmpty()) {
      findings.add(
          Finding.look(where, "Its domain is not there, so nobody can use it.", "Delete the row."));
    }
    row.policy()
        .ifPresent(
            text -> {
              switch (policies.parse(text)) {
                case ReplicationPolicies.Parsed.Unknown(var reason) ->
                    findings.add(
                        Finding.blocks(
                            where,
                            "Its files would get no copies: " + reason + ".",
                            "Give the class another replpolicy, with the old tools."));
                case ReplicationPolicies.Parsed.Known _ -> {
                  // As before.
                }
              }
            });
    if (row.hash().isPresent() && HashAlgorithm.numbered(row.hash().getAsInt()).isEmpty()) {
      findings.add(
          Finding.look(
              where,
              "Its hashtype %d is not known: its files get no checksum."
                  .formatted(row.hash().getAsInt()),
              "Set MD5, SHA-1 or NONE."));
    }
    if (row.mindevcount() < 1) {
      findings.add(
          Finding.look(where, "Wants no copies at all (mindevcount 0).", "Set its mindevcount."));
    }
  }
}
