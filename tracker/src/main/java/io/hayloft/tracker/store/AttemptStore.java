package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What failed last for a file, for people who ask why it is not as it should be. Written only when
 * something failed, never on the way of what works: a file without rows is well, or nobody has
 * tried yet. Nothing is decided by it.
 */
public interface AttemptStore {

  /** How many are kept of a file: the newest. */
  int KEPT = 5;

  /** The longest reason that is kept, in bytes. */
  int LONGEST_REASON = 255;

  /** What was to be done. */
  enum Job {
    REPLICATE,
    DELETE,
    MOVE,
    CHECK;

    /** As it is stored and shown. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Job> named(String word) {
      for (var job : values()) {
        if (job.word().equals(word)) {
          return Optional.of(job);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Something that failed.
   *
   * @param when to the millisecond
   * @param from the device that was read, where one was
   * @param to the device that was written to, where one was, or that the bytes were to go from
   * @param why one line for people; what is longer than {@link #LONGEST_REASON} is cut
   */
  record Attempt(
      Fid fid, Job job, Instant when, Optional<DeviceId> from, Optional<DeviceId> to, String why) {}

  /**
   * Adds what failed, at best: what cannot be written is dropped, and no exception comes of it.
   * Older ones of the same files go.
   */
  void record(Collection<Attempt> failed);

  /** What is kept of a file, newest first. */
  List<Attempt> of(Fid fid);

  /**
   * Files that failed before and are well or gone now. For those that never failed it is not
   * called: it writes.
   */
  void forget(Collection<Fid> fids);

  /**
   * Drops what is older than that, and of the rest the oldest beyond a number, a bounded portion at
   * a time.
   *
   * @return how many were dropped; when it is none there is nothing left to drop
   */
  int forgetOld(Duration age, long most);
}
