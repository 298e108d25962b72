package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A file while it is being moved. One thread at a time has it. */
final class MovingFile {

  private final Optional<Checksum> stored;
  private final Set<DeviceId> failedSources = new HashSet<>();
  private final Set<DeviceId> failedDestinations = new HashSet<>();
  private final Set<DeviceId> made = new LinkedHashSet<>();
  private Task task;
  private boolean wasReadFrom;
  private @Nullable MoveOutcome outcome;

  /**
   * @param stored the digest that is kept of the file, if any
   */
  MovingFile(Task task, Optional<Checksum> stored) {
    this.task = task;
    this.stored = stored;
  }

  Task task() {
    return task;
  }

  StoredFile file() {
    return task.file();
  }

  Fid fid() {
    return task.file().fid();
  }

  Optional<Checksum> stored() {
    return stored;
  }

  /** Devices that did not take it. */
  Set<DeviceId> failedDestinations() {
    return failedDestinations;
  }

  /** Devices that copies were just made on, in this move. */
  Set<DeviceId> made() {
    return made;
  }

  /** Whether the copy that is to go was just read as a whole. */
  boolean wasReadFrom() {
    return wasReadFrom;
  }

  void copied(DeviceId from, DeviceId to) {
    made.add(to);
    wasReadFrom |= from.equals(task.off());
    var on = new HashSet<>(task.on());
    on.add(to);
    task = new Task(task.file(), on, task.off(), task.targets());
  }

  void sourceFailed(DeviceId device) {
    failedSources.add(device);
  }

  void destinationFailed(DeviceId device) {
    failedDestinations.add(device);
  }

  void end(MoveOutcome how) {
    outcome = how;
  }

  boolean isOver() {
    return outcome != null;
  }

  Optional<MoveOutcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  MoveOutcome moved() {
    return new MoveOutcome.Moved(
        made.stream().reduce((_, last) -> last), file().length(), made.size() * file().length());
  }

  /** The device that it leaves is the first choice: it is to lose its files, not its peers. */
  Optional<Device> source(ClusterView view, RandomGenerator random) {
    List<Device> readable =
        task.on().stream()
            .sorted()
            .filter(id -> !failedSources.contains(id))
            .map(view::device)
            .flatMap(Optional::stream)
            .filter(view::shouldRead)
            .toList();
    var off = readable.stream().filter(device -> device.id().equals(task.off())).findFirst();
    return off.isPresent() || readable.isEmpty()
        ? off
        : Optional.of(readable.get(random.nextInt(readable.size())));
  }
}
