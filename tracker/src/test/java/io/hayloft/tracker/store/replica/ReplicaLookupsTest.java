package io.hayloft.tracker.store.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplicaLookupsTest {

  private static final DomainId DOMAIN = new DomainId(1);
  private static final Key KEY = new Key("k");

  /** A database with at most one file. */
  private static final class Fake implements FileLookups, Replica {
    private Optional<Located> file = Optional.empty();
    private boolean away;
    private boolean busy;
    private boolean closed;
    private int asked;

    private <T> T answer(T answer) {
      asked++;
      if (away) {
        throw new StoreException(Cause.UNAVAILABLE, "away", new IllegalStateException());
      }
      if (busy) {
        throw new StoreException(Cause.BUSY, "others took too long");
      }
      return answer;
    }

    void has(long fid, int... devices) {
      var stored =
          new StoredFile(
              new Fid(fid), new StoredFile.Name(DOMAIN, KEY), 5, ClassId.DEFAULT, devices.length);
      var on = new ArrayList<DeviceId>();
      for (int device : devices) {
        on.add(new DeviceId(device));
      }
      file = Optional.of(new Located(stored, on));
    }

    @Override
    public Optional<Located> locate(DomainId domain, Key key) {
      return answer(file);
    }

    @Override
    public Optional<Whereabouts> whereabouts(DomainId domain, Key key) {
      return answer(file.map(Whereabouts::of));
    }

    @Override
    public Optional<Checksum> checksum(Fid fid) {
      return answer(Optional.empty());
    }

    @Override
    public Optional<Located> atPrimary(DomainId domain, Key key) {
      return locate(domain, key);
    }

    @Override
    public boolean hasOthers() {
      return false;
    }

    @Override
    public Optional<Located> newer(DomainId domain, Key key, Located told) {
      return Optional.empty();
    }

    @Override
    public FileLookups lookups() {
      return this;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final ManualTime time = ManualTime.start();
  private final Fake primary = new Fake();
  private final Map<String, Fake> replicas = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();
  private final ReplicaLookups lookups =
      new ReplicaLookups(
          primary,
          () -> new ServerSettings(settings),
          host -> true,
          address -> replicas.computeIfAbsent(address.key(), key -> new Fake()),
          new ReplicaLookups.World(time, new Random(7), new SimpleMeterRegistry()));

  private Fake replica(String key) {
    var fake = replicas.computeIfAbsent(key, each -> new Fake());
    settings.merge("slave_keys", key, (old, more) -> old + "," + more);
    settings.put("slave_" + key, "DBI:mysql:m:host=" + key + "|u|p");
    return fake;
  }

  private long found() {
    return lookups.locate(DOMAIN, KEY).map(located -> located.file().fid().value()).orElse(0L);
  }

  @Test
  void withoutReplicasThePrimaryIsAsked() {
    primary.has(1);
    lookups.step();

    assertThat(found()).isEqualTo(1);
  }

  @Test
  void aReplicaThatAnswersIsAskedInsteadOfThePrimary() {
    primary.has(1);
    replica("a").has(2);
    assertThat(found()).isEqualTo(1);
    lookups.step();

    assertThat(found()).isEqualTo(2);
    assertThat(primary.asked).isEqualTo(1);
  }

  @Test
  void allReplicasHaveTheirShare() {
    var a = replica("a");
    var b = replica("b");
    a.has(1);
    b.has(2);
    lookups.step();
    for (int i = 0; i < 200; i++) {
      found();
    }

    assertThat(a.asked).isBetween(50, 152);
    assertThat(b.asked).isBetween(50, 152);
  }

  @Test
  void aKeyThatAReplicaDoesNotKnowYetIsAskedOfThePrimary() {
    primary.has(1);
    replica("a");
    lookups.step();

    assertThat(found()).isEqualTo(1);
    assertThat(lookups.whereabouts(DOMAIN, KEY)).isPresent();
  }

  @Test
  void aFailingReplicaCostsOneQuestionAndThenNoMore() {
    primary.has(1);
    var a = replica("a");
    a.has(2);
    lookups.step();
    a.away = true;
    a.asked = 0;

    assertThat(found()).isEqualTo(1);
    assertThat(found()).isEqualTo(1);
    assertThat(a.asked).isEqualTo(1);
  }

  @Test
  void aReplicaThatIsBusyLosesOneQuestionAndIsNotLeftAlone() {
    primary.has(1);
    var a = replica("a");
    a.has(2);
    lookups.step();
    a.busy = true;

    assertThat(found()).isEqualTo(1);
    a.busy = false;
    assertThat(found()).isEqualTo(2);
  }

  @Test
  void whileThePrimaryIsThereNoRequestPaysForMoreThanOneReplica() {
    primary.has(1);
    var all = List.of(replica("a"), replica("b"), replica("c"));
    lookups.step();
    all.forEach(each -> each.away = true);
    all.forEach(each -> each.asked = 0);

    assertThat(found()).isEqualTo(1);
    assertThat(all.stream().mapToInt(each -> each.asked).sum()).isOne();
  }

  @Test
  void aReplicaThatFailedIsTriedLaterAndLaterAndComesBackByItself() {
    primary.has(1);
    var a = replica("a");
    a.has(2);
    lookups.step();
    a.away = true;
    found();
    for (int failures = 1; failures <= 23; failures++) {
      int times = Math.min(failures, 21);
      time.advance(Duration.ofSeconds(15L * times).minusMillis(1));
      a.asked = 0;
      lookups.step();
      assertThat(a.asked).as("before its time, after %d failures", failures).isZero();
      time.advance(Duration.ofMillis(1));
      lookups.step();
      assertThat(a.asked).as("after %d failures", failures).isEqualTo(1);
    }
    a.away = false;
    time.advance(Duration.ofSeconds(15 * 21));
    lookups.step();

    assertThat(found()).isEqualTo(2);
    a.away = true;
    found();
    a.away = false;
    time.advance(Duration.ofSeconds(15));
    lookups.step();
    assertThat(found()).as("former failures are forgotten").isEqualTo(2);
  }

  @Test
  void aChangeOfTheVersionMakesAFailedReplicaBeTriedAtOnce() {
    var a = replica("a");
    a.has(2);
    a.away = true;
    lookups.step();
    a.away = false;
    settings.put("slave_version", "2");
    lookups.step();

    assertThat(found()).isEqualTo(2);
  }

  @Test
  void whileThePrimaryIsAwayTheReplicasWordCounts() {
    var a = replica("a");
    lookups.step();
    primary.away = true;

    assertThat(found()).isZero();
    assertThat(found()).isZero();
    assertThat(primary.asked).as("the second request does not pay for it again").isEqualTo(1);
    a.has(2);
    assertThat(found()).isEqualTo(2);
  }

  @Test
  void thePrimaryIsAskedAgainOnceItAnswersInTheBackground() {
    replica("a");
    primary.has(1);
    lookups.step();
    primary.away = true;
    found();
    primary.away = false;
    assertThat(found()).isZero();
    time.advance(Duration.ofSeconds(1));
    lookups.step();

    assertThat(found()).isEqualTo(1);
  }

  @Test
  void whileThePrimaryIsAwayAnotherReplicaStepsInForOneThatFails() {
    var a = replica("a");
    var b = replica("b");
    a.has(1);
    b.has(1);
    lookups.step();
    primary.away = true;
    a.away = true;
    for (int i = 0; i < 10; i++) {
      assertThat(found()).isEqualTo(1);
    }
  }

  @Test
  void whenAllAreAwayTheCallFails() {
    replica("a").has(1);
    lookups.step();
    replicas.values().forEach(each -> each.away = true);
    primary.away = true;

    assertThatThrownBy(this::found).isInstanceOf(StoreException.class);
    primary.away = false;
    primary.has(3);
    assertThat(found()).as("with no other source it is asked all the same").isEqualTo(3);
  }

  @Test
  void aStaleStoryIsComparedWithThePrimarys() {
    var a = replica("a");
    a.has(1, 1);
    primary.has(1, 1, 2);
    lookups.step();
    var told = lookups.locate(DOMAIN, KEY).orElseThrow();

    assertThat(lookups.newer(DOMAIN, KEY, told)).isEqualTo(primary.file);
    assertThat(lookups.newer(DOMAIN, KEY, primary.file.orElseThrow())).isEmpty();
    primary.away = true;
    primary.asked = 0;
    assertThat(lookups.newer(DOMAIN, KEY, told)).isEmpty();
    assertThat(lookups.newer(DOMAIN, KEY, told)).isEmpty();
    assertThat(primary.asked).as("no second comparison pays for a primary that is away").isOne();
  }

  @Test
  void whatIsNoLongerNamedIsClosedAndWhatIsStillNamedStaysOpen() {
    var a = replica("a");
    var b = replica("b");
    lookups.step();
    settings.put("slave_keys", "b");
    lookups.step();

    assertThat(a.closed).isTrue();
    assertThat(b.closed).isFalse();
    lookups.close();
    assertThat(b.closed).isTrue();
    settings.put("slave_keys", "a");
    a.closed = false;
    lookups.step();
    assertThat(a.asked).as("nothing is opened after the end").isEqualTo(1);
  }
}
