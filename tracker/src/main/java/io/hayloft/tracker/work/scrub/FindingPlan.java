package io.hayloft.tracker.work.scrub;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.store.FsckStore.Conclusion;
import io.hayloft.tracker.store.FsckStore.Event;
import io.hayloft.tracker.store.FsckStore.Then;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a damaged copy means for its file. Pure. The location of the last copy that anybody knows of
 * is never forgotten: its bytes, bad as they are, may be all that is left, and they can be put back
 * from quarantine.
 */
final class FindingPlan {

  /** What a look at one of the other copies gave. */
  enum Copy {
    GOOD,
    /** Not there, or with another length. */
    NONE,
    CANNOT_TELL
  }

  /** What is to be done. */
  sealed interface Step {

    /** Nothing: the file is not recorded to be there, or does not exist any more. */
    record Drop() implements Step {}

    /** A device must be asked first that does not answer. */
    record Wait() implements Step {}

    /**
     * @param isLost whether no good copy is left
     */
    record Conclude(Conclusion conclusion, boolean isLost) implements Step {}
  }

  private FindingPlan() {}

  /**
   * @param bad the device whose copy is damaged
   * @param on where the file is recorded to be
   * @param others what was seen of the other recorded copies
   */
  static Step of(Fid fid, DeviceId bad, Set<DeviceId> on, Map<DeviceId, Copy> others) {
    if (!on.contains(bad)) {
      return new Step.Drop();
    }
    if (others.containsValue(Copy.GOOD)) {
      return new Step.Conclude(
          new Conclusion(
              fid,
              List.of(Event.of(FsckEvent.BSUM, bad), Event.of(FsckEvent.REPL)),
              Set.of(bad),
              Set.of(),
              Optional.empty(),
              Set.of(Then.RECOUNT, Then.REPLICATE)),
          false);
    }
    if (others.containsValue(Copy.CANNOT_TELL)) {
      return new Step.Wait();
    }
    return new Step.Conclude(
        new Conclusion(
            fid,
            List.of(Event.of(FsckEvent.BSUM, bad), Event.of(FsckEvent.GONE)),
            Set.of(),
            Set.of(),
            Optional.empty(),
            Set.of()),
        true);
  }
}
