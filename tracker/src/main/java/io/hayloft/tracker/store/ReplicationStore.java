package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The queue of files that may lack copies, and the record of copies made and removed. */
public interface ReplicationStore {

  /** The time of a row that is never tried again by itself: a person must look. */
  long NEVER = 2_147_483_647L;

  /**
   * A claimed queue row.
   *
   * @param from the device to copy from, where the row names one
   * @param until the time up to which nobody else takes the row. It tells this claim from others:
   *     settling has an effect only while the row still has it
   */
  record Queued(Fid fid, Optional<DeviceId> from, int failures, long until) {}

  /**
   * Takes rows that are due, oldest first, and makes them not due for the length of the lease, so
   * that no other worker takes them and a crash gives them back.
   */
  List<Queued> claim(int limit, Duration lease);

  /** What becomes of a claimed row. */
  sealed interface Settlement {
    Queued claimed();

    default Fid fid() {
      return claimed().fid();
    }

    /** The file is as it should be, or gone. */
    record Done(Queued claimed) implements Settlement {}

    /** Try again after that time, with that many failures counted (0 to 255). */
    record Later(Queued claimed, Duration delay, int failures) implements Settlement {}

    /** No copy is known anywhere: never try again by itself. */
    record Stuck(Queued claimed, int failures) implements Settlement {}
  }

  /**
   * Settles claimed rows together. A row that somebody made due meanwhile, or claimed after the
   * lease was over, stays as it is.
   */
  void settle(Collection<? extends Settlement> settlements);

  /** Makes all rows due now, the stuck ones included; how many were not. */
  int wakeAll();

  /**
   * Queues files. One that is queued already becomes due after that delay if it was not to be
   * sooner, with its failures as they are: whoever works on it now may have seen an older state.
   */
  void enqueue(Collection<Fid> fids, Duration delay);

  /**
   * Records a new copy and recounts the file's copies. When the file was deleted while the copy was
   * made, the copy is queued for deletion instead.
   *
   * @param checksum computed on the way, to keep where none is kept yet
   * @return false when the file is gone
   */
  boolean copied(Fid fid, DeviceId to, Optional<Checksum> checksum);

  /** Forgets a copy whose bytes were removed, and recounts. */
  void removed(Fid fid, DeviceId from);

  /** Files believed to be on a device, ascending. */
  List<Fid> filesOn(DeviceId device, int limit);

  /** First queues the files for replication, then forgets that they are on the device. */
  void forget(DeviceId device, Collection<Fid> fids);

  /** Rows that are not new uploads nor stuck, as a measure of how far behind the queue is. */
  long deferred();
}
