package io.hayloft.tracker.store.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FileLookups.Whereabouts;
import io.hayloft.tracker.store.LookupChanges;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When what a tracker found itself may be believed. */
class PathMemoryTest {

  private static final Duration LASTS = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofMillis(1);
  private static final Fid FID = new Fid(17);
  private static final StoredFile.Name NAME = name("k");
  private static final Whereabouts FOUND = new Whereabouts(FID, List.of(new DeviceId(3)));
  private static final LookupChanges RENAMED = new LookupChanges(Set.of(NAME), Set.of());
  private static final LookupChanges MOVED = new LookupChanges(Set.of(), Set.of(FID));

  private final ManualTime time = ManualTime.start();
  private final PathMemory memory = new PathMemory(time);

  private static StoredFile.Name name(String key) {
    return new StoredFile.Name(new DomainId(1), new Key(key));
  }

  private long tick() {
    time.advance(TICK);
    return memory.now();
  }

  private void remember() {
    memory.remember(NAME, FOUND, tick());
  }

  @Test
  void whatWasFoundIsRecalledForSoLongAndByItsOwnNameOnly() {
    remember();

    assertThat(memory.recall(NAME, LASTS)).contains(FOUND);
    assertThat(memory.recall(name("K"), LASTS)).isEmpty();
    assertThat(memory.recall(new StoredFile.Name(new DomainId(2), NAME.key()), LASTS)).isEmpty();
    time.advance(LASTS);
    assertThat(memory.recall(NAME, LASTS)).isEmpty();
  }

  @Test
  void aChangeIsHeardOfBeforeItsEnd() {
    remember();
    tick();
    memory.announce(RENAMED);

    assertThat(memory.recall(NAME, LASTS)).isEmpty();
  }

  @Test
  void aMovedFileIsHeardOfWithoutItsName() {
    remember();
    tick();
    memory.announce(MOVED).ended(true);

    assertThat(memory.recall(NAME, LASTS)).isEmpty();
  }

  @Test
  void whatWasReadWhileAChangeWasUnderWayIsNotBelievedAfterIt() {
    var change = memory.announce(RENAMED);
    long since = tick();
    tick();
    change.ended(true);
    memory.remember(NAME, FOUND, since);

    assertThat(memory.recall(NAME, LASTS)).isEmpty();
  }

  @Test
  void whatWasReadAtTheVeryMomentOfAChangeIsNotBelieved() {
    long since = tick();
    memory.announce(RENAMED).ended(true);
    memory.remember(NAME, FOUND, since);

    assertThat(memory.recall(NAME, LASTS)).isEmpty();
  }

  @Test
  void whatWasReadAfterAChangeIsBelieved() {
    memory.announce(RENAMED).ended(true);
    remember();

    assertThat(memory.recall(NAME, LASTS)).contains(FOUND);
  }

  @Test
  void aChangeThatMayYetBeCommittedKeepsItsFilesOutOfMemory() {
    memory.announce(RENAMED).ended(false);
    time.advance(Duration.ofMinutes(9));
    remember();
    assertThat(memory.recall(NAME, LASTS)).isEmpty();

    time.advance(Duration.ofMinutes(2));
    remember();
    assertThat(memory.recall(NAME, LASTS)).contains(FOUND);
  }

  @Test
  void alsoWhenAnotherChangeEndsWell() {
    memory.announce(RENAMED).ended(false);
    memory.announce(RENAMED).ended(true);
    remember();

    assertThat(memory.recall(NAME, LASTS)).isEmpty();
  }

  @Test
  void moreNamesThanThereArePlacesReplaceOldOnes() {
    int names = 200_000;
    for (int i = 0; i < names; i++) {
      memory.remember(name("k" + i), FOUND, tick());
    }
    int found = 0;
    for (int i = 0; i < names; i++) {
      found += memory.recall(name("k" + i), Duration.ofHours(1)).isPresent() ? 1 : 0;
    }

    assertThat(found).isBetween(60_000, 1 << 16);
    assertThat(memory.recall(name("k" + (names - 1)), LASTS)).isPresent();
  }

  @Test
  void aThirdOfThePlacesHoldsAThirdAsManyNames() {
    int names = 20_000;
    for (int i = 0; i < names; i++) {
      memory.remember(name("k" + i), FOUND, tick());
    }
    int found = 0;
    for (int i = 0; i < names; i++) {
      found += memory.recall(name("k" + i), Duration.ofHours(1)).isPresent() ? 1 : 0;
    }

    assertThat(found).isBetween(names - names / 1000, names);
  }

  @Test
  void aNameThatIsRememberedAgainIsSoInItsOwnPlace() {
    for (int i = 0; i < 60_000; i++) {
      memory.remember(name("k" + i), FOUND, tick());
    }
    var moved = new Whereabouts(FID, List.of(new DeviceId(4)));
    int recalled = 0;
    for (int i = 0; i < 60_000; i++) {
      var name = name("k" + i);
      if (memory.recall(name, Duration.ofHours(1)).isPresent()) {
        memory.remember(name, moved, tick());
        recalled++;
        assertThat(memory.recall(name, LASTS)).contains(moved);
      }
    }

    assertThat(recalled).isGreaterThan(50_000);
  }
}
