package io.hayloft.tracker.store.cache;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.LookupChanges;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.cache.CacheRing.Held;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What look-ups found, kept in memcached, and believed only as long as it cannot be old.
 *
 * <h2>The promise</h2>
 *
 * Whoever asks after a change was acknowledged hears of the change: after a delete, an overwrite, a
 * rename, a copy made or removed; through this tracker or another; whatever crashed or hung on the
 * way. Not promised is memory: anything may be forgotten at any time, and then costs a query.
 *
 * <h2>Entries</h2>
 *
 * An entry is absent, or holds one of three things: a value ({@code V…}), a lease ({@code L}) or a
 * tombstone ({@code T}).
 *
 * <p><b>Readers</b> who find nothing put a lease there and take its token (memcached's cas number,
 * which every change of an entry renews). Then they read the primary, and then replace the lease by
 * the value <i>if the token is still the entry's</i>. So a reader may pause between the two for as
 * long as it likes, and its packets may be held up anywhere: what has been done to the entry since
 * it began to read makes its value unwelcome. No clock is in this. (Filling with {@code add} within
 * a bounded time, which was the other choice, rests on no packet being late.)
 *
 * <p><b>Changes</b> put a tombstone there inside their transaction, when all rows are locked and
 * nothing is visible yet. That renews the token, so whoever read before cannot fill; and who finds
 * a tombstone does not even try. It stays for {@link Limits#tombstone}, longer than a commit takes,
 * and nobody takes it away earlier: another change of the same entry may be under way. So from
 * before the change is visible until after it, nothing can be filled, and a crash anywhere between
 * leaves only a tombstone. A second one follows the commit, because a server may lose the first,
 * restarted or short of memory.
 *
 * <p>A transaction with an unknown end gets a tombstone for {@link Limits#doubtful}: the database
 * may yet commit what it did not answer.
 *
 * <h2>When a tombstone cannot be put</h2>
 *
 * The server is away, or slow, or only from here. The change goes on, a dead cache must not stop
 * it. But other trackers may reach the server and find the old value there, or I myself later. So
 * each server has an epoch, a number in the settings ({@code hayloft_cache_…}) which the change
 * counts up <i>in its own transaction</i>, and which is part of every entry's name: what was kept
 * under the old number is never looked at again. All trackers read the settings every four seconds.
 * A tracker that sees another number leaves that server unread and unfilled for {@link
 * Limits#quiet}; so further changes need not be counted one by one for the shorter time {@link
 * Limits#covered}, and a server that is down costs the database one small update in that time
 * instead of one per change. One that starts is quiet too, since it cannot know what it missed.
 *
 * <p>What is left: another tracker that can reach a server that this one cannot may, for the four
 * seconds until it reads the settings, give an answer that was right before the change. Were a
 * change to wait for that, a dead cache would stop all changes. And while the database cannot be
 * read, the last known epochs are believed: that is when the cache is needed most, and nothing can
 * be changed without the database either.
 *
 * <p>A tracker whose reading of the settings is older than {@link Limits#reading} tells nobody with
 * a tombstone, since it might write it under an old number; it counts.
 *
 * <h2>When the list of servers changes</h2>
 *
 * Entries move to other servers, and those left behind must not be found when the list changes
 * back. The list has a part in the names, tombstones go to the old places as well as to the new
 * while others may not have noticed, and everybody who notices raises all epochs and is quiet. Only
 * lists that were changed by hand in the database while no tracker ran go unnoticed.
 *
 * <h2>What it may cost</h2>
 *
 * Each call to a server ends within the ring's time-out, and the first that fails closes the server
 * for all: for a second, then two, up to half a minute; then one request tries it.
 */
public final class LookupCache implements ChangeListener, Worker, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LookupCache.class);
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(1);

  private static final String SERVERS = "memcache_servers";
  private static final String TTL = "memcache_ttl";
  private static final long USUAL_TTL = 3600;

  private static final String LEASE = "L";
  private static final String TOMBSTONE = "T";
  private static final String VALUE = "V";

  /**
   * How long things last; see the class.
   *
   * @param slow a change that takes longer from its announcement to its end was not guarded by its
   *     tombstone for sure
   */
  public record Limits(
      Duration tombstone,
      Duration doubtful,
      Duration quiet,
      Duration covered,
      Duration slow,
      Duration reading) {

    public static final Limits USUAL =
        new Limits(
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));

    public Limits {
      if (covered.plus(slow).compareTo(quiet) > 0 || slow.compareTo(tombstone) >= 0) {
        throw new IllegalArgumentException("changes would outlast what guards them");
      }
    }

    /** A lease need only live as long as a reader is worth waiting for. */
    Duration lease() {
      return tombstone;
    }
  }

  /** What was last read of the settings, and how long ago that reading began. */
  public record Reading(ServerSettings settings, Duration age) {

    /** Nothing was read yet. */
    public static final Reading NONE =
        new Reading(new ServerSettings(Map.of()), Duration.ofDays(1));
  }

  /** What there is to know of an entry. */
  sealed interface Look {

    record Hit(String value) implements Look {}

    /** There is no value, and whoever reads the primary after this call may put it there. */
    record Lease(CacheRing ring, CacheRing.Key key, Held held) implements Look {}

    /** Neither to be read nor to be filled. */
    record Closed() implements Look {}
  }

  private final Supplier<Reading> readings;
  private final CacheRing.Opener opener;
  private final Consumer<String> counter;
  private final Limits limits;
  private final Time time;
  private final MeterRegistry meters;
  private final RepeatedCauses causes;
  private volatile Optional<Ring> present = Optional.empty();
  private volatile Optional<Ring> former = Optional.empty();
  private volatile long formerUntil;
  private List<String> listed = List.of();
  private boolean closed;

  /** What it reads, asks and writes. */
  public record Sources(
      Supplier<Reading> readings, CacheRing.Opener opener, Consumer<String> counter) {}

  /**
   * @param sources whose counter adds one to a setting that is a number, in a transaction of its
   *     own
   */
  public LookupCache(Sources sources, Limits limits, Time time, MeterRegistry meters) {
    this.readings = sources.readings();
    this.opener = sources.opener();
    this.counter = sources.counter();
    this.limits = limits;
    this.time = time;
    this.meters = meters;
    this.causes = new RepeatedCauses(log, time);
  }

  /** Whether there is no server to keep anything. */
  boolean isOff() {
    return present.isEmpty();
  }

  Look look(String entry) {
    var ring = present;
    if (ring.isEmpty()) {
      return new Look.Closed();
    }
    var look = look(ring.get(), entry);
    var outcome =
        switch (look) {
          case Look.Hit hit -> "hit";
          case Look.Lease lease -> "miss";
          case Look.Closed no -> "closed";
        };
    meters.counter("hayloft.cache.lookups", "outcome", outcome).increment();
    return look;
  }

  private Look look(Ring ring, String entry) {
    var settings = readings.get().settings();
    var server = ring.serverOf(entry);
    if (!server.isTrusted(settings.number(server.setting(), 0)) || !server.isWorthTrying()) {
      return new Look.Closed();
    }
    var key = ring.key(entry, settings);
    try {
      var held = ring.servers().gets(key);
      if (held.isEmpty()) {
        held = ring.servers().addAndGets(key, LEASE, limits.lease());
      }
      server.answered();
      return held.map(found -> read(ring, key, found)).orElseGet(Look.Closed::new);
    } catch (CacheException e) {
      failed(server, e);
      return new Look.Closed();
    }
  }

  private static Look read(Ring ring, CacheRing.Key key, Held held) {
    if (held.value().startsWith(VALUE)) {
      return new Look.Hit(held.value().substring(VALUE.length()));
    }
    return held.value().equals(LEASE)
        ? new Look.Lease(ring.servers(), key, held)
        : new Look.Closed();
  }

  /** Keeps what was read from the primary after the lease was had. */
  void fill(Look.Lease lease, String value) {
    long ttl = readings.get().settings().number(TTL, USUAL_TTL);
    if (ttl == 0) {
      return;
    }
    try {
      lease.ring().replace(lease.key(), lease.held(), VALUE + value, Duration.ofSeconds(ttl));
    } catch (CacheException e) {
      log.debug("not kept: {}", lease.key(), e);
    }
  }

  private void failed(Server server, CacheException e) {
    server.failed();
    causes.warn(
        "memcached " + server.name() + " fails and is left alone for a while",
        String.valueOf(e.getMessage()));
  }

  @Override
  public Announcement announce(LookupChanges changes) {
    var before = former.filter(ring -> time.nanoTime() - formerUntil < 0);
    var now = present;
    if (now.isEmpty() && before.isEmpty()) {
      return NONE.announce(changes);
    }
    var rings = Stream.of(now, before).flatMap(Optional::stream).toList();
    var telling = new Telling(rings, Telling.entries(changes), this);
    telling.tell();
    return telling;
  }

  Limits limits() {
    return limits;
  }

  Time time() {
    return time;
  }

  Reading reading() {
    return readings.get();
  }

  /** Puts a tombstone; false when it is not known to be there. */
  boolean bury(Ring ring, String entry, Duration keep) {
    var reading = readings.get();
    var server = ring.serverOf(entry);
    if (reading.age().compareTo(limits.reading()) > 0 || !server.isWorthTrying()) {
      return false;
    }
    try {
      ring.servers().put(ring.key(entry, reading.settings()), TOMBSTONE, keep);
      server.answered();
      return true;
    } catch (CacheException e) {
      failed(server, e);
      return false;
    }
  }

  /** Raises a server's epoch now, or as soon as the database lets us. */
  void raise(Server server) {
    server.distrust();
    server.oweRaise();
    long since = time.nanoTime();
    try {
      counter.accept(server.setting());
      server.raised(since);
      countRaise();
    } catch (StoreException e) {
      causes.warn(
          "cannot tell other trackers yet that a memcached is not to be believed", server.name());
    }
  }

  void countRaise() {
    meters.counter("hayloft.cache.raises").increment();
  }

  /** Follows the settings. */
  @Override
  public Pace step() {
    adopt(readings.get().settings());
    var settings = readings.get().settings();
    present.ifPresent(
        ring ->
            ring.all().forEach(s -> s.isTrusted(settings.number(s.setting(), 0)))); // takes note
    Stream.of(present, former)
        .flatMap(Optional::stream)
        .flatMap(ring -> ring.all().stream())
        .filter(Server::owesRaise)
        .forEach(this::raise);
    causes.flushDue();
    return Pace.rest(BETWEEN_STEPS);
  }

  private synchronized void adopt(ServerSettings settings) {
    retire();
    var wanted =
        Ring.listed(
            settings.get(SERVERS).orElse(""),
            entry -> causes.warn("an entry of memcache_servers is not host:port", entry));
    if (closed || wanted.equals(listed)) {
      return;
    }
    try {
      var newer = wanted.isEmpty() ? Optional.<Ring>empty() : Optional.of(open(wanted));
      former.ifPresent(Ring::close);
      former = present;
      formerUntil = time.nanoTime() + limits.quiet().toNanos();
      boolean isFirst = listed.isEmpty() && former.isEmpty();
      listed = wanted;
      present = newer;
      log.info("look-ups are kept in memcached on {}", wanted);
      if (!isFirst) {
        former.ifPresent(ring -> ring.all().forEach(this::raise));
        newer.ifPresent(ring -> ring.all().forEach(this::raise));
      }
    } catch (CacheException e) {
      causes.warn("cannot use memcached", String.valueOf(e.getMessage()));
    }
  }

  private Ring open(List<String> servers) throws CacheException {
    return Ring.of(servers, opener.open(servers), this, meters);
  }

  private void retire() {
    if (former.isPresent() && time.nanoTime() - formerUntil >= 0) {
      former.ifPresent(Ring::close);
      former = Optional.empty();
    }
  }

  /** Ends all connections. Changes are announced no more; there are none by then. */
  @Override
  public synchronized void close() {
    closed = true;
    present.ifPresent(Ring::close);
    former.ifPresent(Ring::close);
    present = Optional.empty();
    former = Optional.empty();
  }
}
