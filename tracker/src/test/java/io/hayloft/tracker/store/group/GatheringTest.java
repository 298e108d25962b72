package io.hayloft.tracker.store.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is alone waits for nobody; who are many share, and each hears his own outcome. */
class GatheringTest {

  private static final Duration TURN = Duration.ofSeconds(2);

  private final ManualTime time = ManualTime.start();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final Gathering.Service service = new Gathering.Service(clients, TURN);
  private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch firstMayEnd = new CountDownLatch(1);

  @AfterEach
  void end() {
    firstMayEnd.countDown();
    clients.close();
  }

  @Test
  void oneAloneIsCarriedOutByItselfAndAtOnce() {
    var thread = new AtomicReference<Thread>();
    var gathering =
        new Gathering<String, Integer>(
            requests -> {
              thread.set(Thread.currentThread());
              return lengths(requests);
            },
            GatheringTest::nothing,
            new Gathering.Room(10, 1),
            service,
            time);

    assertThat(gathering.ask("abc")).isEqualTo(3);
    assertThat(thread.get()).isSameAs(Thread.currentThread());
  }

  @Test
  void thoseWhoComeMeanwhileShareTheNextBatch() throws Exception {
    var gathering = blocking(GatheringTest::nothing, 10);
    var first = ask(gathering, "first", 0);
    var others = askAll(gathering, 12, "a");

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(5);
    for (int i = 0; i < others.size(); i++) {
      assertThat(others.get(i).get()).as("its own outcome").isEqualTo(i + 1);
    }
    assertThat(batches).extracting(List::size).containsExactly(1, 10, 2);
  }

  @Test
  void ofThoseThatTouchTheSameOnlyOneGoesAtATimeAndInOrder() throws Exception {
    var gathering = blocking(request -> List.of(request.charAt(0)), 10);
    var first = ask(gathering, "x", 0);
    var all = new ArrayList<Future<Integer>>();
    for (var request : List.of("a1", "b1", "a2", "a3", "b2", "c1")) {
      all.add(ask(gathering, request, all.size()));
    }

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(1);
    for (var each : all) {
      assertThat(each.get()).isEqualTo(2);
    }
    assertThat(batches)
        .containsExactly(
            List.of("x"), List.of("a1", "b1", "c1"), List.of("a2", "b2"), List.of("a3"));
  }

  @Test
  void whoTouchesTwoThingsIsNotOvertaken() throws Exception {
    var gathering = blocking(request -> request.chars().mapToObj(c -> (char) c).toList(), 10);
    var first = ask(gathering, "x", 0);
    var all = new ArrayList<Future<Integer>>();
    for (var request : List.of("a", "ab", "b")) {
      all.add(ask(gathering, request, all.size()));
    }

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(1);
    assertThat(all.get(2).get()).isEqualTo(1);
    assertThat(batches).containsExactly(List.of("x"), List.of("a"), List.of("ab"), List.of("b"));
  }

  private List<Integer> lengthsUnlessBad(List<String> requests) {
    if (requests.contains("bad")) {
      throw failure(Cause.DUPLICATE);
    }
    return lengths(requests);
  }

  @Test
  void whatFailsTogetherIsTriedOneByOne() throws Exception {
    var gathering = gathering(this::lengthsUnlessBad);
    var first = ask(gathering, "first", 0);
    var good = ask(gathering, "good", 0);
    var bad = ask(gathering, "bad", 1);
    var fine = ask(gathering, "fine!", 2);

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(5);
    assertThat(good.get()).isEqualTo(4);
    assertThat(fine.get()).isEqualTo(5);
    assertThatThrownBy(bad::get).hasCauseInstanceOf(StoreException.class);
    assertThat(batches)
        .containsExactly(
            List.of("first"),
            List.of("good", "bad", "fine!"),
            List.of("good"),
            List.of("bad"),
            List.of("fine!"));
  }

  @Test
  void aDatabaseThatIsAwayIsAskedOnceForAll() throws Exception {
    var gathering =
        gathering(
            requests -> {
              if (requests.size() > 1) {
                throw failure(Cause.UNAVAILABLE);
              }
              return lengths(requests);
            });
    var first = ask(gathering, "first", 0);
    var others = askAll(gathering, 3, "a");

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(5);
    for (var other : others) {
      assertThatThrownBy(other::get).hasCauseInstanceOf(StoreException.class);
    }
    assertThat(batches).hasSize(2);
  }

  @Test
  void aDatabaseThatGoesAwayBetweenTheMembersIsNotAskedForEach() throws Exception {
    var gathering =
        gathering(
            requests -> {
              if (requests.size() > 1) {
                throw failure(Cause.DUPLICATE);
              }
              if (requests.contains("aa")) {
                throw failure(Cause.UNAVAILABLE);
              }
              return lengths(requests);
            });
    var first = ask(gathering, "first", 0);
    var others = askAll(gathering, 4, "a");

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(5);
    assertThat(others.getFirst().get()).isEqualTo(1);
    for (var other : others.subList(1, 4)) {
      assertThatThrownBy(other::get).hasCauseInstanceOf(StoreException.class);
    }
    assertThat(batches)
        .containsExactly(
            List.of("first"), List.of("a", "aa", "aaa", "aaaa"), List.of("a"), List.of("aa"));
  }

  @Test
  void whoHasWaitedLongForADatabaseThatIsAwayHearsItWithTheOthers() throws Exception {
    var gathering =
        gathering(
            requests -> {
              if (requests.contains("first")) {
                throw failure(Cause.UNAVAILABLE);
              }
              return lengths(requests);
            });
    var first = ask(gathering, "first", 0);
    var patient = ask(gathering, "patient", 0);
    time.advance(Duration.ofSeconds(1));
    var fresh = ask(gathering, "fresh", 1);

    firstMayEnd.countDown();

    assertThatThrownBy(first::get).hasCauseInstanceOf(StoreException.class);
    assertThatThrownBy(patient::get).hasCauseInstanceOf(StoreException.class);
    assertThat(fresh.get()).isEqualTo(5);
    assertThat(batches).containsExactly(List.of("first"), List.of("fresh"));
  }

  @Test
  void aDefectReachesAllOfItsBatchAndNobodyElse() throws Exception {
    var gathering =
        gathering(
            requests -> {
              if (requests.size() > 1) {
                return List.of(1);
              }
              return lengths(requests);
            });
    var first = ask(gathering, "first", 0);
    var others = askAll(gathering, 3, "a");

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(5);
    for (var other : others) {
      assertThatThrownBy(other::get).rootCause().hasMessageContaining("1 outcomes of 3 requests");
    }
    assertThat(gathering.ask("later")).isEqualTo(5);
  }

  @Test
  void whoDoesNotWaitHearsItsOwnOutcome() throws Exception {
    var gathering = gathering(this::lengthsUnlessBad);
    var first = hear(gathering, "first", 0);
    var good = hear(gathering, "good", 0);
    var bad = hear(gathering, "bad", 1);
    var waits = ask(gathering, "waits", 2);

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(5);
    assertThat(good.get()).isEqualTo(4);
    assertThatThrownBy(bad::get).hasCauseInstanceOf(StoreException.class);
    assertThat(waits.get()).isEqualTo(5);
    assertThat(batches.get(1)).containsExactly("good", "bad", "waits");
  }

  @Test
  void aHearerThatFailsKeepsNobodyFromHearing() throws Exception {
    var gathering = blocking(GatheringTest::nothing, 10);
    var first = ask(gathering, "first", 0);
    gathering.ask(
        "throws",
        _ -> {
          throw new IllegalStateException("on purpose");
        });
    var second = hear(gathering, "second", 1);

    firstMayEnd.countDown();

    assertThat(first.get()).isEqualTo(5);
    assertThat(second.get()).isEqualTo(6);
    assertThat(gathering.ask("later")).isEqualTo(5);
  }

  /** Whoever waits may be interrupted, which breaks the connection that it is at. */
  @Test
  void whoWaitsCarriesOutNobodyElsesRequest() throws Exception {
    var threads = Collections.synchronizedList(new ArrayList<Thread>());
    var gathering =
        gathering(
            requests -> {
              threads.add(Thread.currentThread());
              return lengths(requests);
            });
    var askers = Collections.synchronizedList(new ArrayList<Thread>());
    var all = new ArrayList<Future<Integer>>();
    for (var request : List.of("a", "ab", "abc")) {
      all.add(
          clients.submit(
              () -> {
                askers.add(Thread.currentThread());
                return gathering.ask(request);
              }));
      await().until(() -> !batches.isEmpty() && gathering.waiting() == all.size() - 1);
    }

    firstMayEnd.countDown();

    for (var each : all) {
      assertThat(each.get()).isPositive();
    }
    assertThat(batches).containsExactly(List.of("a"), List.of("ab", "abc"));
    assertThat(askers).doesNotContain(threads.get(1));
  }

  @Test
  void aSecondPlaceIsTakenOnlyWhenAWholeBatchWaits() throws Exception {
    var gathering =
        new Gathering<String, Integer>(
            first(GatheringTest::lengths),
            GatheringTest::nothing,
            new Gathering.Room(3, 2),
            service,
            time);
    var first = ask(gathering, "first", 0);
    var two = List.of(ask(gathering, "a", 0), ask(gathering, "b", 1));
    assertThat(gathering.waiting()).isEqualTo(2);

    var third = clients.submit(() -> gathering.ask("c"));

    assertThat(third.get()).isEqualTo(1);
    for (var each : two) {
      assertThat(each.get()).isEqualTo(1);
    }
    assertThat(batches).containsExactly(List.of("first"), List.of("a", "b", "c"));
    firstMayEnd.countDown();
    assertThat(first.get()).isEqualTo(5);
  }

  @Test
  void behindABatchThatHangsNobodyWaitsForLong() throws Exception {
    var gathering =
        new Gathering<String, Integer>(
            first(GatheringTest::lengths),
            GatheringTest::nothing,
            new Gathering.Room(10, 2),
            service,
            time);
    var first = ask(gathering, "first", 0);
    var waits = ask(gathering, "waits", 0);
    time.advance(Duration.ofSeconds(1));

    assertThat(gathering.ask("next")).isEqualTo(4);
    assertThat(gathering.ask("one more, as soon as it comes")).isEqualTo(29);

    assertThat(waits.get()).isEqualTo(5);
    firstMayEnd.countDown();
    assertThat(first.get()).isEqualTo(5);
  }

  @Test
  void anInterruptIsKeptForLater() throws Exception {
    var gathering = blocking(GatheringTest::nothing, 10);
    var first = ask(gathering, "first", 0);
    var kept = new AtomicReference<Boolean>();
    var outcome = new AtomicReference<Integer>();
    var waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  outcome.set(gathering.ask("second"));
                  kept.set(Thread.currentThread().isInterrupted());
                });
    await().until(() -> gathering.waiting() == 1);
    waiter.interrupt();

    firstMayEnd.countDown();

    waiter.join();
    assertThat(first.get()).isEqualTo(5);
    assertThat(outcome.get()).isEqualTo(6);
    assertThat(kept.get()).isTrue();
  }

  /** However places are handed on: nobody is left, nobody is carried out twice. */
  @Test
  void manyInManyPlacesAllHearTheirOwnOutcomeOnce() throws Exception {
    var times = new AtomicInteger();
    var underWay = new AtomicInteger();
    var mostUnderWay = new AtomicInteger();
    var gathering =
        new Gathering<String, Integer>(
            requests -> {
              mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
              times.addAndGet(requests.size());
              LockSupport.parkNanos(10_000);
              underWay.decrementAndGet();
              return requests.stream().map(Integer::valueOf).toList();
            },
            request -> List.of(Integer.parseInt(request) % 7),
            new Gathering.Room(5, 3),
            service,
            time);
    var random = new Random(1);
    var all = new ArrayList<Future<Boolean>>();
    for (int client = 0; client < 40; client++) {
      int begin = random.nextInt(1_000_000);
      all.add(
          clients.submit(
              () -> {
                for (int i = begin; i < begin + 500; i++) {
                  if (gathering.ask(Integer.toString(i)) != i) {
                    return false;
                  }
                }
                return true;
              }));
    }

    for (var each : all) {
      assertThat(each.get()).isTrue();
    }
    assertThat(times.get()).isEqualTo(40 * 500);
    assertThat(mostUnderWay.get()).isBetween(1, 3);
    assertThat(gathering.waiting()).isZero();
  }

  private static Collection<?> nothing(String request) {
    return List.of();
  }

  private static List<Integer> lengths(List<String> requests) {
    return requests.stream().map(String::length).toList();
  }

  private static StoreException failure(Cause why) {
    return new StoreException(why, "on purpose", new IllegalStateException());
  }

  private Gathering<String, Integer> blocking(Function<String, Collection<?>> touches, int most) {
    return new Gathering<>(
        first(GatheringTest::lengths), touches, new Gathering.Room(most, 1), service, time);
  }

  private Gathering<String, Integer> gathering(Batch<String, Integer> batch) {
    return new Gathering<>(
        first(batch), GatheringTest::nothing, new Gathering.Room(10, 1), service, time);
  }

  /** The first batch ends when the test says so; all are noted. */
  private Batch<String, Integer> first(Batch<String, Integer> batch) {
    return requests -> {
      batches.add(requests);
      if (batches.size() == 1) {
        try {
          firstMayEnd.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return batch.carryOut(requests);
    };
  }

  /** Asks, and returns when the request has its place in the line: behind so many others. */
  private Future<Integer> ask(Gathering<String, Integer> gathering, String request, int behind) {
    boolean isFirst = batches.isEmpty();
    var outcome = clients.submit(() -> gathering.ask(request));
    if (isFirst) {
      await().until(() -> !batches.isEmpty());
    } else {
      await().until(() -> gathering.waiting() == behind + 1);
    }
    return outcome;
  }

  /** As {@link #ask}, but nobody waits. */
  private Future<Integer> hear(Gathering<String, Integer> gathering, String request, int behind) {
    boolean isFirst = batches.isEmpty();
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
    if (isFirst) {
      await().until(() -> !batches.isEmpty());
    } else {
      assertThat(gathering.waiting()).isEqualTo(behind + 1);
    }
    return heard;
  }

  /** As many, of lengths from one on. */
  private List<Future<Integer>> askAll(
      Gathering<String, Integer> gathering, int count, String letter) {
    var all = new ArrayList<Future<Integer>>();
    for (int i = 0; i < count; i++) {
      all.add(ask(gathering, letter.repeat(i + 1), i));
    }
    return all;
  }
}
