package io.hayloft.node.blob;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The files that are kept because they were read lately, open or, if they are small, with all their
 * bytes in memory: a read of one needs no call to the filesystem but the read, or none at all.
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
 * Some hundred bytes for each entry, and a file descriptor for each open one, of which there are a
 * set number at most; who has bytes in memory was given that by {@link HotBytes}. Entries unused
 * for {@link #UNUSED} are closed, so that a disk that nobody reads can be unmounted and a file that
 * somebody else removed gives its space back.
 *
 * <p>Opening a file to keep it costs several times as much as reading it once. Where more files are
 * read all the time than can be kept, each would only take the place of another that is as good, so
 * small files, which can be read without that, take others' places no more often than each {@link
 * #EXCHANGE_EVERY}.
 */
public final class OpenBlobs {

  static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  static final Duration TRUSTED = Duration.ofSeconds(3);
  static final Duration UNUSED = Duration.ofSeconds(20);
  static final Duration EXCHANGE_EVERY = Duration.ofMillis(5);
  private static final int COUNTERS = 1_024;
  private static final int MOST_MISSED = 1 << 16;
  private static final int MISSED_FOR_EACH = 16;

  private final int capacity;
  private final Time time;
  private final AtomicIntegerArray changes = new AtomicIntegerArray(COUNTERS);
  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

  /** Those that are open, in the order in which they are considered; guarded by the lock. */
  private final ArrayDeque<Entry> clock = new ArrayDeque<>();

  /** How many are open; changed under the lock. */
  private final AtomicInteger open = new AtomicInteger();

  /** When a small file may take another's place again. */
  private final AtomicLong exchangeNanos;

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
    this.exchangeNanos = new AtomicLong(time.nanoTime());
    long missed = Math.clamp((long) capacity * MISSED_FOR_EACH, 1, MOST_MISSED);
    this.missed = new int[Integer.highestOneBit((int) missed)];
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
   * Whether a file that is not kept was asked for a while ago already, so that it is worth to be
   * kept.
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

  /** Whether a small file may be opened to be kept; to be asked for each anew. */
  boolean hasRoom() {
    if (open.get() < capacity) {
      return true;
    }
    long now = time.nanoTime();
    long due = exchangeNanos.get();
    return now - due >= 0 && exchangeNanos.compareAndSet(due, now + EXCHANGE_EVERY.toNanos());
  }

  /** The path's count of changes, to be read before a file is opened. */
  int changes(BlobPath path) {
    return changes.get(counter(path));
  }

  /** Keeps a file, if the path has not changed since the count was read. */
  void keep(BlobPath path, OpenBlob blob, int changesBefore) {
    var closing = new ArrayList<Entry>();
    lock.lock();
    try {
      if (changes(path) != changesBefore || capacity == 0 || !blob.retain()) {
        return;
      }
      put(path, blob, closing);
    } finally {
      lock.unlock();
    }
    release(closing);
  }

  /**
   * The same file without being open, which is kept in its place if it is kept. The holding of the
   * one goes over to the other.
   *
   * @param path of the file, as {@link #current(String)} was asked for it
   * @param bytes that end with all of the file's
   */
  public OpenBlob intoMemory(String path, OpenBlob blob, HotBytes.Piece bytes) {
    var memory = new OpenBlob(bytes, blob.version(), blob.checkedNanos());
    memory.crc32c(blob.crc32c());
    var closing = new ArrayList<Entry>(1);
    lock.lock();
    try {
      var entry = entries.get(path);
      if (entry != null && entry.blob == blob && memory.retain()) {
        put(entry.path, memory, closing);
      }
    } finally {
      lock.unlock();
    }
    release(closing);
    blob.release();
    return memory;
  }

  private void put(BlobPath path, OpenBlob blob, List<Entry> closing) {
    var replaced = entries.get(path.text());
    if (replaced != null) {
      drop(replaced, closing);
    }
    var entry = new Entry(path, blob, time.nanoTime());
    if (blob.isOpen()) {
      if (open.get() >= capacity) {
        makeRoom(closing);
      }
      open.incrementAndGet();
      clock.add(entry);
    }
    entries.put(path.text(), entry);
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
    if (entry.blob.isOpen()) {
      open.decrementAndGet();
    }
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

  /** For want of file descriptors. */
  public void closeAllOpen() {
    closeAll(entry -> entry.blob.isOpen());
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

  /** How many files are open. */
  public int open() {
    return open.get();
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
