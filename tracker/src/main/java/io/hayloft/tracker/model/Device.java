package io.hayloft.tracker.model;

import io.hayloft.protocol.DeviceId;
import java.util.Optional;

/**
 * A disk of a host.
 *
 * @param weight how readily clients are sent there to read; 100 is usual, negative never
 * @param space empty until it was read once
 */
public record Device(
    DeviceId id, HostId host, DeviceStatus status, int weight, Optional<Space> space) {

  /** 0 (full, or not known) to 1 (empty). */
  public double freeFraction() {
    return space.map(Space::freeFraction).orElse(0.0);
  }

  public Device with(Space newer) {
    return new Device(id, host, status, weight, Optional.of(newer));
  }
}
