package io.hayloft.client;

import io.hayloft.protocol.DeviceId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A disk of a storage host.
 *
 * @param status the tracker's word for its state, which a newer one may have more of than {@link
 *     DeviceState} knows
 * @param weight how readily it is read from, compared with others
 */
public record DeviceInfo(
    DeviceId id, int hostId, String status, int weight, Space space, Observation observation) {

  /** Its room in MiB; empty until the tracker has seen it. */
  public record Space(OptionalLong totalMib, OptionalLong usedMib, OptionalLong freeMib) {}

  /**
   * What the tracker that answered has seen of it.
   *
   * @param state {@code writeable}, {@code readable} or {@code unreachable}; empty before the first
   *     look
   * @param utilization how busy it is, as a percentage
   * @param rejectsBadMd5 whether its server refuses a file that came with a wrong digest
   * @param trouble why it is not used as it should be although it answers: its disk is another's,
   *     or cannot be trusted
   */
  public record Observation(
      Optional<String> state,
      Optional<String> utilization,
      boolean rejectsBadMd5,
      Optional<String> trouble) {}

  public Optional<DeviceState> state() {
    return DeviceState.named(status);
  }
}
