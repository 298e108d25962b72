package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.store.MoveJob.Counts;
import io.hayloft.tracker.store.MoveJob.Scope;
import io.hayloft.tracker.store.MoveJob.Terms;
import io.hayloft.tracker.store.RebalanceStore.Candidate;
import java.util.List;
import java.util.Optional;

/**
 * The jobs that move files: which there are, how far they are, and what they find on devices. At
 * most one job levels devices, and at most one empties a device, while they are not over.
 */
public interface MoveJobStore {

  /** How a start ended. */
  sealed interface Start {

    record Started(MoveJob job) implements Start {}

    /** There is such a job already. */
    record Running(long job) implements Start {}

    /** Files are being moved by a policy, from that device or between all. */
    record RebalanceRunning() implements Start {}

    record NoDevice() implements Start {}

    /** A device that is down or dead cannot be emptied. */
    record Unusable(DeviceStatus status) implements Start {}
  }

  /** Starts a job. One that empties a device sets it to drain and keeps in mind what it was. */
  Start start(Terms terms);

  /** The job of that number. */
  Optional<MoveJob> find(long id);

  /** The jobs that are not over and the last that are, newest first. */
  List<MoveJob> latest(int limit);

  /** The jobs that are to be carried on. */
  List<MoveJob> running();

  /** Holds a running job, or lets it go on; false when it is over, or there is none. */
  boolean hold(long id, boolean pause);

  /** Another limit for what is copied; false when the job is over, or there is none. */
  boolean limit(long id, long bytesPerSecond);

  /**
   * Ends a job. A device that was to be emptied becomes again what it was, unless somebody changed
   * it meanwhile. False when it is over, or there is none.
   */
  boolean stop(long id);

  /**
   * The job has come to an end by itself; the device stays as it is. False when it was over.
   *
   * @param how {@link MoveJob.State#DONE}, or stopped for a reason that the note gives
   */
  boolean finish(long id, MoveJob.State how, String note);

  /**
   * What was done for a job since it was last written down.
   *
   * @param now where it stands; what was moved is in addition to what is written down, and the
   *     other numbers replace it
   */
  record Advance(long id, String host, Counts now, String note) {}

  /** Writes down how far a job is, whatever its state has become. */
  void advance(Advance advance);

  /**
   * Files on a device in the order of their fids.
   *
   * @param after where to go on; 0 at the beginning
   */
  List<Candidate> filesOn(DeviceId device, long after, Scope scope, int limit);

  /**
   * What is on a device still, or may come there.
   *
   * @param rows recorded copies, those included that are about to be deleted; counted up to a limit
   * @param uploads that may store something there; they come to an end within an hour
   * @param status that operators gave the device; empty when there is no such device
   */
  record Remains(long rows, long uploads, Optional<DeviceStatus> status) {

    public boolean isEmpty() {
      return rows == 0 && uploads == 0;
    }
  }

  /**
   * @param most how many rows to count at most
   */
  Remains remains(DeviceId device, long most);

  /** The mean length of some of the files on a device; 0 where there is none. */
  long meanLength(DeviceId device, int sample);
}
