package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The queue of files whose bytes are to be removed. */
public interface DeletionStore {

  /**
   * A claimed queue row, with the devices that the bytes are believed to be on.
   *
   * @param until tells this claim from others, see {@link ReplicationStore.Queued}
   */
  record Queued(Fid fid, int failures, List<DeviceId> devices, long until) {

    /** The same row after its claim was prolonged. */
    public Queued until(long later) {
      return new Queued(fid, failures, devices, later);
    }
  }

  /**
   * Takes rows that are due; see {@link ReplicationStore#claim}. A row whose fid still is a file is
   * dropped instead of handed out: bytes that a key stands for are never deleted.
   */
  List<Queued> claim(int limit, Duration lease);

  /**
   * What was done for a claimed row.
   *
   * @param gone devices that the bytes are no longer on: forgotten
   * @param retry when to try the remaining devices again; ignored when none remains
   * @param failures to count, 0 to 255
   */
  record Progress(Queued claimed, List<DeviceId> gone, Duration retry, int failures) {

    public Fid fid() {
      return claimed.fid();
    }
  }

  /**
   * Records what was done. A row whose fid has no location left goes, with the fid's checksum and
   * upload rows; a location that the claim did not know keeps it, due at once.
   */
  void settle(Collection<Progress> progress);
}
