package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Space;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which devices files are moved from and to, how many, and in which order, as an operator writes
 * it: blank-separated {@code key=value}, lists with commas. Amounts mean "more than"; those in
 * {@code space} are MiB; hosts and devices go by their numbers.
 */
public final class RebalancePolicy {

  /** What values of a key look like. */
  private enum Form {
    NUMBER("[0-9]{1,9}"),
    NUMBERS("(?:[0-9]{1,9}(?:,[0-9]{1,9})*)?"),
    AMOUNT("[0-9]{1,15}[bkmgtpBKMGTP]?"),
    AGE("old|new"),
    LIMIT_TYPE("device|global"),
    LIMIT_BY("none|size|count"),
    DESTINATIONS("all|[1-9][0-9]{0,8}");

    private final Pattern pattern;

    Form(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }
  }

  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          Map.entry("from_all_devs", Form.NUMBER),
          Map.entry("from_hosts", Form.NUMBERS),
          Map.entry("from_devices", Form.NUMBERS),
          Map.entry("from_percent_used", Form.NUMBER),
          Map.entry("from_percent_free", Form.NUMBER),
          Map.entry("from_space_used", Form.NUMBER),
          Map.entry("from_space_free", Form.NUMBER),
          Map.entry("fid_age", Form.AGE),
          Map.entry("limit_type", Form.LIMIT_TYPE),
          Map.entry("limit_by", Form.LIMIT_BY),
          Map.entry("limit", Form.AMOUNT),
          Map.entry("to_all_devs", Form.NUMBER),
          Map.entry("to_hosts", Form.NUMBERS),
          Map.entry("to_devices", Form.NUMBERS),
          Map.entry("to_percent_used", Form.NUMBER),
          Map.entry("to_percent_free", Form.NUMBER),
          Map.entry("to_space_used", Form.NUMBER),
          Map.entry("to_space_free", Form.NUMBER),
          Map.entry("not_to_hosts", Form.NUMBERS),
          Map.entry("not_to_devices", Form.NUMBERS),
          Map.entry("use_dest_devs", Form.DESTINATIONS),
          Map.entry("leave_in_drain_mode", Form.NUMBER));

  private static final String UNITS = "bkmgtp";

  private final Map<String, String> given;

  private RebalancePolicy(Map<String, String> given) {
    this.given = Map.copyOf(given);
  }

  /** What a text says. */
  public sealed interface Parsed {

    record Known(RebalancePolicy policy) implements Parsed {}

    /**
     * @param reason one line for whoever wrote it
     */
    record Wrong(String reason) implements Parsed {}
  }

  public static Parsed parse(String text) {
    var given = new TreeMap<String, String>();
    for (var word : text.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      var value = equals < 0 ? "" : word.substring(equals + 1);
      if (word.isEmpty()) {
        continue;
      }
      var form = FORMS.get(name);
      if (form == null) {
        return new Parsed.Wrong("Invalid setting " + name);
      }
      if (!form.pattern.matcher(value).matches()) {
        return new Parsed.Wrong("Invalid value of setting " + name + ": " + value);
      }
      given.put(name, value);
    }
    return new Parsed.Known(new RebalancePolicy(given));
  }

  /** The policy that was stored; one that cannot be read any more chooses no devices. */
  public static Optional<RebalancePolicy> stored(String text) {
    return switch (parse(text)) {
      case Parsed.Known(var policy) -> Optional.of(policy);
      case Parsed.Wrong _ -> Optional.empty();
    };
  }

  /** The devices to move files from. */
  public List<DeviceId> sources(ClusterView cluster) {
    return cluster.devices().stream()
        .filter(cluster::mayDelete)
        .filter(device -> isNamed(device, "from_"))
        .filter(device -> isMoreThan(device, "from_"))
        .map(Device::id)
        .toList();
  }

  /**
   * The devices that files may be moved to now.
   *
   * @param emptied devices that files are, were or will be moved from
   */
  public List<DeviceId> destinations(ClusterView cluster, Collection<DeviceId> emptied) {
    return cluster.devices().stream()
        .filter(cluster::shouldGetNewFiles)
        .filter(device -> !emptied.contains(device.id()))
        .filter(device -> !numbers("not_to_hosts").contains(device.host().value()))
        .filter(device -> !numbers("not_to_devices").contains(device.id().value()))
        .filter(device -> isNamed(device, "to_"))
        .filter(device -> isMoreThan(device, "to_"))
        .map(Device::id)
        .toList();
  }

  private boolean isNamed(Device device, String prefix) {
    var hosts = numbers(prefix + "hosts");
    var devices = numbers(prefix + "devices");
    return (hosts.isEmpty() || hosts.contains(device.host().value()))
        && (devices.isEmpty() || devices.contains(device.id().value()));
  }

  /** A device whose space is not known is none that has more than anything. */
  private boolean isMoreThan(Device device, String prefix) {
    double free = 100 * device.freeFraction();
    return isMore(device, prefix + "percent_used", 100 - free)
        && isMore(device, prefix + "percent_free", free)
        && isMore(device, prefix + "space_used", device.space().map(Space::usedMb).orElse(0L))
        && isMore(device, prefix + "space_free", device.space().map(Space::freeMb).orElse(0L));
  }

  private boolean isMore(Device device, String name, double actual) {
    long bound = number(name);
    return bound == 0 || (device.space().isPresent() && actual > bound);
  }

  private List<Integer> numbers(String name) {
    return Stream.of(given.getOrDefault(name, "").split(","))
        .filter(number -> !number.isEmpty())
        .map(Integer::valueOf)
        .toList();
  }

  private long number(String name) {
    return Long.parseLong(given.getOrDefault(name, "0"));
  }

  public boolean newestFirst() {
    return "new".equals(given.get("fid_age"));
  }

  /** What a limit counts. */
  public enum LimitBy {
    NONE,
    SIZE,
    COUNT
  }

  public LimitBy limitBy() {
    return LimitBy.valueOf(given.getOrDefault("limit_by", "none").toUpperCase(Locale.ROOT));
  }

  /** Whether the limit is for all devices together and not for each. */
  public boolean isLimitGlobal() {
    return "global".equals(given.get("limit_type"));
  }

  /** Bytes or files, whichever {@link #limitBy} says; 0 where nothing is given. */
  public long limit() {
    var text = given.getOrDefault("limit", "0").toLowerCase(Locale.ROOT);
    int unit = UNITS.indexOf(text.charAt(text.length() - 1));
    if (unit < 0 || limitBy() != LimitBy.SIZE) {
      return Long.parseLong(text.replaceAll("[a-z]", ""));
    }
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    int shift = 10 * unit;
    return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
  }

  /** How many destinations each file is offered; empty for all. */
  public OptionalLong destinationsPerFile() {
    var text = given.getOrDefault("use_dest_devs", "all");
    return text.equals("all") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  public boolean leaveInDrain() {
    return number("leave_in_drain_mode") > 0;
  }
}
