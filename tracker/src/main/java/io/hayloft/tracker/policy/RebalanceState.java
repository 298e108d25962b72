package io.hayloft.tracker.policy;

import static java.util.stream.Collectors.joining;

import io.hayloft.protocol.DeviceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a rebalance has come, in the words of the original, whose tools show them: {@code
 * key=value}, blanks between. Immutable.
 */
public final class RebalanceState {

  /** The keys with whole numbers that are 0 at the beginning. */
  public enum Count {
    LIMIT("limit"),
    LAST_FID("sdev_lastfid"),
    FIDS_QUEUED("fids_queued"),
    BYTES_QUEUED("bytes_queued"),
    TIME_STARTED("time_started"),
    TIME_FINISHED("time_finished"),
    TIME_STOPPED("time_stopped"),
    TIME_LATEST_RUN("time_latest_run"),
    TIME_LATEST_EMPTY_RUN("time_latest_empty_run"),
    EMPTY_RUNS("empty_runs");

    private final String key;

    Count(String key) {
      this.key = key;
    }
  }

  private static final String COMPLETED = "completed_devs";
  private static final String SOURCES = "source_devs";
  private static final String CURRENT = "sdev_current";
  private static final String DEVICE_LIMIT = "sdev_limit";
  private static final String UNLIMITED = "none";

  private final Map<String, String> values;

  private RebalanceState(Map<String, String> values) {
    this.values = new LinkedHashMap<>(values);
  }

  /** The state that a policy starts from, with the sources of this moment. */
  public static RebalanceState first(List<DeviceId> sources, RebalancePolicy policy) {
    var empty = new RebalanceState(Map.of(COMPLETED, "")).devices(SOURCES, sources).current(0);
    var counted = empty.deviceLimit(OptionalLong.empty());
    for (var count : Count.values()) {
      counted = counted.with(count, 0);
    }
    boolean limited = policy.isLimitGlobal() && policy.limitBy() != RebalancePolicy.LimitBy.NONE;
    return limited ? counted.with(Count.LIMIT, policy.limit()) : counted;
  }

  /** Reads a text; words that are no pairs are left out, what is missing is 0 or none. */
  public static RebalanceState parse(String text) {
    var values = new LinkedHashMap<String, String>();
    for (var word : text.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return new RebalanceState(values);
  }

  public String text() {
    return values.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(joining(" "));
  }

  public long get(Count count) {
    return number(values.getOrDefault(count.key, "")).orElse(0);
  }

  public RebalanceState with(Count count, long number) {
    return with(count.key, Long.toString(number));
  }

  private RebalanceState with(String key, String value) {
    var changed = new RebalanceState(values);
    changed.values.put(key, value);
    return changed;
  }

  private static OptionalLong number(String text) {
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** The device that files are being moved from. */
  public Optional<DeviceId> current() {
    return devices(CURRENT).stream().findFirst();
  }

  private RebalanceState current(int device) {
    return with(CURRENT, Integer.toString(device));
  }

  /** Those that come after the current one. */
  public List<DeviceId> sources() {
    return devices(SOURCES);
  }

  public List<DeviceId> completed() {
    return devices(COMPLETED);
  }

  /** All devices that files are, were or will be moved from. */
  public List<DeviceId> emptied() {
    var all = new ArrayList<>(completed());
    current().ifPresent(all::add);
    all.addAll(sources());
    return all;
  }

  private List<DeviceId> devices(String key) {
    return Arrays.stream(values.getOrDefault(key, "").split(","))
        .filter(number -> number.matches("[1-9][0-9]{0,6}"))
        .map(number -> new DeviceId(Integer.parseInt(number)))
        .toList();
  }

  private RebalanceState devices(String key, List<DeviceId> devices) {
    return with(key, devices.stream().map(DeviceId::toString).collect(joining(",")));
  }

  /** What may still be moved off the current device; empty for everything. */
  public OptionalLong deviceLimit() {
    return number(values.getOrDefault(DEVICE_LIMIT, UNLIMITED));
  }

  public RebalanceState deviceLimit(OptionalLong limit) {
    return with(DEVICE_LIMIT, limit.isEmpty() ? UNLIMITED : Long.toString(limit.getAsLong()));
  }

  /** Goes on to the next source, from its first file. */
  public RebalanceState next() {
    var left = sources();
    return devices(SOURCES, left.subList(1, left.size()))
        .current(left.getFirst().value())
        .with(Count.LAST_FID, 0);
  }

  /** The current device is done with. */
  public RebalanceState complete() {
    var done = new ArrayList<>(completed());
    current().ifPresent(done::add);
    return devices(COMPLETED, done).current(0).with(Count.LAST_FID, 0);
  }
}
