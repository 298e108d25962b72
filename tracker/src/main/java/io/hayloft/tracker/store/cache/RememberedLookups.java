package io.hayloft.tracker.store.cache;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.Hearer;
import io.hayloft.tracker.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Look-ups that are remembered in a {@link PathMemory} while the setting {@value #SETTING} says for
 * how many seconds: whereabouts only, of files that are there, by the very bytes of their keys.
 * What is remembered was read from the primary; while that is away, and for all other questions,
 * whoever is behind is asked.
 *
 * <p>Nobody shall wait for a slow primary for the memory's sake: where there are replicas, so many
 * look-ups at a time ask the primary, and those beyond ask a replica and leave nothing behind.
 */
public final class RememberedLookups implements FileLookups {

  public static final String SETTING = "path_cache_ttl";

  private static final long LONGEST_SECONDS = 3600;

  /** Half of the places that a tracker keeps for look-ups alone, by its usual settings. */
  private static final int MOST_AT_PRIMARY = 16;

  private final FileLookups behind;
  private final PathMemory memory;
  private final Supplier<ServerSettings> settings;
  private final Semaphore atPrimary = new Semaphore(MOST_AT_PRIMARY);

  public RememberedLookups(
      FileLookups behind, PathMemory memory, Supplier<ServerSettings> settings) {
    this.behind = behind;
    this.memory = memory;
    this.settings = settings;
  }

  /** Zero when nothing is to be remembered. */
  private Duration lasts() {
    return Duration.ofSeconds(Math.clamp(settings.get().number(SETTING, 0), 0, LONGEST_SECONDS));
  }

  @Override
  public Optional<Whereabouts> atOnce(DomainId domain, Key key) {
    var lasts = lasts();
    return lasts.isZero()
        ? Optional.empty()
        : memory.recall(new StoredFile.Name(domain, key), lasts);
  }

  @Override
  public Optional<Whereabouts> whereabouts(DomainId domain, Key key) {
    if (lasts().isZero()) {
      return behind.whereabouts(domain, key);
    }
    var known = atOnce(domain, key);
    return known.isPresent() ? known : lookUpOnce(domain, key);
  }

  private Optional<Whereabouts> lookUpOnce(DomainId domain, Key key) {
    if (!behind.hasOthers()) {
      return lookUp(domain, key);
    }
    if (!atPrimary.tryAcquire()) {
      return behind.whereabouts(domain, key);
    }
    try {
      return lookUp(domain, key);
    } finally {
      atPrimary.release();
    }
  }

  /** What is to be remembered is looked up by {@link #whereabouts(DomainId, Key)}. */
  @Override
  public boolean whereabouts(DomainId domain, Key key, Hearer<Optional<Whereabouts>> hearer) {
    return lasts().isZero() && behind.whereabouts(domain, key, hearer);
  }

  private Optional<Whereabouts> lookUp(DomainId domain, Key key) {
    long since = memory.now();
    try {
      var found = behind.atPrimary(domain, key);
      found
          .filter(located -> located.file().key().equals(key) && !located.devices().isEmpty())
          .ifPresent(
              located -> memory.remember(located.file().name(), Whereabouts.of(located), since));
      return found.map(Whereabouts::of);
    } catch (StoreException e) {
      if (behind.hasOthers()) {
        return behind.whereabouts(domain, key);
      }
      throw e;
    }
  }

  @Override
  public Optional<Located> locate(DomainId domain, Key key) {
    return behind.locate(domain, key);
  }

  @Override
  public boolean locate(DomainId domain, Key key, Hearer<Optional<Located>> hearer) {
    return behind.locate(domain, key, hearer);
  }

  @Override
  public Optional<Checksum> checksum(Fid fid) {
    return behind.checksum(fid);
  }

  @Override
  public Optional<Located> newer(DomainId domain, Key key, Located told) {
    return behind.newer(domain, key, told);
  }

  @Override
  public boolean hasOthers() {
    return behind.hasOthers();
  }

  @Override
  public Optional<Located> atPrimary(DomainId domain, Key key) {
    return behind.atPrimary(domain, key);
  }
}
