package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.DeviceId;
import java.util.Optional;

/** What became of a file that was to leave a device. */
sealed interface MoveOutcome {

  /**
   * It has left the device.
   *
   * @param to where a copy was made last; empty where the others were enough
   * @param bytes that were copied for it
   */
  record Moved(Optional<DeviceId> to, long length, long bytes) implements MoveOutcome {}

  /**
   * It is where it was, and perhaps in further places.
   *
   * @param why one line for people
   */
  record Kept(String why) implements MoveOutcome {}

  /** It was not on the device, or is no file any more. */
  record Away() implements MoveOutcome {}

  /** Somebody else is at it: to be tried again. */
  record Busy() implements MoveOutcome {}
}
