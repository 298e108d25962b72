package io.hayloft.node.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectorySyncTest {

  private static final DeviceId DEVICE = new DeviceId(1);
  private static final Path DIRECTORY = Path.of("/a/directory");

  private final Tasks tasks = Tasks.virtual();
  private final AtomicInteger begun = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicInteger returned = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile boolean failing;

  private final DirectorySync sync =
      new DirectorySync(
          (_, _) -> {
            begun.incrementAndGet();
            mayEnd.acquireUninterruptibly();
            if (failing) {
              throw new IOException("Input/output error");
            }
          });

  @AfterEach
  void stop() {
    mayEnd.release(1_000);
    tasks.close();
  }

  private void caller() {
    tasks.start(
        "caller",
        () -> {
          try {
            sync.sync(DEVICE, DIRECTORY);
            returned.incrementAndGet();
          } catch (IOException e) {
            failed.incrementAndGet();
          }
        });
  }

  @Test
  void thoseWhoComeDuringASyncShareTheNextOne() {
    caller();
    await().untilAtomic(begun, org.hamcrest.Matchers.is(1));
    for (int i = 0; i < 20; i++) {
      caller();
    }
    // None of them may be content with the sync that began before they came.
    mayEnd.release();
    await().untilAtomic(returned, org.hamcrest.Matchers.is(1));
    await().untilAtomic(begun, org.hamcrest.Matchers.greaterThan(1));
    assertThat(returned).hasValue(1);

    mayEnd.release(1_000);
    await().untilAtomic(returned, org.hamcrest.Matchers.is(21));
    assertThat(begun.get()).isBetween(2, 20);
  }

  @Test
  void allWhomAFailedSyncServedAreTold() {
    failing = true;
    for (int i = 0; i < 5; i++) {
      caller();
    }
    mayEnd.release(1_000);
    await().untilAtomic(failed, org.hamcrest.Matchers.is(5));
    assertThat(returned).hasValue(0);

    failing = false;
    caller();
    await().untilAtomic(returned, org.hamcrest.Matchers.is(1));
  }

  @Test
  void missingDirectoryIsAnErrorAndNoFailureOfTheDisk() {
    var trust = new SyncTrust(new Docroot(Path.of("/no/such")), new SyncTrial(new Random(1)));
    assertThatIOException()
        .isThrownBy(() -> DirectorySync.onDisk(trust).sync(DEVICE, Path.of("/no/such/directory")));
    assertThat(trust.distrust(DEVICE)).isEmpty();
  }
}
