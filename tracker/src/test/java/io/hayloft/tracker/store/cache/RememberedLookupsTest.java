package io.hayloft.tracker.store.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RememberedLookupsTest {

  private static final int CLIENTS = 40;
  private static final DomainId DOMAIN = new DomainId(1);

  private final CountDownLatch thaw = new CountDownLatch(1);
  private final Semaphore atPrimary = new Semaphore(0);
  private final Semaphore answered = new Semaphore(0);

  /** A primary that answers when it is let, and perhaps a replica that answers at once. */
  private final class Databases implements FileLookups {

    private final boolean hasReplica;

    Databases(boolean hasReplica) {
      this.hasReplica = hasReplica;
    }

    @Override
    public Optional<Located> atPrimary(DomainId domain, Key key) {
      atPrimary.release();
      try {
        thaw.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Optional.empty();
    }

    @Override
    public Optional<Whereabouts> whereabouts(DomainId domain, Key key) {
      return Optional.of(new Whereabouts(new Fid(7), List.of()));
    }

    @Override
    public boolean hasOthers() {
      return hasReplica;
    }

    @Override
    public Optional<Located> locate(DomainId domain, Key key) {
      throw new AssertionError("not asked for");
    }

    @Override
    public Optional<Checksum> checksum(Fid fid) {
      throw new AssertionError("not asked for");
    }

    @Override
    public Optional<Located> newer(DomainId domain, Key key, Located told) {
      throw new AssertionError("not asked for");
    }
  }

  private void ask(Tasks tasks, boolean hasReplica) {
    var lookups =
        new RememberedLookups(
            new Databases(hasReplica),
            new PathMemory(Time.system()),
            () -> new ServerSettings(Map.of(RememberedLookups.SETTING, "60")));
    for (int i = 0; i < CLIENTS; i++) {
      var key = new Key("k" + i);
      tasks.start(
          "client",
          () -> {
            var _ = lookups.whereabouts(DOMAIN, key);
            answered.release();
          });
    }
  }

  private static boolean come(Semaphore events, int count) throws InterruptedException {
    return events.tryAcquire(count, 20, TimeUnit.SECONDS);
  }

  @Test
  void fewWaitForASlowPrimaryWhereThereIsAReplica() throws Exception {
    try (var tasks = Tasks.virtual()) {
      ask(tasks, true);

      assertThat(come(answered, CLIENTS - 16)).as("by the replica").isTrue();
      assertThat(come(atPrimary, 16)).isTrue();
      assertThat(answered.availablePermits()).isZero();
      thaw.countDown();
      assertThat(come(answered, 16)).isTrue();
      assertThat(atPrimary.availablePermits()).as("more at the primary").isZero();
    }
  }

  @Test
  void allAskThePrimaryWhereThereIsNobodyElse() throws Exception {
    try (var tasks = Tasks.virtual()) {
      ask(tasks, false);

      assertThat(come(atPrimary, CLIENTS)).isTrue();
      thaw.countDown();
      assertThat(come(answered, CLIENTS)).isTrue();
    }
  }
}
