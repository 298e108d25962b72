package io.hayloft.tracker.store.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Key;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.LookupChanges;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.cache.LookupCache.Look;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When what is kept may be believed, on a clock and servers that do as the test says. */
class LookupCacheTest {

  private static final StoredFile.Name NAME = new StoredFile.Name(new DomainId(1), new Key("k"));
  private static final String ENTRY = EntryNames.fidOf(NAME);
  private static final LookupChanges CHANGE = new LookupChanges(Set.of(NAME), Set.of());
  private static final LookupCache.Limits LIMITS = LookupCache.Limits.USUAL;

  private final ManualTime time = ManualTime.start();
  private final Map<String, String> database = new HashMap<>();
  private final FakeRing ring = new FakeRing(List.of("a:1"), time);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Tracker here = new Tracker(ring);
  private final Tracker there = new Tracker(ring.another());

  /** A tracker with its own reading of the settings. */
  private final class Tracker {
    private final List<FakeRing> opened = new ArrayList<>();
    private Map<String, String> settings = Map.of();
    private Duration age = Duration.ZERO;
    private boolean databaseAway;
    private final LookupCache cache;

    Tracker(FakeRing first) {
      opened.add(first);
      cache =
          new LookupCache(
              new LookupCache.Sources(
                  () -> new LookupCache.Reading(new ServerSettings(settings), age),
                  servers -> {
                    if (!servers.equals(List.of("a:1"))) {
                      opened.add(new FakeRing(servers, time));
                    }
                    return servers.equals(List.of("a:1")) ? opened.getFirst() : opened.getLast();
                  },
                  this::count),
              LIMITS,
              time,
              meters);
    }

    private void count(String setting) {
      if (databaseAway) {
        throw new StoreException(
            StoreException.Cause.UNAVAILABLE, "away", new IllegalStateException());
      }
      database.merge(setting, "1", (old, one) -> String.valueOf(Long.parseLong(old) + 1));
    }

    /** Its monitor reads the settings, and its loop follows them. */
    void reads() {
      settings = Map.copyOf(database);
      cache.step();
    }

    Look look() {
      return cache.look(ENTRY);
    }

    Look.Lease lease() {
      var look = look();
      assertThat(look).isInstanceOf(Look.Lease.class);
      return (Look.Lease) look;
    }

    void remembers(String value) {
      cache.fill(lease(), value);
    }

    /** A whole change; what it raised in its transaction. */
    Set<String> changes() {
      var announced = cache.announce(CHANGE);
      var raised = announced.raise();
      raised.forEach(this::count);
      announced.ended(true);
      return raised;
    }
  }

  @BeforeEach
  void listOneServer() {
    database.put("memcache_servers", "a:1");
    both();
    time.advance(LIMITS.quiet());
  }

  private void both() {
    here.reads();
    there.reads();
  }

  private static Look hit(String value) {
    return new Look.Hit(value);
  }

  @Test
  void whatOneRemembersAllFind() {
    here.remembers("17");

    assertThat(here.look()).isEqualTo(hit("17"));
    assertThat(there.look()).isEqualTo(hit("17"));
  }

  @Test
  void itIsForgottenAfterItsTime() {
    database.put("memcache_ttl", "60");
    both();
    here.remembers("17");
    time.advance(Duration.ofSeconds(59));
    assertThat(here.look()).isEqualTo(hit("17"));
    time.advance(Duration.ofSeconds(2));

    assertThat(here.look()).isInstanceOf(Look.Lease.class);
  }

  @Test
  void withATimeOfZeroNothingIsKept() {
    database.put("memcache_ttl", "0");
    both();
    var lease = here.lease();
    ring.calls = 0;
    here.cache.fill(lease, "17");

    assertThat(ring.calls).isZero();
  }

  @Test
  void aChangeElsewhereMakesItUnreadable() {
    here.remembers("17");
    there.changes();

    assertThat(here.look()).isEqualTo(new Look.Closed());
  }

  @Test
  void aReaderWhoBeganBeforeTheChangeCannotFillHoweverLateItComes() {
    var lease = here.lease();
    there.changes();
    here.cache.fill(lease, "old");
    assertThat(here.look()).isEqualTo(new Look.Closed());

    time.advance(LIMITS.tombstone());
    here.cache.fill(lease, "old");
    assertThat(here.look()).isInstanceOf(Look.Lease.class);
    here.cache.fill(lease, "old");
    assertThat(here.look()).as("another lease is another token").isInstanceOf(Look.Lease.class);
  }

  @Test
  void nobodyBeginsToFillFromTheAnnouncementUntilLongAfterTheEnd() {
    var announced = there.cache.announce(CHANGE);
    time.advance(LIMITS.slow());
    assertThat(here.look()).isEqualTo(new Look.Closed());
    announced.ended(true);
    time.advance(LIMITS.tombstone().minusMillis(1));
    assertThat(here.look()).isEqualTo(new Look.Closed());
    time.advance(Duration.ofMillis(1));

    assertThat(here.look()).isInstanceOf(Look.Lease.class);
  }

  @Test
  void aServerThatLosesTheTombstoneGetsAnother() {
    var announced = there.cache.announce(CHANGE);
    ring.lose();
    here.remembers("old");
    announced.ended(true);

    assertThat(here.look()).isEqualTo(new Look.Closed());
  }

  @Test
  void anUnknownEndKeepsTheEntryClosedForLong() {
    there.cache.announce(CHANGE).ended(false);
    time.advance(LIMITS.doubtful().minusMillis(1));

    assertThat(here.look()).isEqualTo(new Look.Closed());
  }

  @Test
  void whatAServerHasThatCouldNotBeToldIsNeverBelievedAgain() {
    here.remembers("old");
    there.opened.getFirst().setAway("a:1", true);
    assertThat(there.changes()).hasSize(1);
    here.reads();
    assertThat(here.look()).isEqualTo(new Look.Closed());
    time.advance(LIMITS.quiet());

    assertThat(here.look()).isInstanceOf(Look.Lease.class);
    there.opened.getFirst().setAway("a:1", false);
    there.reads();
    time.advance(LIMITS.quiet());
    assertThat(there.look()).isInstanceOf(Look.Lease.class);
  }

  @Test
  void theTrackerThatCouldNotTellStopsBelievingAtOnce() {
    here.remembers("old");
    ring.setAway("a:1", true);
    here.changes();
    ring.setAway("a:1", false);
    time.advance(Duration.ofSeconds(5));

    assertThat(here.look()).isEqualTo(new Look.Closed());
  }

  @Test
  void aServerThatIsDownCostsTheDatabaseOneUpdateInAWhile() {
    ring.setAway("a:1", true);
    assertThat(here.changes()).hasSize(1);
    for (int i = 0; i < 100; i++) {
      assertThat(here.changes()).isEmpty();
    }
    time.advance(LIMITS.covered());

    assertThat(here.changes()).hasSize(1);
  }

  @Test
  void whileChangesAreNotCountedOneByOneNobodyElseFills() {
    there.opened.getFirst().setAway("a:1", true);
    there.changes();
    here.reads();
    time.advance(LIMITS.covered().minusMillis(1));
    assertThat(there.changes()).isEmpty();
    time.advance(LIMITS.slow());

    assertThat(here.look()).isEqualTo(new Look.Closed());
  }

  @Test
  void aChangeThatIsRolledBackCoversNothing() {
    ring.setAway("a:1", true);
    here.cache.announce(CHANGE);

    assertThat(here.changes()).hasSize(1);
  }

  @Test
  void aTrackerThatStartsIsQuietAtFirst() {
    here.remembers("17");
    var third = new Tracker(ring.another());
    third.reads();
    time.advance(LIMITS.quiet().minusMillis(1));
    assertThat(third.look()).isEqualTo(new Look.Closed());
    time.advance(Duration.ofMillis(1));

    assertThat(third.look()).isEqualTo(hit("17"));
  }

  @Test
  void aChangeThatTookTooLongIsCounted() {
    here.remembers("old");
    var announced = there.cache.announce(CHANGE);
    time.advance(LIMITS.slow().plusMillis(1));
    announced.ended(true);
    here.reads();
    time.advance(LIMITS.quiet());

    assertThat(here.look()).isInstanceOf(Look.Lease.class);
    assertThat(database).hasSize(2);
  }

  @Test
  void withOldSettingsChangesAreCounted() {
    there.age = LIMITS.reading().plusMillis(1);

    assertThat(there.changes()).hasSize(1);
  }

  @Test
  void withOldSettingsWhatIsKeptIsStillRead() {
    here.remembers("17");
    here.age = Duration.ofHours(1);

    assertThat(here.look()).isEqualTo(hit("17"));
  }

  @Test
  void whatCouldNotBeCountedIsCountedWhenTheDatabaseIsBack() {
    here.databaseAway = true;
    ring.setAway("a:1", true);
    here.cache.announce(CHANGE).ended(false);
    ring.setAway("a:1", false);
    time.advance(LIMITS.quiet().multipliedBy(2));
    assertThat(here.look()).isEqualTo(new Look.Closed());
    assertThat(database).hasSize(1);
    here.databaseAway = false;
    here.reads();

    assertThat(database).hasSize(2);
  }

  @Test
  void aServerThatFailsIsLeftAloneLongerAndLonger() {
    ring.setAway("a:1", true);
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 32}) {
      ring.calls = 0;
      here.look();
      assertThat(ring.calls).as("a trial").isEqualTo(1);
      time.advance(Duration.ofSeconds(seconds).minusMillis(1));
      for (int i = 0; i < 10; i++) {
        here.look();
      }
      assertThat(ring.calls).as("within %d s", seconds).isEqualTo(1);
      time.advance(Duration.ofMillis(1));
    }
    ring.setAway("a:1", false);

    assertThat(here.look()).isInstanceOf(Look.Lease.class);
    assertThat(meters.get("hayloft.cache.server").tag("server", "a:1").gauge().value()).isOne();
  }

  @Test
  void entriesOfAnotherListAreNotFoundWhenTheListChangesBack() {
    here.remembers("old");
    database.put("memcache_servers", "b:1,c:1");
    both();
    there.changes();
    database.put("memcache_servers", "a:1");
    both();
    both();
    time.advance(LIMITS.quiet());

    assertThat(here.look()).isInstanceOf(Look.Lease.class);
  }

  @Test
  void aTrackerThatHasNotSeenTheNewListYetHearsOfChangesAllTheSame() {
    here.remembers("old");
    database.put("memcache_servers", "b:1,c:1");
    there.reads();
    there.changes();

    assertThat(here.look()).isEqualTo(new Look.Closed());
  }

  @Test
  void withoutServersNothingIsKeptAndFormerOnesAreClosed() {
    database.put("memcache_servers", "no-port");
    both();
    assertThat(here.look()).isEqualTo(new Look.Closed());
    time.advance(LIMITS.quiet());
    here.reads();

    assertThat(ring.closed).isTrue();
    assertThat(here.changes()).isEmpty();
  }
}
