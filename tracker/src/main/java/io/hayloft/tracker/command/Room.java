package io.hayloft.tracker.command;

import static java.util.stream.Collectors.joining;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostStatus;
import java.util.List;
import java.util.Optional;

/**
 * Whether there is room for new files. Pure.
 *
 * @param full devices that would take new files if they had more free space
 * @param taking how many do take new files
 * @param free the share that is free of the space of those, 1 where nobody knows
 */
record Room(List<Device> full, int taking, double free, long minFreeMb) {

  /** With less somebody should have ordered disks already. */
  private static final double SHORT = 0.1;

  private static final int NAMED = 10;

  Room {
    full = List.copyOf(full);
  }

  static Room of(ClusterView view) {
    var taking = view.devices().stream().filter(view::shouldGetNewFiles).toList();
    long total = 0;
    long free = 0;
    for (var device : taking) {
      total += device.space().map(space -> space.totalMb()).orElse(0L);
      free += device.space().map(space -> space.freeMb()).orElse(0L);
    }
    return new Room(
        view.devices().stream().filter(device -> isFull(view, device)).toList(),
        taking.size(),
        total == 0 ? 1 : (double) free / total,
        view.defaults().minFreeMb());
  }

  /** Whether its free space is all that keeps new files from a device. */
  static boolean isFull(ClusterView view, Device device) {
    return device.status() == DeviceStatus.ALIVE
        && view.host(device.host()).filter(host -> host.status() == HostStatus.ALIVE).isPresent()
        && view.isWriteable(device)
        && !view.shouldGetNewFiles(device);
  }

  /** Whether uploads are refused because everything is full. */
  boolean isOut() {
    return taking == 0 && !full.isEmpty();
  }

  Optional<String> advice() {
    if (isOut()) {
      return Optional.of(
          "no device takes new files, uploads are refused: %s. Add devices or delete files"
              .formatted(fullOnes()));
    }
    if (!full.isEmpty()) {
      return Optional.of(
          "%s; new files go to %d others: hayloft rebalance even, or add devices"
              .formatted(fullOnes(), taking));
    }
    return free < SHORT
        ? Optional.of(
            "%.0f %% of the space is left on the devices that take new files: add devices"
                .formatted(100 * free))
        : Optional.empty();
  }

  private String fullOnes() {
    var names =
        full.stream().limit(NAMED).map(device -> "dev" + device.id()).collect(joining(", "));
    return "%s%s %s full (less than %d MB free)"
        .formatted(
            names,
            full.size() > NAMED ? " and %d more".formatted(full.size() - NAMED) : "",
            full.size() == 1 ? "is" : "are",
            minFreeMb);
  }
}
