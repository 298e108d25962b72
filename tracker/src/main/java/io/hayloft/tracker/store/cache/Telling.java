package io.hayloft.tracker.store.cache;

import io.hayloft.tracker.store.ChangeListener.Announcement;
import io.hayloft.tracker.store.LookupChanges;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells the servers of one transaction's changes; see {@link LookupCache} for why so. */
final class Telling implements Announcement {

  private final List<Ring> rings;
  private final List<String> entries;
  private final LookupCache cache;
  private final long began;

  /** Those that could not be told, apart from those of which everybody knows already. */
  private final Set<Server> raised = new HashSet<>();

  private final Set<Server> untold = new HashSet<>();

  Telling(List<Ring> rings, List<String> entries, LookupCache cache) {
    this.rings = rings;
    this.entries = entries;
    this.cache = cache;
    this.began = cache.time().nanoTime();
  }

  static List<String> entries(LookupChanges changes) {
    return Stream.concat(
            changes.names().stream().map(EntryNames::fidOf),
            changes.fids().stream().map(EntryNames::devicesOf))
        .sorted()
        .toList();
  }

  /** Before the commit. */
  void tell() {
    bury(cache.limits().tombstone());
    for (var server : untold) {
      server.distrust();
      if (!server.isCovered()) {
        raised.add(server);
      }
    }
  }

  /** A server that fails once is not tried with the other entries. */
  private void bury(Duration keep) {
    for (var ring : rings) {
      for (var entry : entries) {
        var server = ring.serverOf(entry);
        if (!untold.contains(server) && !cache.bury(ring, entry, keep)) {
          untold.add(server);
        }
      }
    }
  }

  @Override
  public Set<String> raise() {
    return raised.stream().map(Server::setting).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void ended(boolean certain) {
    if (certain) {
      raised.forEach(server -> server.raised(began));
      raised.forEach(server -> cache.countRaise());
    }
    var before = Set.copyOf(untold);
    bury(certain ? cache.limits().tombstone() : cache.limits().doubtful());
    boolean isSlow = cache.time().since(began).compareTo(cache.limits().slow()) > 0;
    rings.stream()
        .flatMap(ring -> entries.stream().map(ring::serverOf))
        .distinct()
        .filter(server -> isSlow || untold.contains(server))
        .filter(server -> isSlow || !certain || !before.contains(server))
        .forEach(server -> raise(server, certain));
  }

  /** With an unknown end the database is away: nobody waits for it a second time. */
  private void raise(Server server, boolean isDatabaseThere) {
    if (isDatabaseThere) {
      cache.raise(server);
    } else {
      server.distrust();
      server.oweRaise();
    }
  }
}
