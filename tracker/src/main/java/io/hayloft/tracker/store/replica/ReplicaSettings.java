package io.hayloft.tracker.store.replica;

import io.hayloft.runtime.config.OriginalDsn;
import io.hayloft.tracker.model.ServerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the settings {@code slave_*} say: {@code slave_keys} lists names, {@code slave_<name>} is
 * {@code dsn|user|password}. A name may be followed by {@code =weight}, as the original's admin
 * library writes it; weights have no effect, as in the original.
 *
 * @param problems of replicas that are left out for what is written of them; without passwords
 */
record ReplicaSettings(
    String version, List<ReplicaAddress> replicas, Duration retry, List<String> problems) {

  private static final String KEYS = "slave_keys";
  private static final long USUAL_RETRY = 15;
  private static final long USUAL_PATIENCE = 1;

  /** Clients wait three seconds, and the primary may have to be asked as well. */
  private static final long MOST_PATIENCE = 2;

  /**
   * @param usable whether a replica on that host may be asked, unless filtering is switched off
   */
  static ReplicaSettings of(ServerSettings settings, Predicate<String> usable) {
    var patience =
        Duration.ofSeconds(
            Math.clamp(settings.number("slave_connect_timeout", USUAL_PATIENCE), 1, MOST_PATIENCE));
    var replicas = new ArrayList<ReplicaAddress>();
    var problems = new ArrayList<String>();
    for (var key : keys(settings)) {
      var written = settings.get("slave_" + key).orElse("");
      try {
        replicas.add(address(key, written, patience));
      } catch (IllegalArgumentException e) {
        problems.add("the setting slave_" + key + " " + e.getMessage());
      }
    }
    if (!settings.get("slave_skip_filtering").orElse("").equals("on")) {
      replicas.removeIf(replica -> !usable.test(replica.host()));
    }
    return new ReplicaSettings(
        settings.get("slave_version").orElse(""),
        List.copyOf(replicas),
        Duration.ofSeconds(Math.max(1, settings.number("slave_dead_retry_timeout", USUAL_RETRY))),
        List.copyOf(problems));
  }

  private static List<String> keys(ServerSettings settings) {
    return Arrays.stream(settings.get(KEYS).orElse("").split(",", -1))
        .map(entry -> entry.replaceFirst("=.*", "").strip())
        .filter(key -> !key.isEmpty())
        .distinct()
        .toList();
  }

  private static ReplicaAddress address(String key, String written, Duration patience) {
    var parts = written.split("\\|", 3);
    if (written.isBlank()) {
      throw new IllegalArgumentException("is not there, although slave_keys names it");
    }
    var dsn = parts[0].strip();
    return new ReplicaAddress(
        key,
        dsn.startsWith("jdbc:") ? dsn : OriginalDsn.jdbcUrl(dsn),
        parts.length > 1 ? parts[1] : "",
        parts.length > 2 ? parts[2] : "",
        patience);
  }
}
