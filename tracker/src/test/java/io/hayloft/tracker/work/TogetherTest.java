package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.StoreException.Cause;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TogetherTest {

  private final Tasks tasks = Tasks.virtual();
  private final ConcurrentLinkedQueue<List<Integer>> groups = new ConcurrentLinkedQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Map<Integer, Object> results = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    tasks.close();
  }

  @Test
  void oneThatComesAloneIsWrittenAloneAndGetsItsResult() throws Exception {
    gate.countDown();
    var together = together();

    assertThat(together.write(7)).isEqualTo(70);
    assertThat(together.write(8)).isEqualTo(80);
    assertThat(groups).containsExactly(List.of(7), List.of(8));
  }

  @Test
  void whatComesWhileAGroupIsWrittenIsTheNextGroup() {
    var together = together();
    start(together, 1);
    await().until(() -> groups.size() == 1);
    IntStream.rangeClosed(2, 30).forEach(item -> start(together, item));

    gate.countDown();

    await().until(() -> results.size() == 30);
    assertThat(results).containsEntry(1, 10).containsEntry(30, 300);
    assertThat(groups).hasSizeLessThan(10);
    assertThat(groups).allSatisfy(group -> assertThat(group.size()).isLessThanOrEqualTo(20));
  }

  @Test
  void oneThatFailsDoesNotFailTheOthers() {
    var together = together();
    start(together, 1);
    await().until(() -> groups.size() == 1);
    IntStream.of(2, -3, 4).forEach(item -> start(together, item));
    gate.countDown();

    await().until(() -> results.size() == 4);

    assertThat(results).containsEntry(2, 20).containsEntry(4, 40);
    assertThat(results.get(-3)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whileTheDatabaseIsAwayNobodyWaitsForItTwice() {
    var away =
        new Together<Integer, Integer>(
            "writing",
            20,
            group -> {
              groups.add(group);
              awaitGate();
              throw new StoreException(Cause.UNAVAILABLE, "away", new SQLException());
            },
            tasks);
    start(away, 1);
    await().until(() -> groups.size() == 1);
    IntStream.rangeClosed(2, 9).forEach(item -> start(away, item));
    gate.countDown();

    await().until(() -> results.size() == 9);

    assertThat(groups).hasSizeLessThan(9);
    assertThatThrownBy(() -> away.write(10)).isInstanceOf(StoreException.class);
  }

  private Together<Integer, Integer> together() {
    return new Together<>("writing", 20, this::write, tasks);
  }

  private List<Integer> write(List<Integer> group) {
    groups.add(group);
    awaitGate();
    if (group.stream().anyMatch(item -> item < 0)) {
      throw new IllegalArgumentException("negative");
    }
    return group.stream().map(item -> 10 * item).toList();
  }

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(Together<Integer, Integer> together, int item) {
    tasks.start(
        "writes",
        () -> {
          try {
            results.put(item, together.write(item));
          } catch (RuntimeException e) {
            results.put(item, e);
          }
        });
  }
}
