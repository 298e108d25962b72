package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.StoredFile;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a check goes through the files, slice by slice, and what is remembered of each run. A run is
 * from a start to the end or a stop; {@link FsckStore} starts and stops it.
 */
public interface FsckRunStore {

  /**
   * Where the run of a machine stands.
   *
   * @param queued how many files wait for a closer look
   */
  record Stand(FsckStore.Range range, FsckTerms terms, long queued) {}

  /** Empty when that machine has no run to move on. */
  Optional<Stand> stand(String host);

  /**
   * How much to read at once.
   *
   * @param bytes the slice ends where its copies are that long together, but with one file at least
   * @param checksums whether the digests are wanted
   */
  record Portion(int files, long bytes, boolean checksums) {}

  /** The next files up to the end of a range; nobody is kept from changing them meanwhile. */
  FsckSlice read(FsckStore.Range range, FsckTerms.Scope scope, Portion portion);

  /**
   * A file that needs a closer look.
   *
   * @param device on which its content is doubted, if that is the reason
   */
  record Doubt(Fid fid, Optional<DeviceId> device) {}

  /** What was done about files that are on a device and not in the tables. */
  record Orphans(long found, long adopted, long quarantined) {

    public static final Orphans NONE = new Orphans(0, 0, 0);

    public Orphans plus(Orphans more) {
      return new Orphans(
          found + more.found, adopted + more.adopted, quarantined + more.quarantined);
    }
  }

  /** How fast it goes, of late. */
  record Speed(double filesPerSecond, double fidsPerSecond) {}

  /**
   * What came of a slice.
   *
   * @param good files of which nothing more is to be seen
   * @param doubts files to queue
   * @param stalled files of which a device did not answer; those that are not queued any more,
   *     because the queue is long, are counted as not checked
   */
  record Passed(
      FsckStore.Range range,
      long good,
      List<Doubt> doubts,
      List<Fid> stalled,
      Orphans orphans,
      Speed speed) {

    public Passed {
      doubts = List.copyOf(doubts);
      stalled = List.copyOf(stalled);
    }
  }

  /**
   * Queues, counts and moves the position from the beginning of the range to its end, at once or
   * not at all: false when the run is over, another machine's, or somewhere else by now.
   *
   * @param longest stalled files are queued while the queue has fewer rows
   */
  boolean pass(String host, Passed passed, long longest);

  /** Ends the run of a machine if it is at its end; false when it is not. */
  boolean finish(String host);

  /**
   * Closes the run that is over, once all that it queued was looked at; what did not answer until
   * then is counted as stalled.
   */
  void settle();

  /** As {@link FsckStore#start} from the first file on, at a time that was due. */
  FsckStore.Start startDue(String host, FsckTerms terms, Due due);

  /**
   * A time that was due.
   *
   * @param name of the schedule
   * @param text what the schedule says
   * @param at unix time
   */
  record Due(String name, String text, long at) {}

  /**
   * The last time of a schedule that was seen to. Where the schedule is new, or says something else
   * by now, the given time is noted as seen to: nothing is made up for that was not to be done.
   */
  long seenTo(Due due);

  /** Notes a time as seen to, without a run. */
  void skip(Due due);

  /** How a run ended. */
  enum Outcome {
    FINISHED,
    STOPPED
  }

  /**
   * A run.
   *
   * @param outcome empty while it goes on
   */
  record Run(
      long number,
      Origin origin,
      Optional<Outcome> outcome,
      RunTimes times,
      Progress progress,
      Tally tally) {

    /** Over, and nothing of it is queued any more. */
    public boolean isClosed() {
      return times.ended() > 0;
    }

    /** Whether it has looked at all files and their copies, and come to its end. */
    public boolean isWhole() {
      var terms = origin.terms();
      return isClosed()
          && outcome.equals(Optional.of(Outcome.FINISHED))
          && terms.scope().isAll()
          && terms.depth() != FsckTerms.Depth.POLICY;
    }
  }

  /**
   * Where a run comes from.
   *
   * @param askedBy {@code command} or the name of a schedule
   * @param host the machine that moves it on, or did so last
   * @param takeovers how often another machine went on with it
   */
  record Origin(String askedBy, String host, long takeovers, FsckTerms terms) {}

  /** How far a run is between two fids, and how fast it goes. */
  record Progress(FsckStore.Range range, Speed speed) {}

  /**
   * Unix times, 0 for what has not happened.
   *
   * @param scanned when the last slice had been read
   * @param ended when all that was queued had been looked at
   */
  record RunTimes(long started, long scanned, long ended, long now) {

    /** How long it took, or has been going on. */
    public Duration length() {
      return Duration.ofSeconds(Math.max(0, (ended > 0 ? ended : now) - started));
    }
  }

  /**
   * What was counted.
   *
   * @param checked files
   * @param stalled files that could not be looked at
   * @param lost files without any good copy
   * @param events by code
   */
  record Tally(
      long checked, long stalled, long lost, Orphans orphans, SortedMap<String, Long> events) {

    public Tally {
      events = Collections.unmodifiableSortedMap(new TreeMap<>(events));
    }
  }

  /** The newest runs, newest first. */
  List<Run> runs(int most);

  Optional<Run> run(long number);

  /** A file without any good copy, by its name as it was. */
  record Lost(Fid fid, String domain, String key) {}

  /** Those of a run with greater fids, in order. */
  List<Lost> lost(long run, long after, int most);

  /**
   * What the tables say of a file that is on a device, as of one moment.
   *
   * @param on where it is believed to be, also when it is no file
   * @param kept whether an upload or a deletion is under way that sees to it
   */
  record Claims(Optional<StoredFile> file, Set<DeviceId> on, boolean kept) {

    public Claims {
      on = Set.copyOf(on);
    }
  }

  Map<Fid, Claims> claims(Collection<Fid> fids);
}
