package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The queues of files that are to be checked, or moved to other devices. */
public interface TodoStore {

  /** What is to be done; the numbers are those of the table. */
  enum Kind {
    FSCK(1),
    REBALANCE(2);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  /**
   * A claimed row.
   *
   * @param device the one to move the file from; for a check one on which its content is doubted
   * @param targets the devices it may be moved to; none for a check
   * @param until tells this claim from others, see {@link ReplicationStore.Queued}
   */
  record Queued(
      Fid fid, Optional<DeviceId> device, List<DeviceId> targets, int failures, long until) {

    public Queued {
      targets = List.copyOf(targets);
    }
  }

  /** Takes rows that are due; see {@link ReplicationStore#claim}. */
  List<Queued> claim(Kind kind, int limit, Duration lease);

  /** Removes claimed rows; one that was claimed anew meanwhile stays. */
  void done(Kind kind, Collection<Queued> claimed);

  /** Puts claimed rows off, with one failure more counted. */
  void later(Kind kind, Collection<Queued> claimed, Duration delay);

  /** How many rows there are, due or not. */
  long length(Kind kind);
}
