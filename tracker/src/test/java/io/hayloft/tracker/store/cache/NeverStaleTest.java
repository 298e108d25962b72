package io.hayloft.tracker.store.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.runtime.time.Time;
import io.hayloft.schema.Schema;
import io.hayloft.testkit.ManualTime;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.FsckStore.Conclusion;
import io.hayloft.tracker.store.FsckStore.Then;
import io.hayloft.tracker.store.PrimaryLookups;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.UploadStore.Opening;
import io.hayloft.tracker.store.jdbc.DatabaseConfig;
import io.hayloft.tracker.store.jdbc.JdbcStores;
import io.hayloft.tracker.store.memcached.MemcachedRing;
import io.hayloft.tracker.store.memcached.MemcachedServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two trackers, a real database and a real memcached: whatever one changes, the other never tells
 * of as it was before.
 */
class NeverStaleTest {

  private static final DomainId DOMAIN = new DomainId(1);
  private static final Key KEY = new Key("caf\u00e9 \u0001");
  private static final Key ELSEWHERE = new Key("elsewhere");
  private static final DeviceId DEV1 = new DeviceId(1);
  private static final DeviceId DEV2 = new DeviceId(2);
  private static final MemcachedRing.Timeouts PATIENT =
      new MemcachedRing.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5));

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** What can be done to a file. */
  private enum Change {
    DELETE {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        assertThat(jdbc.stores().files().delete(DOMAIN, KEY)).isTrue();
      }
    },
    OVERWRITE {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        store(jdbc.stores(), KEY, DEV1);
      }
    },
    RENAME {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        jdbc.stores().files().rename(DOMAIN, KEY, ELSEWHERE);
      }
    },
    RENAME_AND_STORE_ANOTHER {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        RENAME.make(jdbc, fid);
        OVERWRITE.make(jdbc, fid);
      }
    },
    RECLASSIFY {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        jdbc.stores().files().changeClass(DOMAIN, KEY, new ClassId(3));
      }
    },
    COPY {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        jdbc.stores().replication().copied(fid, new DeviceId(3), Optional.empty());
      }
    },
    REMOVE_A_COPY {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        jdbc.stores().replication().removed(fid, DEV1);
      }
    },
    REAP {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        jdbc.stores().replication().forget(DEV2, List.of(fid));
      }
    },
    DELETE_BY_FID {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        assertThat(jdbc.stores().files().delete(fid)).isTrue();
      }
    },
    CHECK_FORGETS_A_COPY {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        conclude(jdbc, fid, Set.of(DEV2), Set.of());
      }
    },
    CHECK_FINDS_A_COPY {
      @Override
      void make(JdbcStores jdbc, Fid fid) {
        conclude(jdbc, fid, Set.of(), Set.of(new DeviceId(3)));
      }
    };

    abstract void make(JdbcStores jdbc, Fid fid);

    private static void conclude(
        JdbcStores jdbc, Fid fid, Set<DeviceId> forget, Set<DeviceId> found) {
      var conclusion =
          new Conclusion(fid, List.of(), forget, found, Optional.empty(), Set.of(Then.RECOUNT));
      assertThat(jdbc.upkeep().fsck().conclude(conclusion)).isTrue();
    }
  }

  private static Fid store(Stores stores, Key key, DeviceId... devices) {
    var opening = new Opening(DOMAIN, ClassId.DEFAULT, key.wire(), List.of(devices));
    var fid = stores.uploads().open(opening, Optional.empty()).orElseThrow();
    var file =
        new StoredFile(fid, new StoredFile.Name(DOMAIN, key), 5, ClassId.DEFAULT, devices.length);
    stores.uploads().close(new Finished(file, devices[0], Optional.empty()));
    for (var device : devices) {
      stores.replication().copied(fid, device, Optional.empty());
    }
    return fid;
  }

  /** The trackers' clock stands still, so that a slow machine makes no change a slow one. */
  private final ManualTime time = ManualTime.start();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MemcachedServer server = MemcachedServer.start();
  private Tracker one;
  private Tracker other;

  private final class Tracker implements AutoCloseable {
    private final LookupCache cache;
    private final JdbcStores jdbc;
    private final CachedLookups lookups;
    private Runnable afterReading = () -> {};
    private int readings;

    Tracker(MemcachedRing.Timeouts timeouts) {
      cache =
          new LookupCache(
              new LookupCache.Sources(
                  () ->
                      new LookupCache.Reading(stores().registry().load().settings(), Duration.ZERO),
                  servers -> MemcachedRing.open(servers, timeouts),
                  setting -> stores().registry().increment(setting)),
              LookupCache.Limits.USUAL,
              time,
              meters);
      jdbc =
          JdbcStores.open(
              DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()),
              meters,
              cache,
              Thread::startVirtualThread);
      lookups = new CachedLookups(new Pausing(this), cache);
    }

    Stores stores() {
      return jdbc.stores();
    }

    Optional<FileLookups.Whereabouts> ask() {
      return lookups.whereabouts(DOMAIN, KEY);
    }

    Optional<FileLookups.Whereabouts> truth() {
      return stores().files().locate(DOMAIN, KEY).map(FileLookups.Whereabouts::of);
    }

    /** Asks until the answer comes from the cache. */
    void warm() {
      await()
          .until(
              () -> {
                int before = readings;
                return ask().isPresent() && readings == before;
              });
      assertThat(ask()).isEqualTo(truth());
    }

    @Override
    public void close() {
      jdbc.close();
      cache.close();
    }
  }

  /** The primary, whose reader pauses between reading and remembering. */
  private record Pausing(Tracker tracker) implements FileLookups {

    private FileLookups primary() {
      return new PrimaryLookups(tracker.stores().files());
    }

    @Override
    public Optional<Located> atPrimary(DomainId domain, Key key) {
      tracker.readings++;
      var found = primary().atPrimary(domain, key);
      tracker.afterReading.run();
      return found;
    }

    @Override
    public Optional<Whereabouts> whereabouts(DomainId domain, Key key) {
      tracker.readings++;
      return primary().whereabouts(domain, key);
    }

    @Override
    public Optional<Located> locate(DomainId domain, Key key) {
      return primary().locate(domain, key);
    }

    @Override
    public Optional<Checksum> checksum(Fid fid) {
      return primary().checksum(fid);
    }

    @Override
    public Optional<Located> newer(DomainId domain, Key key, Located told) {
      return Optional.empty();
    }

    @Override
    public boolean hasOthers() {
      return false;
    }
  }

  @BeforeEach
  void twoTrackers() throws Exception {
    DATABASE.emptyTables(Schema::migrate);
    trackers(PATIENT);
  }

  private void trackers(MemcachedRing.Timeouts timeouts) {
    one = new Tracker(timeouts);
    other = new Tracker(timeouts);
    one.stores().registry().set("memcache_servers", Optional.of(server.address() + ",no-port"));
    one.cache.step();
    other.cache.step();
    time.advance(LookupCache.Limits.USUAL.quiet());
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
    server.close();
  }

  /** A file of which the other tracker tells from the cache. */
  private Fid remembered() {
    Fid fid;
    try (var quietly =
        JdbcStores.open(
            DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()),
            meters,
            ChangeListener.NONE,
            Thread::startVirtualThread)) {
      fid = store(quietly.stores(), KEY, DEV1, DEV2);
    }
    other.warm();
    return fid;
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void whatOneTrackerChangedTheOtherTellsAnew(Change change) {
    var fid = remembered();
    change.make(one.jdbc, fid);

    assertThat(other.ask()).isEqualTo(other.truth());
    assertThat(one.ask()).isEqualTo(one.truth());
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void aReaderThatWasPausedDuringAChangeRemembersNothing(Change change) {
    var fid = remembered();
    server.forgetAll();
    // First it reads to remember the fid of the key, then to remember the devices of the fid.
    for (int reads = 1; reads <= 2; reads++) {
      other.afterReading = reads == 2 ? () -> change.make(one.jdbc, fid) : () -> {};
      other.ask();
    }
    other.afterReading = () -> {};

    assertThat(other.ask()).isEqualTo(other.truth());
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void aReaderThatWasPausedAtItsFirstReadingRemembersNothing(Change change) {
    var fid = remembered();
    server.forgetAll();
    other.afterReading = () -> change.make(one.jdbc, fid);
    other.ask();
    other.afterReading = () -> {};

    assertThat(other.ask()).isEqualTo(other.truth());
    assertThat(other.ask()).isEqualTo(other.truth());
  }

  @Test
  void aServerThatHungDuringAChangeIsNotBelievedAfterwards() {
    var fid = remembered();
    one.close();
    other.close();
    trackers(MemcachedRing.Timeouts.USUAL);
    server.hang();
    Change.DELETE.make(one.jdbc, fid);
    server.goOn();

    for (int i = 0; i < 100; i++) {
      assertThat(other.ask()).isEmpty();
      assertThat(one.ask()).isEmpty();
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(one.stores().registry().load().settings().values())
        .anySatisfy((setting, value) -> assertThat(setting).startsWith("hayloft_cache_"));
  }

  @Test
  void aServerThatHangsCostsNoRequestMoreThanAMoment() {
    remembered();
    one.close();
    other.close();
    trackers(MemcachedRing.Timeouts.USUAL);
    server.hang();
    costsLittle();

    server.goOn();
    time.advance(Duration.ofMinutes(1));
    other.warm();
  }

  @Test
  void aServerThatIsGoneCostsNoRequestMoreThanAMoment() {
    remembered();
    one.close();
    other.close();
    trackers(MemcachedRing.Timeouts.USUAL);
    server.stop();
    costsLittle();
  }

  /** The database's own time is in this; 50 ms are promised for the cache. */
  private void costsLittle() {
    var all = Duration.ZERO;
    for (int i = 0; i < 40; i++) {
      long started = Time.system().nanoTime();
      assertThat(other.ask()).isPresent();
      var taken = Time.system().since(started);
      assertThat(taken).isLessThan(Duration.ofMillis(500));
      all = all.plus(taken);
      time.advance(Duration.ofMillis(900)); // so that it is tried again now and then
    }
    assertThat(all).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void keysWithAnyBytesAndOfAnyLengthAreRemembered() {
    for (var wire : List.of("a b", "\r\nflush_all\r\n", "\u00ff".repeat(255), "0", "%41")) {
      var key = new Key(wire);
      try (var quietly =
          JdbcStores.open(
              DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()),
              meters,
              ChangeListener.NONE,
              Thread::startVirtualThread)) {
        store(quietly.stores(), key, DEV1);
      }
      other.lookups.whereabouts(DOMAIN, key);
      other.lookups.whereabouts(DOMAIN, key);
      int before = other.readings;
      assertThat(other.lookups.whereabouts(DOMAIN, key)).isPresent();
      assertThat(other.readings).as(wire).isEqualTo(before);
    }
  }
}
