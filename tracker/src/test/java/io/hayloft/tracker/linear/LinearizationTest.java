package io.hayloft.tracker.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A checker that accepts everything would be no checker: here it sees histories that are wrong. */
class LinearizationTest {

  /** A register that is 0 at first: {@code read} answers what it is, {@code =1} makes it 1. */
  private static final Model<String, String, String> REGISTER =
      (state, command, answer) -> {
        if (command.startsWith("=")) {
          return Optional.of(command.substring(1));
        }
        return answer.isEmpty() || answer.get().equals(state)
            ? Optional.of(state)
            : Optional.empty();
      };

  private static Operation<String, String> read(String value, long asked, long answered) {
    return Operation.of("read", value, asked, answered);
  }

  private static Operation<String, String> write(String value, long asked, long answered) {
    return Operation.of("=" + value, "", asked, answered);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Optional<List<Operation<String, String>>> order(
      Operation<String, String>... operations) {
    return Linearization.of(REGISTER, "0", List.of(operations));
  }

  @Test
  void whatWasToldOneAfterTheOtherHasThatOrder() {
    var first = read("0", 1, 2);
    var second = write("1", 3, 4);
    var third = read("1", 5, 6);

    assertThat(order(third, second, first)).contains(List.of(first, second, third));
  }

  @Test
  void anOldAnswerAfterAChangeWasAcknowledgedIsWrong() {
    assertThat(order(write("1", 1, 2), read("0", 3, 4))).isEmpty();
  }

  @Test
  void whoAskedBeforeTheAcknowledgementMayHaveSeenEither() {
    assertThat(order(write("1", 1, 4), read("0", 2, 3))).isPresent();
    assertThat(order(write("1", 1, 4), read("1", 2, 3))).isPresent();
  }

  @Test
  void nobodySeesAChangeGoneAgain() {
    assertThat(order(write("1", 1, 6), read("1", 2, 3), read("0", 4, 5))).isEmpty();
  }

  @Test
  void whatNobodyWroteIsWrong() {
    assertThat(order(write("1", 1, 3), read("2", 2, 4))).isEmpty();
  }

  @Test
  void twoWhoSeeTwoChangesInTwoOrdersAreNotBothRight() {
    assertThat(
            order(
                write("1", 1, 20),
                write("2", 2, 21),
                read("1", 3, 5),
                read("2", 6, 8),
                read("2", 4, 7),
                read("1", 9, 11)))
        .isEmpty();
  }

  @Test
  void aChangeWithoutAnswerMayHaveBeenMadeOrNotOrBeMadeLater() {
    var unknown = Operation.<String, String>unknown("=1", 1);

    assertThat(order(unknown, read("1", 2, 3))).isPresent();
    assertThat(order(unknown, read("0", 2, 3))).isPresent();
    assertThat(order(unknown, read("0", 2, 3), read("1", 4, 5))).isPresent();
  }

  @Test
  void aChangeWithoutAnswerIsMadeOnceAndNotBeforeItWasAskedFor() {
    var unknown = Operation.<String, String>unknown("=1", 3);

    assertThat(order(unknown, read("1", 1, 2))).isEmpty();
    assertThat(order(unknown, read("1", 4, 5), write("2", 6, 7), read("1", 8, 9))).isEmpty();
  }

  @Test
  void oneOfTwoTakesWhatThereIs() {
    Model<Boolean, String, Boolean> lock =
        (free, command, answer) ->
            answer.isEmpty() || answer.get().equals(free) ? Optional.of(false) : Optional.empty();
    var one = Operation.of("a", true, 1, 3);

    assertThat(Linearization.of(lock, true, List.of(one, Operation.of("b", false, 2, 4))))
        .isPresent();
    assertThat(Linearization.of(lock, true, List.of(one, Operation.of("b", true, 2, 4)))).isEmpty();
  }

  /** Answers of a real run are accepted; with one of them made up instead they are not. */
  @Test
  void longHistoriesAreToldFromThoseWithOneWrongAnswer() {
    var random = new Random(7);
    var history = new ArrayList<Operation<String, String>>();
    var value = "0";
    for (int i = 0; i < 400; i++) {
      // Done at 10 i, under way for up to a dozen others.
      long asked = 10L * i + 1000 - random.nextInt(60);
      long answered = 10L * i + 1001 + random.nextInt(60);
      if (i % 3 == 0) {
        value = Integer.toString(i);
        history.add(write(value, asked, answered));
      } else {
        history.add(read(value, asked, answered));
      }
    }
    var wrong = new ArrayList<>(history);
    var good = history.get(200);
    wrong.set(200, read("never", good.asked(), good.answered()));
    var stale = new ArrayList<>(history);
    stale.set(200, read(history.get(100).answer().orElseThrow(), good.asked(), good.answered()));

    assertThat(Linearization.of(REGISTER, "0", history))
        .hasValueSatisfying(
            order -> assertThat(order).containsExactlyInAnyOrderElementsOf(history));
    assertThat(Linearization.of(REGISTER, "0", wrong)).isEmpty();
    assertThat(Linearization.of(REGISTER, "0", stale)).isEmpty();
  }

  @Test
  void whatHasToDoWithTheSameStaysTogether() {
    var a = Operation.of("a", "", 1, 2);
    var b = Operation.of("b", "", 3, 4);
    var c = Operation.of("c", "", 5, 6);
    var both = Operation.of("bc", "", 7, 8);

    assertThat(
            Linearization.apart(
                List.of(a, b, c, both), command -> command.chars().boxed().toList()))
        .containsExactlyInAnyOrder(List.of(a), List.of(b, c, both));
  }
}
