package io.hayloft.bench.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  private static final Duration PATIENT = Duration.ofMinutes(1);

  /** Operations of one request each; {@code busy} is a refusal. */
  private static final class Echo implements Course {

    private int begun;
    private int skipped;
    private final int[] asked = new int[16];
    private Ending ending = Ending.SERVED;

    @Override
    public boolean begin(Turn turn) {
      asked[turn.client()] = begun++;
      turn.toTracker()
          .put(Answer.bytes("echo n="))
          .number(asked[turn.client()], 1)
          .put((byte) '\n');
      return true;
    }

    @Override
    public boolean answered(Turn turn, Answer answer) {
      ending = answer.isOk() ? Ending.SERVED : Ending.REFUSED;
      if (answer.isOk() && answer.number(Answer.bytes("n=")) != asked[turn.client()]) {
        throw answer.wrong("not mine");
      }
      return true;
    }

    @Override
    public int skip() {
      skipped++;
      return 0;
    }

    @Override
    public int kind(Turn turn) {
      return 0;
    }

    @Override
    public Ending ending(Turn turn) {
      return ending;
    }
  }

  private static String echo(String line) {
    return "OK " + line.substring(5) + "\r\n";
  }

  private static OpenLoop.Crowd crowd(ScriptedServer server, int clients, Duration patience) {
    return new OpenLoop.Crowd(server.address(), clients, patience);
  }

  private static Tally run(UnaryOperator<String> answers, Echo echo, Steady steady)
      throws Exception {
    var tally = new Tally(1);
    try (var server = new ScriptedServer(answers);
        var loop = OpenLoop.open(crowd(server, 4, PATIENT), Time.system())) {
      loop.run(echo, steady, tally);
    }
    return tally;
  }

  @Test
  void everyOperationBeginsWhenItIsDueAndNotBefore() throws Exception {
    long begun = Time.system().nanoTime();

    var tally = run(OpenLoopTest::echo, new Echo(), Steady.of(500, Duration.ofMillis(200)));

    assertThat(tally.count(Ending.SERVED)).isEqualTo(100);
    // The last one is due after 198 ms.
    assertThat(Time.system().since(begun)).isGreaterThan(Duration.ofMillis(198));
  }

  @Test
  void whatIsAnsweredLateIsLateForAllWhoCameMeanwhile() throws Exception {
    var answered = new AtomicInteger();
    UnaryOperator<String> stopsOnce =
        line -> {
          if (answered.incrementAndGet() == 10) {
            pause(300);
          }
          return echo(line);
        };
    var tally = new Tally(1);
    try (var server = new ScriptedServer(stopsOnce);
        var loop = OpenLoop.open(crowd(server, 1, PATIENT), Time.system())) {
      loop.run(new Echo(), Steady.of(200, Duration.ofMillis(400)), tally);
    }

    // 80 in all over one connection: some 60 were due while it stood still. In a closed loop it
    // would have been one.
    assertThat(tally.count(Ending.SERVED)).isEqualTo(80);
    assertThat(tally.of(Ending.SERVED).percentileMicros(60)).isGreaterThan(50_000);
    assertThat(tally.lags().percentileMicros(60)).isGreaterThan(40_000);
  }

  private static void pause(int millis) {
    try {
      Time.system().sleep(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoCannotBeginInTimeIsNotSent() throws Exception {
    var go = new CountDownLatch(1);
    var echo = new Echo();
    var tally = new Tally(1);
    UnaryOperator<String> waits =
        line -> {
          await(go);
          return echo(line);
        };
    try (var server = new ScriptedServer(waits);
        var loop = OpenLoop.open(crowd(server, 2, Duration.ofMillis(50)), Time.system())) {
      Ledger counting =
          new Ledger() {
            @Override
            public void begun(long due, long lag) {
              tally.begun(due, lag);
            }

            @Override
            public void ended(int kind, Ending ending, long due, long took) {
              tally.ended(kind, ending, due, took);
              if (tally.count(Ending.UNSENT) == 10) {
                go.countDown();
              }
            }
          };
      loop.run(echo, Steady.of(1000, Duration.ofMillis(100)), counting);
    }

    assertThat(echo.skipped).isGreaterThanOrEqualTo(10);
    assertThat(tally.count(Ending.UNSENT)).isEqualTo(echo.skipped);
    assertThat(tally.count()).isEqualTo(100);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void refusalsAreCountedByThemselves() throws Exception {
    var tally =
        run(
            line -> line.endsWith("5") ? "ERR busy busy\r\n" : echo(line),
            new Echo(),
            Steady.of(1000, Duration.ofMillis(100)));

    assertThat(tally.count(Ending.REFUSED)).isEqualTo(10);
    assertThat(tally.count(Ending.SERVED)).isEqualTo(90);
  }

  @Test
  void clientThatIsCutOffIsLostAndTheOthersGoOn() throws Exception {
    var tally = new Tally(1);
    try (var server = new ScriptedServer(line -> line.endsWith("n=7") ? "" : echo(line));
        var loop = OpenLoop.open(crowd(server, 3, PATIENT), Time.system())) {
      loop.run(new Echo(), Steady.of(1000, Duration.ofMillis(50)), tally);

      assertThat(loop.lost()).isEqualTo(1);
    }
    assertThat(tally.count(Ending.LOST)).isEqualTo(1);
    assertThat(tally.count(Ending.SERVED)).isEqualTo(49);
  }

  @Test
  void wrongAnswerEndsTheRun() {
    assertThatThrownBy(
            () -> run(_ -> "OK n=4711\r\n", new Echo(), Steady.of(100, Duration.ofMillis(50))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not mine");
  }

  @Test
  void allClientsAreUsedInTurn() throws Exception {
    var echo = new Echo();
    try (var server = new ScriptedServer(OpenLoopTest::echo);
        var loop = OpenLoop.open(crowd(server, 16, PATIENT), Time.system())) {
      loop.run(echo, Steady.of(1000, Duration.ofMillis(16)), new Tally(1));
    }

    assertThat(echo.asked).doesNotHaveDuplicates();
  }

  @Test
  void ratesFollowEachOther() {
    var steady =
        new Steady(
            List.of(
                new Steady.Span(2, Duration.ofSeconds(1)),
                new Steady.Span(4, Duration.ofSeconds(1))));

    long half = 500_000_000L;
    assertThat(
            List.of(
                steady.next(),
                steady.next(),
                steady.next(),
                steady.next(),
                steady.next(),
                steady.next(),
                steady.next(),
                steady.next()))
        .containsExactly(
            0L, half, 2 * half, 5 * half / 2, 3 * half, 7 * half / 2, Schedule.OVER, Schedule.OVER);
  }
}
