package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The queue of files that may lack copies, and the record of copies made and removed. */
public interface ReplicationStore {

  /** The time of a row that is never tried again by itself: a person must look. */
  long NEVER = 2_147_483_647L;

  /**
   * A claimed queue row.
   *
   * @param from the device to copy from, where the row names one
   * @param until the time up to which nobody else takes the row. It tells this claim from others:
   *     settling has an effect only while the row still has it, or has been prolonged once since
   *     ({@link ClaimStore})
   */
  record Queued(Fid fid, Optional<DeviceId> from, int failures, long until) {

    /** The same row after its claim was prolonged. */
    public Queued until(long later) {
      return new Queued(fid, from, failures, later);
    }
  }

  /**
   * Takes rows that are due and makes them not due for the length of the lease, so that no other
   * worker takes them and a crash gives them back. New uploads come first, then files that have one
   * copy left, then all others, each kind oldest first; but what comes later gets a share while
   * there is more of what comes first than can be taken, so that nothing waits for ever.
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
   * A copy that has been made.
   *
   * @param checksum computed on the way, to keep where none is kept yet
   * @param done the file's claimed row, where it has all copies with this one
   */
  record NewCopy(Fid fid, DeviceId to, Optional<Checksum> checksum, Optional<Queued> done) {}

  /**
   * Records new copies in one transaction: the location, the number of copies, the digest, and the
   * end of the work on the file. When a file was deleted while its copy was made, the copy is
   * queued for deletion instead. When somebody else took a row over meanwhile, who may have made a
   * copy as well, the file is queued to be looked at again.
   *
   * @return the files that are gone
   */
  Set<Fid> record(Collection<NewCopy> copies);

  /**
   * Records one new copy of a file whose row nobody here has claimed.
   *
   * @return false when the file is gone
   */
  default boolean copied(Fid fid, DeviceId to, Optional<Checksum> checksum) {
    return record(List.of(new NewCopy(fid, to, checksum, Optional.empty()))).isEmpty();
  }

  /** A copy whose bytes were removed. */
  record Removed(Fid fid, DeviceId from) {}

  /** Forgets copies whose bytes were removed, and recounts; all in one transaction. */
  void removed(Collection<Removed> copies);

  /** As {@link #removed(Collection)}, for one. */
  default void removed(Fid fid, DeviceId from) {
    removed(List.of(new Removed(fid, from)));
  }

  /** Those of the files that are queued: somebody may be copying them. */
  Set<Fid> queued(Collection<Fid> fids);

  /**
   * The devices that are marked dead by now. A tracker's view of them is seconds old when another
   * one was told; before a copy is removed for the sake of others, theirs must not be among those.
   */
  Set<DeviceId> markedDead();

  /** Files believed to be on a device, ascending. */
  List<Fid> filesOn(DeviceId device, int limit);

  /**
   * First queues the files for replication, those with the fewest live copies to be claimed first,
   * then forgets that they are on the device.
   */
  void forget(DeviceId device, Collection<Fid> fids);

  /** Rows that are not new uploads nor stuck, as a measure of how far behind the queue is. */
  long deferred();

  /**
   * What the queue holds.
   *
   * @param fresh new uploads
   * @param endangered files of dead devices with one live copy left
   * @param due all others that are due
   * @param later those that wait for their time, the claimed ones included
   * @param stuck those that a person must see to
   * @param overdueSeconds for how long the one has been due that has been so the longest
   */
  record Depth(
      long fresh, long endangered, long due, long later, long stuck, long overdueSeconds) {}

  Depth depth();
}
