package io.hayloft.cli.takeover;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of {@code server_settings}. Values are shown only where they hold no password. */
final class SettingFindings {

  private SettingFindings() {}

  static List<Finding> of(Map<String, String> settings) {
    var findings = new ArrayList<Finding>();
    new TreeMap<>(settings).forEach((name, value) -> findings.add(finding(name, value)));
    return findings;
  }

  private static Finding finding(String name, String value) {
    var where = "setting " + name;
    return switch (name) {
      case "schema_version", "skip_devcount", "skip_mkcol", "fsck_checksum" ->
          Finding.adopted(where, "%s, as before.".formatted(value));
      case "fsck_host" -> running(where, "fsck", value);
      case "rebal_host" -> running(where, "rebalance", value);
      case "case_sensitive_list_keys" ->
          Finding.differs(where, "Has no effect: prefixes are compared by bytes always.");
      case "internal_queue_limit" ->
          Finding.differs(where, "Has no effect: workers claim what they can hold.");
      default -> ofFamily(where, name);
    };
  }

  private static Finding running(String where, String job, String host) {
    return host.isEmpty()
        ? Finding.adopted(where, "Not running.")
        : Finding.blocks(
            where,
            "A %s is running, on tracker %s.".formatted(job, host),
            "Stop it with the old tools: mogadm %s stop.".formatted(job));
  }

  private static Finding ofFamily(String where, String name) {
    if (name.startsWith("fsck_") || name.startsWith("rebal_")) {
      return Finding.adopted(where, "State of the last run, kept.");
    }
    if (name.startsWith("queue_")) {
      return Finding.adopted(where, "As before.");
    }
    if (name.startsWith("slave_")) {
      return Finding.adopted(where, "Read replicas, as before.");
    }
    if (name.startsWith("memcache_")) {
      return Finding.adopted(where, "Caches, as before; entries are not shared with old trackers.");
    }
    if (name.startsWith("zone_") || name.startsWith("network_")) {
      return Finding.adopted(where, "Zones, as before.");
    }
    return Finding.look(where, "Is not known here, and left alone.", "Look who set it.");
  }
}
