package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.DeviceStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The moving of files from some devices to others: its policy, where it stands, and how it moves
 * on. It is running while it has a host. Policy and state are texts here; what they mean is for
 * {@code policy} to say.
 */
public interface RebalanceStore {

  /** Sets the policy and forgets the state; false while it is running. */
  boolean setPolicy(String policy);

  /** How a start ended. */
  sealed interface Start {

    /** With that state. */
    record Started(String state) implements Start {}

    record RebalanceRunning() implements Start {}

    record FsckRunning() implements Start {}

    record NoPolicy() implements Start {}
  }

  /**
   * Starts, or goes on where there is a state.
   *
   * @param firstState makes the state that a policy starts from; may be called more than once
   */
  Start start(String host, FirstState firstState);

  /** What a run starts with. */
  @FunctionalInterface
  interface FirstState {

    /**
     * @param now unix time
     */
    String of(String policy, long now);
  }

  /** Asks the tracker that moves it on to stop; false when it is not running. */
  boolean stop();

  /** Forgets the state; false while it is running. */
  boolean reset();

  /**
   * Where it stands.
   *
   * @param host empty when it is not running
   * @param former what devices that were set to drain for it were before
   * @param now unix time
   */
  record Status(
      Optional<String> host,
      boolean toStop,
      Optional<String> policy,
      Optional<String> state,
      Map<DeviceId, DeviceStatus> former,
      long now) {

    public Status {
      former = Map.copyOf(former);
    }
  }

  Status status();

  /**
   * Makes another tracker's machine the host of a run; false when the host was not {@code from}.
   */
  boolean takeOver(String from, String to);

  /** A file on a device that is to be emptied. */
  record Candidate(Fid fid, long length) {}

  /**
   * Files on a device in the order of their fids.
   *
   * @param after where to go on; 0 at the beginning
   * @param newestFirst whether to go from the greatest fid down
   */
  List<Candidate> candidates(DeviceId device, long after, boolean newestFirst, int limit);

  /** A file to be moved off a device, to one of others. */
  record Move(Fid fid, DeviceId from, List<DeviceId> targets) {

    public Move {
      targets = List.copyOf(targets);
    }
  }

  /** What a round does to a device. */
  sealed interface Change {
    DeviceId device();

    /** Sets it to drain and keeps in mind what it was, if files may be removed from it at all. */
    record Drain(DeviceId device) implements Change {}

    /** Makes it again what it was, unless somebody changed it meanwhile. */
    record Restore(DeviceId device) implements Change {}

    /** Leaves it as it is and forgets what it was. */
    record Leave(DeviceId device) implements Change {}
  }

  /**
   * One round.
   *
   * @param before the state that the round was decided on
   * @param after the state that it leads to
   * @param moves to be queued
   * @param ends whether the run is over with it
   */
  record Round(String before, String after, List<Move> moves, List<Change> changes, boolean ends) {

    public Round {
      moves = List.copyOf(moves);
      changes = List.copyOf(changes);
    }
  }

  /** Carries a round out, at once; false when the run is not that host's or in another state. */
  boolean advance(String host, Round round);
}
