package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hayloft.testkit.TestDatabase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What clients and operators hear, word by word, and what becomes of the tables: every scene of
 * {@link Transcript}, over a socket and before a real database.
 */
class TranscriptsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TestFactory
  Stream<DynamicTest> scenes() {
    return Transcript.scenes().stream()
        .map(
            scene ->
                dynamicTest(scene.file() + ": " + scene.name(), () -> Stage.play(scene, DATABASE)));
  }

  @Test
  void expressionsStandForWhatVaries() {
    assertThat(Transcript.isAsExpected("uptime <\\d+>", "uptime 17")).isTrue();
    assertThat(Transcript.isAsExpected("uptime <\\d+>", "uptime ")).isFalse();
    assertThat(Transcript.isAsExpected("usage: \\<count> <.>", "usage: <count> x")).isTrue();
    assertThat(Transcript.isAsExpected("OK\\s", "OK ")).isTrue();
    assertThat(Transcript.isAsExpected("OK\\s", "OK")).isFalse();
    assertThat(Transcript.isAsExpected("a.c", "abc")).isFalse();
    assertThat(Transcript.bytes("a\\x00{x*3}\\xff")).isEqualTo("a\0xxx\u00ff");
  }

  @Test
  void sceneThatIsNotPlayedOutFails() {
    var scene =
        new Transcript.Scene(
            "none",
            "wrong",
            List.of(new Transcript.Turn(Transcript.Kind.SAY, "noop", List.of("OK x=1"))));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> Stage.play(scene, DATABASE))
        .isInstanceOf(AssertionError.class);
  }
}
