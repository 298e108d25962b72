package io.hayloft.tracker.store.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * However often places are handed on, and to whomever, they are all there in the end. Where one is
 * lost, somebody waits for ever, and no interrupt ends that.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GatheringPlacesTest {

  private static final int PLACES = 4;
  private static final int CLIENTS = 48;
  private static final int REQUESTS = 1_500;

  private final AtomicInteger empty = new AtomicInteger();
  private volatile CountDownLatch all = new CountDownLatch(0);

  private final Gathering<Integer, Integer> gathering =
      new Gathering<>(
          this::carryOut,
          number -> List.of(number % 5),
          new Gathering.Room(3, PLACES),
          new Gathering.Service(Thread::startVirtualThread, Duration.ofMinutes(1)),
          Time.system());

  private List<Integer> carryOut(List<Integer> numbers) {
    if (numbers.isEmpty()) {
      empty.incrementAndGet();
    }
    var together = all;
    together.countDown();
    try {
      if (!together.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("fewer batches are under way than there are places");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return numbers;
  }

  @Test
  void noneIsLostAndNoBatchIsOfNothing() throws Exception {
    ask(CLIENTS, REQUESTS);
    all = new CountDownLatch(PLACES);

    ask(CLIENTS, 1);

    assertThat(all.getCount()).as("places that are not there any more").isZero();
    assertThat(empty).hasValue(0);
  }

  private void ask(int clients, int requests) throws Exception {
    try (var threads = Executors.newFixedThreadPool(clients)) {
      var calls = new ArrayList<Callable<Boolean>>();
      for (int client = 0; client < clients; client++) {
        int first = client * requests;
        calls.add(() -> askEach(first, first + requests));
      }
      for (Future<Boolean> each : threads.invokeAll(calls)) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  private boolean askEach(int from, int to) {
    for (int number = from; number < to; number++) {
      if (gathering.ask(number) != number) {
        return false;
      }
    }
    return true;
  }
}
