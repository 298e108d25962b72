package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The queue of files whose bytes are to be removed. */
public interface DeletionStore {

  /** A queue row, with the devices that the bytes are believed to be on. */
  record Queued(Fid fid, int failures, List<DeviceId> devices) {}

  /** Takes rows that are due; see {@link ReplicationStore#claim}. */
  List<Queued> claim(int limit, Duration lease);

  /**
   * What was done for a claimed row.
   *
   * @param gone devices that the bytes are no longer on: forgotten
   * @param retry when to try the remaining devices again; ignored when none remains
   * @param failures to count, 0 to 255
   */
  record Progress(Fid fid, List<DeviceId> gone, Duration retry, int failures) {}

  /**
   * Records what was done. A row whose fid has no location left goes, with the fid's checksum and
   * upload rows; a location that appeared meanwhile keeps it, due at once.
   */
  void settle(Collection<Progress> progress);
}
