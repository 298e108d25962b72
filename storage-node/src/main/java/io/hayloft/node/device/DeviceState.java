package io.hayloft.node.device;

import io.hayloft.protocol.DeviceId;
import java.util.Optional;

/**
 * How a device was at the last look.
 *
 * @param space empty when it could not be read
 * @param problem why it cannot be written, in the system's words; empty when it can
 * @param isTrusted whether its syncs can be believed
 */
record DeviceState(
    DeviceId id, Optional<UsageReport.Space> space, Optional<String> problem, boolean isTrusted) {

  boolean isWritable() {
    return problem.isEmpty();
  }
}
