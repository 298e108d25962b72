package io.hayloft.tracker.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestQueueTest {

  private static final Duration TURN = Duration.ofMinutes(1);

  private final Queue<Runnable> started = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final RequestQueue queue = new RequestQueue(started::add, Time.system(), 2, 3, TURN);

  private boolean submit(String line) {
    return queue.submit(new RequestQueue.Ticket("ip", line, began -> done.add(line)));
  }

  @Test
  void nothingStartsBeforeItIsOpened() {
    submit("a");
    submit("b");
    submit("c");
    assertThat(started).isEmpty();

    queue.open();

    assertThat(started).hasSize(2);
    assertThat(queue.state().waiting()).isEqualTo(1);
  }

  @Test
  void longRequestsThatWaitFillTheQueueSooner() {
    var small =
        new RequestQueue(started::add, Time.system(), 1, new WaitingLine.Bounds(1000, 3000, TURN));
    var work = new RequestQueue.Ticket("ip", "x".repeat(400), began -> {});
    assertThat(small.submit(work)).isTrue();
    assertThat(small.submit(work)).isTrue();
    assertThat(small.submit(work)).isFalse();
    assertThat(small.submit(new RequestQueue.Ticket("ip", "short", began -> {}))).isTrue();

    small.open();
    while (!started.isEmpty()) {
      started.remove().run();
    }
    small.allow(0);

    assertThat(small.submit(work)).isTrue();
    assertThat(small.submit(work)).isTrue();
    assertThat(small.submit(work)).isFalse();
  }

  @Test
  void thoseThatWaitAreTakenInTheirOrderByWhoeverIsDone() {
    queue.open();
    for (var line : List.of("a", "b", "c", "d", "e")) {
      assertThat(submit(line)).isTrue();
    }
    assertThat(started).hasSize(2);

    started.remove().run();

    assertThat(done).containsExactly("a", "c", "d", "e");
    started.remove().run();
    assertThat(done).endsWith("b");
    assertThat(queue.state()).isEqualTo(new RequestQueue.State(0, 0, 2, 3, 0));
  }

  @Test
  void aRequestThatWaitsAsideGivesItsPlaceToAnother() throws InterruptedException {
    queue.open();
    List.of("a", "b", "c", "d").forEach(this::submit);
    assertThat(started).hasSize(2);

    assertThat(queue.<Integer>aside(started::size)).isEqualTo(3);

    assertThat(queue.state().running()).as("until one of them ends").isEqualTo(3);
    started.remove().run();
    assertThat(done).containsExactly("a");
    started.remove().run();
    assertThat(done).containsExactly("a", "b", "d");
  }

  @Test
  void whatIsTooMuchIsRefused() {
    queue.open();
    for (int i = 0; i < 5; i++) {
      assertThat(submit("r" + i)).isTrue();
    }

    assertThat(submit("one more")).isFalse();
    assertThat(queue.state().refused()).isEqualTo(1);
  }

  @Test
  void moreAreAnsweredAtOnceWhenMoreAreAllowed() {
    queue.open();
    for (int i = 0; i < 5; i++) {
      submit("r" + i);
    }

    queue.allow(4);

    assertThat(started).hasSize(4);
  }

  @Test
  void fewerAreAnsweredAtOnceOnceThoseThatRunAreDone() {
    queue.open();
    for (int i = 0; i < 5; i++) {
      submit("r" + i);
    }
    queue.allow(1);

    started.remove().run();
    assertThat(done).containsExactly("r0");

    started.remove().run();
    assertThat(done).containsExactly("r0", "r1", "r2", "r3", "r4");
  }

  private boolean submit(RequestQueue to, Lane lane, String line) {
    return to.submit(new RequestQueue.Ticket("ip", line, lane, began -> done.add(line)));
  }

  @Test
  void lookUpsFindAPlaceWhileAllElseWaits() {
    var wide = new RequestQueue(started::add, Time.system(), 8, 100, TURN);
    wide.open();
    for (int i = 0; i < 20; i++) {
      assertThat(submit(wide, Lane.OTHERS, "write " + i)).isTrue();
    }
    assertThat(started).as("an eighth is left for look-ups").hasSize(7);

    assertThat(submit(wide, Lane.LOOK_UPS, "look")).isTrue();
    assertThat(submit(wide, Lane.LOOK_UPS, "look later")).isTrue();
    assertThat(started).hasSize(8);
    ((ArrayDeque<Runnable>) started).removeLast().run();

    assertThat(done).as("its place goes to the next look-up").containsExactly("look", "look later");
    assertThat(wide.state().waiting()).isEqualTo(13);
    assertThat(wide.state().running()).isEqualTo(7);
    while (!started.isEmpty()) {
      started.remove().run();
    }
    assertThat(done).hasSize(22).endsWith("write 6");
    assertThat(wide.state()).isEqualTo(new RequestQueue.State(0, 0, 8, 14, 0));
  }

  @Test
  void whoCameFirstIsFirstWhereThereIsAPlaceForEach() {
    var single = new RequestQueue(started::add, Time.system(), 1, 100, TURN);
    single.open();
    submit(single, Lane.LOOK_UPS, "a");
    submit(single, Lane.OTHERS, "b");
    submit(single, Lane.LOOK_UPS, "c");
    submit(single, Lane.OTHERS, "d");
    assertThat(single.waiting())
        .extracting(RequestQueue.Ticket::line)
        .containsExactly("b", "c", "d");

    started.remove().run();

    assertThat(done).containsExactly("a", "b", "c", "d");
  }

  /** A request for which no thread waits; begun when it is in the list. */
  private final class Errand implements RequestQueue.Work {

    private final String line;
    private RequestQueue.@Nullable Turn turn;

    Errand(String line) {
      this.line = line;
    }

    @Override
    public void run(long startedNanos) {
      done.add(line + " on a thread");
    }

    @Override
    public boolean begin(long startedNanos, RequestQueue.Turn turn) {
      this.turn = turn;
      done.add(line + " begun");
      return true;
    }

    RequestQueue.Turn turn() {
      return requireNonNull(turn);
    }
  }

  private Errand begin(String line) {
    var errand = new Errand(line);
    assertThat(queue.submit(new RequestQueue.Ticket("ip", line, errand))).isTrue();
    return errand;
  }

  @Test
  void aRequestThatWasBegunKeepsItsPlaceUntilItHasEnded() {
    queue.open();
    var first = begin("a");
    var second = begin("b");
    begin("c");
    submit("d");
    assertThat(done).containsExactly("a begun", "b begun");
    assertThat(queue.state().running()).isEqualTo(2);

    first.turn().ended();
    assertThat(done).endsWith("c begun");
    assertThat(started).isEmpty();

    second.turn().ended();
    assertThat(started).hasSize(1);
    started.remove().run();
    assertThat(done).endsWith("d");
    assertThat(queue.state().running()).isEqualTo(1);
  }

  @Test
  void aRequestThatWasBegunAndHasToWaitGetsAThreadAndKeepsItsPlace() {
    queue.open();
    var first = begin("a");

    first.turn().goesOn();

    assertThat(queue.state().running()).isEqualTo(1);
    started.remove().run();
    assertThat(done).containsExactly("a begun", "a on a thread");
    assertThat(queue.state().running()).isZero();
  }

  @Test
  void whoeverIsDoneBeginsTheNextAndLeavesItsPlaceToIt() {
    queue.open();
    submit("a");
    submit("b");
    var third = begin("c");

    started.remove().run();

    assertThat(done).containsExactly("a", "c begun");
    assertThat(queue.state().running()).isEqualTo(2);
    started.remove().run();
    assertThat(queue.state().running()).isEqualTo(1);
    third.turn().ended();
    assertThat(queue.state().running()).isZero();
  }

  @Test
  void requestThatBreaksDoesNotKeepItsPlace() {
    queue.open();
    queue.submit(
        new RequestQueue.Ticket(
            "ip",
            "breaks",
            began -> {
              throw new IllegalStateException("on purpose");
            }));
    started.remove().run();

    assertThat(queue.state().running()).isZero();
  }

  @Test
  void drainGivesUpThoseThatWait() throws InterruptedException {
    submit("a");

    assertThat(queue.drain(Duration.ofSeconds(1))).isTrue();
    assertThat(queue.state().waiting()).isZero();
  }

  @Test
  void drainTellsWhenARequestDoesNotEnd() throws InterruptedException {
    queue.open();
    submit("a");

    assertThat(queue.drain(Duration.ofMillis(30))).isFalse();
  }
}
