package io.hayloft.tracker.store.cache;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Servers in memory that fail when told to. The first letter of an entry's key chooses one. */
final class FakeRing implements CacheRing {

  private record Entry(Held held, long until) {}

  private final List<String> servers;
  private final Time time;
  private final Map<String, Entry> entries;
  private final Map<String, Boolean> away = new HashMap<>();
  private long tokens;
  int calls;
  boolean closed;

  FakeRing(List<String> servers, Time time) {
    this(servers, time, new HashMap<>());
  }

  private FakeRing(List<String> servers, Time time, Map<String, Entry> entries) {
    this.servers = servers;
    this.time = time;
    this.entries = entries;
  }

  /** Another tracker's way to the same server. */
  FakeRing another() {
    return new FakeRing(servers, time, entries);
  }

  void setAway(String server, boolean isAway) {
    away.put(server, isAway);
  }

  /** All that it has is gone, as after a restart. */
  void lose() {
    entries.clear();
  }

  @Override
  public String serverOf(String entry) {
    return servers.get(Math.floorMod(entry.hashCode(), servers.size()));
  }

  private void call(Key key) throws CacheException {
    calls++;
    if (away.getOrDefault(serverOf(key.entry()), false)) {
      throw new CacheException("away");
    }
  }

  @Override
  public Optional<Held> gets(Key key) throws CacheException {
    call(key);
    return Optional.ofNullable(entries.get(key.toString()))
        .filter(entry -> time.nanoTime() - entry.until() < 0)
        .map(Entry::held);
  }

  @Override
  public Optional<Held> addAndGets(Key key, String value, Duration keep) throws CacheException {
    if (gets(key).isEmpty()) {
      put(key, value, keep);
    }
    return gets(key);
  }

  @Override
  public void replace(Key key, Held held, String value, Duration keep) throws CacheException {
    if (gets(key).filter(now -> now.token() == held.token()).isPresent()) {
      put(key, value, keep);
    }
  }

  @Override
  public void put(Key key, String value, Duration keep) throws CacheException {
    call(key);
    tokens += 1 + entries.size();
    entries.put(
        key.toString(), new Entry(new Held(value, tokens), time.nanoTime() + keep.toNanos()));
  }

  @Override
  public void close() {
    closed = true;
  }
}
