package io.hayloft.tracker.store.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long requests wait behind a batch that hangs, and what becomes of them. */
class GatheringTurnTest {

  private static final Duration TURN = Duration.ofSeconds(1);

  /** For a machine that has other work. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private final ManualTime time = ManualTime.start();
  private final ExecutorService leaders = Executors.newVirtualThreadPerTaskExecutor();
  private final Gatherings gatherings = new Gatherings(new Gathering.Service(leaders, TURN), time);
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private final List<List<String>> begun = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void end() {
    goesOn.countDown();
    leaders.close();
  }

  /** A batch with this in it hangs. */
  private static final String HANGS = "hangs";

  private Gathering<String, Integer> gathering(int places) {
    return gatherings.gathering(this::carryOut, _ -> List.of(), new Gathering.Room(10, places));
  }

  private List<Integer> carryOut(List<String> requests) {
    begun.add(requests);
    if (requests.contains(HANGS)) {
      try {
        goesOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return requests.stream().map(String::length).toList();
  }

  private static CompletableFuture<Integer> hear(
      Gathering<String, Integer> gathering, String request) {
    var heard = new CompletableFuture<Integer>();
    gathering.ask(
        request,
        outcome -> {
          try {
            heard.complete(outcome.get());
          } catch (RuntimeException e) {
            heard.completeExceptionally(e);
          }
        });
    return heard;
  }

  /** When the batch that hangs is under way. */
  private CompletableFuture<Integer> hang(Gathering<String, Integer> gathering) {
    var hangs = hear(gathering, HANGS);
    await().until(() -> !begun.isEmpty());
    return hangs;
  }

  private static void assertRefused(CompletableFuture<Integer> heard) {
    assertThat(heard).isCompletedExceptionally();
    assertThat(((StoreException) heard.exceptionNow()).why()).isEqualTo(Cause.BUSY);
  }

  @Test
  void whoIsNotBegunInTimeIsRefusedAlthoughNobodyElseComes() {
    var gathering = gathering(1);
    var hangs = hang(gathering);
    var waits = hear(gathering, "waits");
    time.advance(TURN);
    gatherings.step();
    assertThat(waits).isNotDone();

    time.advance(Duration.ofNanos(1));
    gatherings.step();

    assertRefused(waits);
    assertThat(hangs).as("was begun, and may be done").isNotDone();
    goesOn.countDown();
    assertThat(hangs).succeedsWithin(SOON).isEqualTo(5);
    assertThat(gathering.ask("later")).isEqualTo(5);
    assertThat(begun).as("a refusal is certain").noneMatch(batch -> batch.contains("waits"));
  }

  @Test
  void whoWaitsInAThreadIsRefusedAsWell() {
    var gathering = gathering(1);
    var _ = hang(gathering);
    var refusal = new CompletableFuture<Throwable>();
    leaders.execute(() -> refusal.complete(catchThrowable(() -> gathering.ask("waits"))));
    await().until(() -> gathering.waiting() == 1);
    time.advance(TURN.plusNanos(1));

    gatherings.step();

    assertThat(refusal)
        .succeedsWithin(SOON)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.why()).isEqualTo(Cause.BUSY));
  }

  @Test
  void whoeverComesHasThoseRefusedWhoAreLate() {
    var gathering = gathering(1);
    var _ = hang(gathering);
    var late = hear(gathering, "late");
    time.advance(TURN.plusNanos(1));

    var fresh = hear(gathering, "fresh");

    assertRefused(late);
    assertThat(fresh).isNotDone();
    assertThat(gathering.waiting()).isEqualTo(1);
  }

  @Test
  void whatIsLateIsNotCarriedOutWhenThereIsAPlaceAtLast() {
    var gathering = gathering(1);
    var hangs = hang(gathering);
    var late = hear(gathering, "late");
    time.advance(TURN.plusNanos(1));

    goesOn.countDown();

    assertThat(hangs).succeedsWithin(SOON).isEqualTo(5);
    await().untilAsserted(() -> assertRefused(late));
    assertThat(begun).containsExactly(List.of(HANGS));
  }

  @Test
  void behindABatchThatHangsOneAloneGetsAnotherPlace() {
    var gathering = gathering(2);
    var _ = hang(gathering);
    var waits = hear(gathering, "waits");
    gatherings.step();
    assertThat(gathering.waiting()).as("it may end at any moment").isEqualTo(1);
    time.advance(Duration.ofMillis(60));

    gatherings.step();

    assertThat(waits).succeedsWithin(SOON).isEqualTo(5);
  }
}
