package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The files that are kept open because they were read lately: a read of one needs no call to the
 * filesystem but the read.
 *
 * <h2>When an entry is right</h2>
 *
 * The node's own changes drop the entry at once. Since a read may open the old file just before the
 * change and come to enter it just after, each path has a counter (shared by paths of the same
 * hash) that a change advances; an entry is taken only if the counter is as it was before the file
 * was opened. Changes by others are noticed because entries in use are compared with the disk every
 * {@link #LOOK_EVERY} by {@code LooksAgain}; one whose last look is older than {@link #TRUSTED} is
 * not taken before another.
 *
 * <h2>What it costs</h2>
 *
 * One file descriptor and some hundred bytes for each entry, of which there are a set number at
 * most. Entries unused for {@link #UNUSED} are closed, so that a disk that nobody reads can be
 * unmounted and a file that somebody else removed gives its space back.
 */
public final class OpenBlobs {

  static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  static final Duration TRUSTED = Duration.ofSeconds(3);
  static final Duration UNUSED = Duration.ofSeconds(20);
  private static final int COUNTERS = 1_024;

  private final int capacity;
  private final Time time;
  private final AtomicIntegerArray changes = new AtomicIntegerArray(COUNTERS);
  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

  /** In the order in which they are considered for closing; guarded by the lock. */
  private final ArrayDeque<Entry> clock = new ArrayDeque<>();

  /** Hashes of the paths that were lately asked for and not found. */
  private final int[] missed;

  private final ReentrantLock lock = new ReentrantLock();

  public static final class Entry {
    private final BlobPath path;
    private final OpenBlob blob;
    private volatile boolean beingLookedAt;

    /** Written by readers without a lock: which of two that come together wins means nothing. */
    private volatile long usedNanos;

    /** What that was when the entry was last considered for closing; guarded by the lock. */
    private long consideredNanos;

    private boolean isGone;

    Entry(BlobPath path, OpenBlob blob, long usedNanos) {
      this.path = path;
      this.blob = blob;
      this.usedNanos = usedNanos;
      this.consideredNanos = usedNanos;
    }

    public BlobPath path() {
      return path;
    }

    public OpenBlob blob() {
      return blob;
    }

    /** Ends what {@link #due} has begun. */
    public void looked() {
      beingLookedAt = false;
      blob.release();
    }
  }

  public OpenBlobs(int capacity, Time time) {
    this.capacity = capacity;
    this.time = time;
    this.missed = new int[Math.max(1, Integer.highestOneBit(capacity))];
  }

  /** An entry that needs no look at the disk, retained for the caller. */
  public Optional<OpenBlob> current(BlobPath path) {
    return current(path.text());
  }

  /** The same by what may be the text of a path. */
  public Optional<OpenBlob> current(String path) {
    return find(path, true);
  }

  /** An entry of whatever age, retained for the caller. */
  Optional<OpenBlob> any(BlobPath path) {
    return find(path.text(), false);
  }

  private Optional<OpenBlob> find(String path, boolean onlyCurrent) {
    long now = time.nanoTime();
    var entry = entries.get(path);
    if (entry == null
        || (onlyCurrent && now - entry.blob.checkedNanos() > TRUSTED.toNanos())
        || !entry.blob.retain()) {
      return Optional.empty();
    }
    entry.usedNanos = now;
    return Optional.of(entry.blob);
  }

  /**
   * The entries that were used since they were looked at, if that is a while ago; retained, and not
   * given out again before they were {@link Entry#looked}. To be called by one thread.
   */
  public List<Entry> due() {
    long now = time.nanoTime();
    var due = new ArrayList<Entry>();
    for (var entry : entries.values()) {
      long looked = entry.blob.checkedNanos();
      if (now - looked > LOOK_EVERY.toNanos()
          && entry.usedNanos - looked > 0
          && !entry.beingLookedAt
          && entry.blob.retain()) {
        entry.beingLookedAt = true;
        due.add(entry);
      }
    }
    return due;
  }

  /**
   * Whether a file that is not open was asked for a short while ago already, so that it is worth to
   * be kept open. Of files that are many times as many as can be open, nearly all are asked for
   * once in that time; opening each would only close others.
   */
  boolean isReadAgain(BlobPath path) {
    if (capacity == 0) {
      return false;
    }
    int hash = path.text().hashCode();
    int mixed = hash * 0x9e3779b1;
    int place = mixed >>> 7 & (missed.length - 1);
    // Which of two that come together wins means nothing here either.
    boolean isAgain = missed[place] == hash;
    missed[place] = isAgain ? 0 : hash;
    return isAgain;
  }

  /** The path's count of changes, to be read before a file is opened. */
  int changes(BlobPath path) {
    return changes.get(counter(path));
  }

  /** Keeps a file open, if the path has not changed since the count was read. */
  void keep(BlobPath path, OpenBlob blob, int changesBefore) {
    var closing = new ArrayList<Entry>();
    lock.lock();
    try {
      if (changes(path) != changesBefore || capacity == 0 || !blob.retain()) {
        return;
      }
      var replaced = entries.get(path.text());
      if (replaced != null) {
        drop(replaced, closing);
      }
      if (entries.size() >= capacity) {
        makeRoom(closing);
      }
      var entry = new Entry(path, blob, time.nanoTime());
      entries.put(path.text(), entry);
      clock.add(entry);
    } finally {
      lock.unlock();
    }
    release(closing);
  }

  /** Gives up the first that was not used since it was last considered: the clock algorithm. */
  private void makeRoom(List<Entry> closing) {
    for (int left = 2 * clock.size(); left > 0; left--) {
      var entry = clock.poll();
      if (entry == null) {
        return;
      }
      if (!entry.isGone && entry.usedNanos == entry.consideredNanos) {
        drop(entry, closing);
        return;
      }
      if (!entry.isGone) {
        entry.consideredNanos = entry.usedNanos;
        clock.add(entry);
      }
    }
  }

  private void drop(Entry entry, List<Entry> closing) {
    entry.isGone = true;
    entries.remove(entry.path.text());
    closing.add(entry);
  }

  /** To be called after each change of what the path names. */
  public void changed(BlobPath path) {
    var closing = new ArrayList<Entry>(1);
    lock.lock();
    try {
      changes.incrementAndGet(counter(path));
      var dropped = entries.get(path.text());
      if (dropped != null) {
        drop(dropped, closing);
      }
    } finally {
      lock.unlock();
    }
    release(closing);
  }

  /** Closes what has not been used for a while. To be called every few seconds. */
  public void closeUnused() {
    long now = time.nanoTime();
    closeAll(entry -> now - entry.usedNanos >= UNUSED.toNanos());
  }

  /** Closes the files of a device that is not to be read any more. */
  public void closeAllOf(DeviceId device) {
    closeAll(entry -> entry.path.device().equals(device));
  }

  public void closeAll() {
    closeAll(_ -> true);
  }

  private void closeAll(Predicate<Entry> which) {
    var closing = new ArrayList<Entry>();
    lock.lock();
    try {
      for (var entry : entries.values()) {
        if (which.test(entry)) {
          drop(entry, closing);
        }
      }
      clock.removeIf(entry -> entry.isGone);
    } finally {
      lock.unlock();
    }
    release(closing);
  }

  public int size() {
    return entries.size();
  }

  private static void release(List<Entry> entries) {
    entries.forEach(entry -> entry.blob.release());
  }

  private static int counter(BlobPath path) {
    return Math.floorMod(path.text().hashCode(), COUNTERS);
  }

  /** For tests: the paths, in the order in which they are considered for closing. */
  List<String> paths() {
    lock.lock();
    try {
      return clock.stream().filter(entry -> !entry.isGone).map(entry -> entry.path.text()).toList();
    } finally {
      lock.unlock();
    }
  }
}
