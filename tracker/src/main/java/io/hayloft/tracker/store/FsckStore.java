package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.model.FsckTerms;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The check of all files: where it stands, what it found, and what it changes in the tables; {@link
 * FsckRunStore} has how it goes through them.
 *
 * <p>A check goes through the fids in their order, from a position to an end that is fixed when it
 * is reset. It is running while it has a host: the name of the machine whose tracker moves it on.
 */
public interface FsckStore {

  /** How a start ended. */
  enum Start {
    STARTED,
    FSCK_RUNNING,
    REBALANCE_RUNNING
  }

  /**
   * Starts, or goes on from the position. Where the end was reached, or never set, the end and the
   * counts are set anew, but not the position.
   */
  Start start(String host);

  /** Starts at the first file, with these terms, whatever was reset before. */
  Start startFromTheFirst(String host, FsckTerms terms);

  /** Ends the run, if there is one; what is queued is still checked. */
  void stop();

  /**
   * Sets the position, and the end to the greatest fid there is; forgets all counts, and all terms.
   */
  void reset(boolean policyOnly, long position);

  /**
   * Where the check stands.
   *
   * @param host empty when it is not running
   * @param counts events since the last reset, by code
   */
  record Status(
      Optional<String> host,
      boolean policyOnly,
      Range range,
      Times times,
      long newestLogId,
      SortedMap<String, Long> counts) {

    public Status {
      counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }
  }

  /** The fids up to {@code position} have been queued or checked; those beyond the end are not. */
  record Range(long position, long end) {}

  /** Unix times, 0 for what has not happened. */
  record Times(long started, long stopped, long now) {}

  /** The host of the run, if it is running. */
  Optional<String> host();

  /** What the run that was started last is to do. */
  FsckTerms terms();

  /** Also brings the kept counts up to date, as far as the log is known to be complete. */
  Status status();

  /** A row of the log. */
  record LogRow(
      long id, long time, Optional<Fid> fid, Optional<String> code, Optional<DeviceId> device) {}

  /** Rows after that one, in order. */
  List<LogRow> log(long after, int limit);

  /** Empties the log; the counts stay. */
  void clearLog();

  /**
   * Makes another tracker's machine the host of a run; false when the host was not {@code from}.
   */
  boolean takeOver(String from, String to);

  /** Removes rows of files that were checked from the queue, and counts them. */
  void checked(Collection<TodoStore.Queued> claimed);

  /** An event of a file; some are about one of its devices. */
  record Event(FsckEvent code, Optional<DeviceId> device) {

    public static Event of(FsckEvent code) {
      return new Event(code, Optional.empty());
    }

    public static Event of(FsckEvent code, DeviceId device) {
      return new Event(code, Optional.of(device));
    }
  }

  /**
   * What is to be changed after a look at a file.
   *
   * @param events to log
   * @param forget devices that the file is not on after all
   * @param found devices that it turned out to be on
   * @param checksum to keep, where none is kept
   * @param then what else
   */
  record Conclusion(
      Fid fid,
      List<Event> events,
      Set<DeviceId> forget,
      Set<DeviceId> found,
      Optional<Checksum> checksum,
      Set<Then> then) {

    public Conclusion {
      events = List.copyOf(events);
      forget = Set.copyOf(forget);
      found = Set.copyOf(found);
      then = Set.copyOf(then);
    }
  }

  /** What a conclusion may ask for besides. */
  enum Then {
    /** Count the copies anew. */
    RECOUNT,
    /** Queue the file for replication. */
    REPLICATE
  }

  /** Carries a conclusion out, log included, at once; false when the file is gone. */
  boolean conclude(Conclusion conclusion);
}
