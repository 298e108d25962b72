package io.hayloft.tracker.work.delete;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.HostStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to do with the bytes of a deleted file on each of the devices they are believed to be on.
 * Pure.
 */
final class DeletePlan {

  /** When a removal that was not tried, because its host did not answer others, is. */
  static final Duration NOT_TRIED = Duration.ofMinutes(1);

  /** What to do with the bytes on one device. */
  sealed interface Step {
    DeviceId device();

    /** The device is lost or never was: its bytes are nobody's concern. */
    record Forget(DeviceId device) implements Step {}

    record Remove(DeviceId device) implements Step {}

    /** Not now. */
    record Wait(DeviceId device, Duration delay) implements Step {}
  }

  private DeletePlan() {}

  /**
   * @param failures how often that file was tried before
   */
  static List<Step> plan(List<DeviceId> devices, ClusterView cluster, int failures) {
    var steps = new ArrayList<Step>(devices.size());
    for (var id : devices) {
      steps.add(
          cluster
              .device(id)
              .map(device -> step(device, cluster, failures))
              .orElseGet(() -> new Step.Forget(id)));
    }
    return steps;
  }

  private static Step step(Device device, ClusterView cluster, int failures) {
    if (device.status() == DeviceStatus.DEAD) {
      return new Step.Forget(device.id());
    }
    if (isReadonly(device, cluster)) {
      return new Step.Wait(device.id(), Duration.ofHours(1L + failures));
    }
    if (!cluster.mayDelete(device) || !cluster.isWriteable(device)) {
      return new Step.Wait(device.id(), Duration.ofMinutes(10L + failures));
    }
    return new Step.Remove(device.id());
  }

  /** An operator said so: it may take long. What is down or out of reach may be back soon. */
  private static boolean isReadonly(Device device, ClusterView cluster) {
    return device.status() == DeviceStatus.READONLY
        || cluster.host(device.host()).map(host -> host.status()).equals(READONLY);
  }

  private static final Optional<HostStatus> READONLY = Optional.of(HostStatus.READONLY);

  /** When a removal that the node did not do is tried again. */
  static Duration afterFailure(int failures) {
    return Duration.ofMinutes(30L * (1 + failures));
  }
}
