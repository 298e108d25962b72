package io.hayloft.tracker.store.cache;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.FileLookups.Whereabouts;
import io.hayloft.tracker.store.LookupChanges;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where this tracker found files lately, in its own memory.
 *
 * <h2>The promise</h2>
 *
 * <p>Whoever asks this tracker after a change through this tracker was acknowledged hears of the
 * change. Of a change through another tracker he hears when the time is over that the setting gives
 * what is remembered: no tracker tells the others of each change, and asking somebody for each
 * answer is what this is to save. So it is off until an operator says how long.
 *
 * <h2>How it is kept</h2>
 *
 * <p>A change notes its time for the name and the fid that it touches, before it can be seen by
 * anybody and again when it has ended. What was read from the database is remembered with the time
 * at which the reading began, and believed only while nothing of it was touched since. So nothing
 * has to be found and removed, and a reader may take as long as it likes between reading and
 * remembering. Names and fids share a fixed number of places for those times; two that share one
 * cost each other an answer now and then, and no more.
 *
 * <p>Of a change with an unknown end the time noted lies ahead: the database may yet commit it.
 *
 * <p>Memory is bounded by the number of entries: one that needs a place replaces an older one of
 * the eight that share its two shelves. With one shelf of four a memory that was a third full had
 * lost one name in a hundred.
 */
public final class PathMemory implements ChangeListener {

  /** How many entries there can be; some 300 bytes each. */
  private static final int ENTRIES = 1 << 16;

  private static final int SHELF = 4;
  private static final int TIMES = 1 << 17;
  private static final Duration DOUBTFUL = Duration.ofMinutes(10);

  private final Time time;
  private final long startedNanos;
  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(ENTRIES);
  private final AtomicLongArray touched = new AtomicLongArray(TIMES);

  /** Flat, and with the hash in front: what is far apart in memory costs more than the rest. */
  private record Entry(int hash, int domain, String key, Whereabouts file, long since) {

    static Entry of(StoredFile.Name name, Whereabouts file, long since) {
      return new Entry(name.hashCode(), name.domain().value(), name.key().wire(), file, since);
    }

    boolean isOf(StoredFile.Name name, int hash) {
      return this.hash == hash && domain == name.domain().value() && key.equals(name.key().wire());
    }
  }

  public PathMemory(Time time) {
    this.time = time;
    // Not 0 at the start: that is the time of what was never touched.
    this.startedNanos = time.nanoTime() - 1;
  }

  /** The time by which what is read from now on is remembered. */
  long now() {
    return time.nanoTime() - startedNanos;
  }

  /** What is remembered, when it is not older than so long and may be believed. */
  Optional<Whereabouts> recall(StoredFile.Name name, Duration lasts) {
    int hash = name.hashCode();
    var entry = find(name, hash, shelf(hash));
    if (entry == null) {
      entry = find(name, hash, otherShelf(hash));
    }
    return entry != null && now() - entry.since() < lasts.toNanos() && isUntouched(entry)
        ? Optional.of(entry.file())
        : Optional.empty();
  }

  private @Nullable Entry find(StoredFile.Name name, int hash, int shelf) {
    for (int i = shelf; i < shelf + SHELF; i++) {
      var entry = entries.get(i);
      if (entry != null && entry.isOf(name, hash)) {
        return entry;
      }
    }
    return null;
  }

  private boolean isUntouched(Entry entry) {
    return touched.get(place(entry.hash(), TIMES)) < entry.since()
        && touched.get(timeOf(entry.file().fid())) < entry.since();
  }

  /**
   * Remembers where a file is.
   *
   * @param name exactly as it is stored
   * @param since when it began to be read from the primary
   */
  void remember(StoredFile.Name name, Whereabouts file, long since) {
    entries.set(placeFor(name), Entry.of(name, file, since));
  }

  /** The place of the same name, else an empty one, else that of the oldest. */
  private int placeFor(StoredFile.Name name) {
    int hash = name.hashCode();
    int best = -1;
    long since = Long.MAX_VALUE;
    for (int i = 0; i < 2 * SHELF; i++) {
      int at = i < SHELF ? shelf(hash) + i : otherShelf(hash) + i - SHELF;
      var entry = entries.get(at);
      if (entry != null && entry.isOf(name, hash)) {
        return at;
      }
      long age = entry == null ? Long.MIN_VALUE : entry.since();
      if (best < 0 || age < since) {
        since = age;
        best = at;
      }
    }
    return best;
  }

  /** Where the few places begin that a name can have; the others are looked at after them. */
  private static int shelf(int hash) {
    return place(hash, ENTRIES / SHELF) * SHELF;
  }

  /** Of names that share the one shelf hardly any share the other. */
  private static int otherShelf(int hash) {
    return shelf(hash * 0x85EBCA6B ^ hash >>> 16);
  }

  private static int timeOf(StoredFile.Name name) {
    return place(name.hashCode(), TIMES);
  }

  private static int timeOf(Fid fid) {
    return place(Long.hashCode(fid.value()) + 1, TIMES);
  }

  /** Spreads hashes that differ in a few bits only. */
  private static int place(int hash, int places) {
    int spread = hash * 0x9E3779B9;
    return (spread ^ spread >>> 15) & (places - 1);
  }

  @Override
  public Announcement announce(LookupChanges changes) {
    touch(changes, now());
    return new Announcement() {
      @Override
      public Set<String> raise() {
        return Set.of();
      }

      @Override
      public void ended(boolean certain) {
        touch(changes, certain ? now() : now() + DOUBTFUL.toNanos());
      }
    };
  }

  private void touch(LookupChanges changes, long now) {
    changes.names().forEach(name -> touched.accumulateAndGet(timeOf(name), now, Math::max));
    changes.fids().forEach(fid -> touched.accumulateAndGet(timeOf(fid), now, Math::max));
  }
}
