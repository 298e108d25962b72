package io.hayloft.bench.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  /** So many requests, each with a number that the answer must have. */
  private static final class Echo implements Dialogue {

    private final int most;
    private int begun;
    private int ended;
    private final int[] asked = new int[16];

    Echo(int most) {
      this.most = most;
    }

    @Override
    public boolean begin(Turn turn) {
      if (begun == most) {
        return false;
      }
      asked[turn.client()] = begun++;
      turn.toTracker()
          .put(Answer.bytes("echo n="))
          .number(asked[turn.client()], 1)
          .put((byte) '\n');
      return true;
    }

    @Override
    public boolean answered(Turn turn, Answer answer) {
      if (!answer.isOk() || answer.number(Answer.bytes("n=")) != asked[turn.client()]) {
        throw answer.wrong("not mine");
      }
      ended++;
      return true;
    }
  }

  private static Outcome run(UnaryOperator<String> answers, int clients, Dialogue dialogue)
      throws Exception {
    try (var server = new ScriptedServer(answers);
        var loop = ClosedLoop.open(server.address(), clients, Time.system())) {
      return loop.run(dialogue, LONG);
    }
  }

  @Test
  void everyClientAsksAgainUntilThereIsNoMore() throws Exception {
    var echo = new Echo(500);

    var outcome = run(line -> "OK " + line.substring(5) + "\r\n", 7, echo);

    assertThat(outcome.operations()).isEqualTo(500);
    assertThat(echo.ended).isEqualTo(500);
    assertThat(outcome.perSecond()).isPositive();
    assertThat(outcome.latencies().percentileMicros(50)).isPositive();
  }

  @Test
  void runEndsWithItsTimeAndWithEveryAnswer() throws Exception {
    var echo = new Echo(Integer.MAX_VALUE);
    try (var server = new ScriptedServer(line -> "OK " + line.substring(5) + "\r\n");
        var loop = ClosedLoop.open(server.address(), 3, Time.system())) {
      var first = loop.run(echo, Duration.ofMillis(50));
      var second = loop.run(echo, Duration.ofMillis(50));

      assertThat(first.nanos()).isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
      assertThat(first.operations() + second.operations()).isEqualTo(echo.ended);
      assertThat(server.requests()).hasSize(echo.ended);
    }
  }

  @Test
  void wrongAnswerEndsTheRun() {
    var count = new AtomicInteger();
    assertThatThrownBy(
            () ->
                run(
                    line ->
                        count.incrementAndGet() == 40
                            ? "ERR busy busy\r\n"
                            : "OK " + line.substring(5) + "\r\n",
                    4,
                    new Echo(1000)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ERR busy busy");
  }

  @Test
  void answerOfAnotherRequestEndsTheRun() {
    assertThatThrownBy(() -> run(_ -> "OK n=3\r\n", 1, new Echo(1000)))
        .hasMessageContaining("not mine");
  }

  @Test
  void endedConnectionEndsTheRun() {
    assertThatThrownBy(() -> run(_ -> "", 2, new Echo(10))).hasMessageContaining("ended");
  }

  @Test
  void longAnswersArriveWhole() throws Exception {
    var rest = "x".repeat(300_000);
    var outcome =
        run(
            line -> "OK " + line.substring(5) + "&rest=" + rest + "\r\n",
            2,
            new Dialogue() {
              private final Echo echo = new Echo(20);

              @Override
              public boolean begin(Turn turn) {
                return echo.begin(turn);
              }

              @Override
              public boolean answered(Turn turn, Answer answer) {
                if (answer.length() < rest.length()) {
                  throw answer.wrong("cut");
                }
                return echo.answered(turn, answer);
              }
            });

    assertThat(outcome.operations()).isEqualTo(20);
  }
}
