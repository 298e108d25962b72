package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Table;
import io.hayloft.cli.console.Terminal;
import io.hayloft.client.DeviceInfo;
import io.hayloft.client.HostInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Devices and their space, in the shapes of the original's tool. */
final class DeviceLists {

  private static final double MIB_PER_GIB = 1024;

  private final Terminal terminal;
  private final Registry registry;

  DeviceLists(Terminal terminal, Registry registry) {
    this.terminal = terminal;
    this.registry = registry;
  }

  void list(boolean all, @Nullable String hostname, boolean asJson) {
    var hosts = hosts(hostname);
    if (asJson) {
      var objects =
          hosts.stream().flatMap(host -> devices(host, all).stream()).map(this::json).toList();
      terminal.line(Json.text(objects));
      return;
    }
    for (var host : hosts) {
      terminal.line("%s [%d]: %s".formatted(host.name(), host.id(), host.status()));
      terminal.line(
          "%19s %10s %10s %10s %10s".formatted("", "used(G)", "free(G)", "total(G)", "weight(%)"));
      for (var device : devices(host, all)) {
        terminal.line(
            "%7s: %10s %10s %10s %10s %10d"
                .formatted(
                    "dev" + device.id().value(),
                    device.status(),
                    gib(device.space().usedMib()),
                    gib(device.space().freeMib()),
                    gib(device.space().totalMib()),
                    device.weight()));
      }
      terminal.line("");
    }
    hosts.stream().flatMap(host -> devices(host, all).stream()).forEach(this::noteTrouble);
  }

  /** Beside the list, whose shape others read. */
  private void noteTrouble(DeviceInfo device) {
    device
        .observation()
        .trouble()
        .ifPresent(
            why ->
                terminal.note(
                    "dev%d on %s: %s (see: hayloft risk)"
                        .formatted(device.id().value(), registry.hostOf(device), why)));
  }

  private List<HostInfo> hosts(@Nullable String hostname) {
    return hostname == null ? registry.hosts() : List.of(registry.host(hostname));
  }

  private List<DeviceInfo> devices(HostInfo host, boolean all) {
    return registry.devicesOf(host).stream()
        .filter(device -> all || !device.status().equals("dead"))
        .toList();
  }

  private Map<String, @Nullable Object> json(DeviceInfo device) {
    return Json.object(
        "devid", device.id().value(),
        "hostid", device.hostId(),
        "hostname", registry.hostOf(device),
        "status", device.status(),
        "weight", device.weight(),
        "mb_total", number(device.space().totalMib()),
        "mb_used", number(device.space().usedMib()),
        "mb_free", number(device.space().freeMib()),
        "observed_state", device.observation().state().orElse(null),
        "utilization", device.observation().utilization().orElse(null),
        "trouble", device.observation().trouble().orElse(null));
  }

  private static @Nullable Long number(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  /** One line of the summary; space in MiB. */
  private record Sum(HostInfo host, String states, long used, long free, long total) {}

  void summary(Set<String> states, @Nullable String hostname, boolean asJson) {
    var sums = hosts(hostname).stream().map(host -> sum(host, states)).toList();
    new Table<Sum>()
        .words("Hostname", "hostname", sum -> sum.host().name())
        .numbers("HostID", "hostid", sum -> sum.host().id())
        .words("Status", "status", sum -> sum.host().status())
        .numbers("used(G)", "mb_used", Sum::used, gib(Sum::used))
        .numbers("free(G)", "mb_free", Sum::free, gib(Sum::free))
        .numbers("total(G)", "mb_total", Sum::total, gib(Sum::total))
        .numbers("%Used", "percent_used", DeviceLists::percent, sum -> percent(sum) + "%")
        .show(terminal, asJson, sums);
  }

  private Sum sum(HostInfo host, Set<String> states) {
    var counted =
        registry.devicesOf(host).stream()
            .filter(device -> states.contains(device.status()))
            .toList();
    return new Sum(
        host,
        String.join(",", states),
        total(counted, device -> device.space().usedMib()),
        total(counted, device -> device.space().freeMib()),
        total(counted, device -> device.space().totalMib()));
  }

  private static long total(List<DeviceInfo> devices, Function<DeviceInfo, OptionalLong> part) {
    return devices.stream().mapToLong(device -> part.apply(device).orElse(0)).sum();
  }

  private static double percent(Sum sum) {
    return sum.total() == 0 ? 0 : Math.round(10_000.0 * sum.used() / sum.total()) / 100.0;
  }

  private static Function<Sum, String> gib(Function<Sum, Long> mib) {
    return sum -> gib(OptionalLong.of(mib.apply(sum)));
  }

  static String gib(OptionalLong mib) {
    return mib.isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%.3f", (double) mib.getAsLong() / MIB_PER_GIB);
  }
}
