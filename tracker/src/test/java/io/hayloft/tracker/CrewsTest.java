package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.metrics.Metrics;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.testkit.ManualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker that hangs is replaced, whatever crew it is of. */
class CrewsTest {

  private static final Duration LONG = Crews.HANGING.plusSeconds(30);

  private final ManualTime time = ManualTime.start();
  private final Tasks tasks = Tasks.virtual();
  private final Crews crews =
      new Crews(
          new Tracker.Surroundings(time, tasks, new Random(1), new Metrics("tracker", "test")));
  private final Semaphore begun = new Semaphore(0);

  @AfterEach
  void stop() {
    tasks.close();
  }

  /** Its first step of all hangs until it is interrupted; those of its successors do not. */
  private Worker hangingAtFirst(CountDownLatch never) {
    return () -> {
      // Looked at before it is said, or the clock may be put forward in between.
      boolean isFirst = time.nanoTime() < LONG.toNanos();
      begun.release();
      if (isFirst) {
        never.await();
      }
      return Pace.rest(Duration.ofMinutes(1));
    };
  }

  @Test
  void aWorkerThatHangsIsReplacedInEveryCrewAlsoInOneMadeLate() throws Exception {
    var never = new CountDownLatch(1);
    var seen = crews.crew("seen", () -> hangingAtFirst(never));
    seen.want(1);
    var watchdog = crews.watchdog();
    watchdog.want(1);
    var late = crews.crew("hidden", () -> hangingAtFirst(never));
    late.want(1);
    assertThat(begun.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();

    time.awaitWaiting(1);
    time.advance(LONG);

    for (var crew : List.of(seen, late)) {
      Awaitility.await(crew.job() + " has another worker").until(() -> crew.running().contains(2L));
    }
    watchdog.close();
    seen.close();
    late.close();
  }

  @Test
  void thereIsNoOtherWayToACrew() throws IOException {
    try (var sources = Files.walk(Path.of("src", "main", "java"))) {
      assertThat(
              sources
                  .filter(file -> file.toString().endsWith(".java"))
                  .filter(CrewsTest::makesACrew)
                  .map(file -> file.getFileName().toString()))
          .containsExactly("Crews.java");
    }
  }

  private static boolean makesACrew(Path file) {
    try {
      return Files.readString(file).contains("new Crew(");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
