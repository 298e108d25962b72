package io.hayloft.tracker.work.rebalance;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.util.Set;

/**
 * A file that shall leave a device.
 *
 * @param targets where it may go
 * @param length in bytes, as far as is known before the file is read
 */
record MoveAsk(Fid fid, DeviceId off, Set<DeviceId> targets, long length) {

  MoveAsk {
    targets = Set.copyOf(targets);
  }
}
