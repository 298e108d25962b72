package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.INVALID_FORMAT;
import static io.hayloft.protocol.ErrorCode.NOT_WRITABLE;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.command.SettingRule.Verdict;
import io.hayloft.tracker.store.RegistryStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands about the settings that are kept in the database and hold for all trackers. */
final class SettingCommands {

  private static final List<String> HIDDEN = List.of("fsck_", "hayloft_");
  private static final String REPLICA_PREFIX = "slave_";
  private static final String REPLICA_VERSION = "slave_version";

  private final RegistryStore registry;

  SettingCommands(RegistryStore registry) {
    this.registry = registry;
  }

  Map<String, Command> table() {
    return Map.of(
        "server_settings", this::all,
        "server_setting", this::one,
        "set_server_setting", this::set);
  }

  /** All but what the consistency check and we keep there for ourselves. */
  private Reply all(Call call) {
    var shown =
        call.fresh().settings().values().entrySet().stream()
            .filter(
                setting ->
                    SettingRule.of(setting.getKey()).isPresent()
                        || HIDDEN.stream().noneMatch(setting.getKey()::startsWith))
            .toList();
    var reply = Reply.ok().with("key_count", shown.size());
    int i = 1;
    for (var setting : shown) {
      reply.with("key_" + i, setting.getKey()).with("value_" + i, setting.getValue());
      i++;
    }
    return reply.build();
  }

  private Reply one(Call call) {
    if (!call.flag("key")) {
      return Reply.err(BAD_PARAMS);
    }
    var key = call.text("key");
    return Reply.ok().with("key", key).with("value", registry.setting(key)).build();
  }

  private Reply set(Call call) {
    if (!call.flag("key")) {
      return Reply.err(BAD_PARAMS);
    }
    var key = call.text("key");
    var rule = SettingRule.of(key);
    if (rule.isEmpty()) {
      return Reply.err(NOT_WRITABLE);
    }
    return switch (rule.get().judge(call.arguments().get("value"))) {
      case Verdict.Store(var value) -> {
        store(key, value);
        yield Reply.ok().build();
      }
      case Verdict.Refuse(var reason) -> Reply.err(INVALID_FORMAT, reason);
    };
  }

  /** Trackers look at the version to see that the list of read replicas has changed. */
  private void store(String key, Optional<String> value) {
    registry.set(key, value);
    if (key.startsWith(REPLICA_PREFIX) && !key.equals(REPLICA_VERSION)) {
      registry.increment(REPLICA_VERSION);
    }
  }
}
