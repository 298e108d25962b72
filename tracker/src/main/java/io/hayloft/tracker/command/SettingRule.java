package io.hayloft.tracker.command;

import io.hayloft.protocol.Arguments;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.CronSchedule;
import io.hayloft.tracker.model.Netmask;
import io.hayloft.tracker.policy.AutoDead;
import io.hayloft.tracker.policy.SafeMode;
import java.util.Locale;
import java.util.Optional;

/** What a client may set a setting to. */
enum SettingRule {
  /** Said in one of several ways; kept as 0 or 1. */
  SWITCH {
    @Override
    Verdict judge(Optional<String> value) {
      var text = value.orElse("").toLowerCase(Locale.ROOT);
      if (text.isEmpty() || text.matches("(0|f|off|n).*")) {
        return store("0");
      }
      return text.matches("(1|t|on|y).*") ? store("1") : new Verdict.Refuse("Unknown format");
    }
  },
  NUMBER {
    @Override
    Verdict judge(Optional<String> value) {
      var text = value.orElse("");
      if (text.isEmpty()) {
        return store("0");
      }
      return text.matches("[0-9]+") ? store(text) : new Verdict.Refuse("Must be numeric");
    }
  },
  TEXT {
    @Override
    Verdict judge(Optional<String> value) {
      return new Verdict.Store(value);
    }
  },
  NETMASKS {
    @Override
    Verdict judge(Optional<String> value) {
      for (var mask : value.orElse("").split("[,\\s]+")) {
        if (!mask.isEmpty() && Netmask.parse(mask).isEmpty()) {
          return new Verdict.Refuse("Not a netmask: " + mask);
        }
      }
      return new Verdict.Store(value);
    }
  },
  /** Kept as it is; goes when it is false. */
  REPLICA {
    @Override
    Verdict judge(Optional<String> value) {
      return new Verdict.Store(value.filter(Arguments::isTrue));
    }
  },
  /** A percentage. */
  SHARE {
    @Override
    Verdict judge(Optional<String> value) {
      var text = value.orElse("");
      if (text.isEmpty()) {
        return new Verdict.Store(Optional.empty());
      }
      return text.matches("[1-9][0-9]?|100")
          ? store(text)
          : new Verdict.Refuse("Must be a percentage from 1 to 100");
    }
  },
  /** A duration that is not too short to be meant, or {@code off}. */
  DEAD_AFTER {
    @Override
    Verdict judge(Optional<String> value) {
      var text = value.orElse("");
      if (text.isEmpty()) {
        return new Verdict.Store(Optional.empty());
      }
      return AutoDead.parse(text)
              .filter(after -> after.isZero() || after.compareTo(AutoDead.SHORTEST) >= 0)
              .isPresent()
          ? store(text)
          : new Verdict.Refuse("Must be off, or at least 1m, as in 90m or 2h");
    }
  },
  /** A digest for all classes, none, or ({@code class}) what each class says: the default. */
  CHECKSUM {
    @Override
    Verdict judge(Optional<String> value) {
      var text = value.orElse("");
      if (text.equals("class")) {
        return new Verdict.Store(Optional.empty());
      }
      return text.equals("off") || HashAlgorithm.named(text).isPresent()
          ? store(text)
          : new Verdict.Refuse("Must be off, class, MD5 or SHA-1");
    }
  },
  /** Times as cron writes them, or {@code off}; nothing for what is usual. */
  SCHEDULE {
    @Override
    Verdict judge(Optional<String> value) {
      var text = value.orElse("").strip();
      if (text.isEmpty()) {
        return new Verdict.Store(Optional.empty());
      }
      return switch (CronSchedule.parse(text)) {
        case CronSchedule.Parsed.Known _ -> store(text);
        case CronSchedule.Parsed.Wrong(var reason) ->
            text.equals("off") ? store(text) : new Verdict.Refuse(reason);
      };
    }
  };

  /** The width of the column that settings are named by. */
  private static final int MAX_NAME = 50;

  /** What is to be done about a value. */
  sealed interface Verdict {

    /** Keep this; remove the setting where there is none. */
    record Store(Optional<String> value) implements Verdict {}

    record Refuse(String reason) implements Verdict {}
  }

  abstract Verdict judge(Optional<String> value);

  /** The rule for a setting; empty when clients may not set it. */
  static Optional<SettingRule> of(String name) {
    if (name.length() > MAX_NAME) {
      return Optional.empty();
    }
    return switch (name) {
      case "skip_devcount", "skip_mkcol", "case_sensitive_list_keys" -> Optional.of(SWITCH);
      case "fsck_schedule", "fsck_schedule_full" -> Optional.of(SCHEDULE);
      case "memcache_ttl",
          "path_cache_ttl",
          "internal_queue_limit",
          "reaper_delay",
          "fsck_rate",
          "rebalance_rate",
          "mincopies_wait" ->
          Optional.of(NUMBER);
      case "memcache_servers", "network_zones" -> Optional.of(TEXT);
      case "fsck_checksum" -> Optional.of(CHECKSUM);
      case AutoDead.SETTING -> Optional.of(DEAD_AFTER);
      case SafeMode.SHARE -> Optional.of(SHARE);
      default -> ofFamily(name);
    };
  }

  private static Optional<SettingRule> ofFamily(String name) {
    if (name.startsWith("zone_")) {
      return Optional.of(NETMASKS);
    }
    if (name.startsWith("slave_")) {
      return Optional.of(REPLICA);
    }
    return name.startsWith("queue_") ? Optional.of(TEXT) : Optional.empty();
  }

  private static Verdict store(String value) {
    return new Verdict.Store(Optional.of(value));
  }
}
