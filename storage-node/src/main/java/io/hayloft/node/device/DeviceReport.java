package io.hayloft.node.device;

import io.hayloft.protocol.DeviceId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can be told of each device, in lines for programs; {@code docs/node-protocol.md} has their
 * form. Touches no disk.
 */
public final class DeviceReport {

  private static final String UNKNOWN = "-";

  private final Devices devices;
  private final DiskComplaints complaints;
  private final DiskTimes times;
  private final Optional<Utilization.Series> series;
  private volatile Map<String, String> utilization = Map.of();

  public DeviceReport(
      Devices devices, DiskComplaints complaints, DiskTimes times, Utilization utilization) {
    this.devices = devices;
    this.complaints = complaints;
    this.times = times;
    this.series = utilization.series();
  }

  /**
   * Looks how busy the disks were since the last time. To be called now and then, by one thread.
   */
  public void sample() {
    series
        .flatMap(Utilization.Series::next)
        .ifPresent(
            text -> {
              var newer = new HashMap<String, String>();
              text.lines()
                  .map(line -> line.split("\t", 2))
                  .forEach(words -> newer.put(words[0], words[1]));
              utilization = newer;
            });
  }

  /** The lines of all devices, as of their last look. */
  public List<String> lines() {
    return devices.states().stream().map(this::lines).toList();
  }

  private String lines(DeviceState state) {
    var id = state.id();
    var head = id.directory();
    return String.join(
        "\n",
        head + " space " + state.space().map(DeviceReport::space).orElse(UNKNOWN),
        head + " utilization " + utilization.getOrDefault(id.toString(), UNKNOWN),
        head + " failures" + failures(id),
        head + " times " + times.text(id));
  }

  private static String space(UsageReport.Space space) {
    return space.total() + " " + space.used() + " " + space.available();
  }

  private String failures(DeviceId device) {
    return complaints.of(device).entrySet().stream()
        .map(each -> " " + each.getKey().name().toLowerCase(Locale.ROOT) + ":" + each.getValue())
        .collect(Collectors.joining());
  }
}
