package io.hayloft.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.hayloft.runtime.time.HandSetTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RepeatedCausesTest {

  private final HandSetTime time = new HandSetTime();
  private final LogCapture log = new LogCapture(getClass().getName());
  private final RepeatedCauses causes = new RepeatedCauses(log.logger(), time);

  @Test
  void theFirstIsLoggedAtOnceWithItsStack() {
    causes.warn("copy failed", "fid 17", new IllegalStateException("x"));

    assertThat(log.last().getThrowableProxy().getMessage()).isEqualTo("x");
    assertThat(log.taken()).containsExactly("copy failed: fid 17");
  }

  @Test
  void theRestOfAMinuteBecomesOneLineWithSamples() {
    for (int fid = 1; fid <= 1000; fid++) {
      causes.warn("copy failed", "fid " + fid);
    }
    time.advance(Duration.ofSeconds(59));
    causes.flushDue();
    assertThat(log.taken()).containsExactly("copy failed: fid 1");

    time.advance(Duration.ofSeconds(1));
    causes.flushDue();
    assertThat(log.taken())
        .containsExactly("copy failed: 999 more in 60 s, as fid 2 | fid 3 | fid 4");
  }

  @Test
  void errorsAreGatheredAsWarningsAreAndStayErrors() {
    causes.error("lost", "fid 1");
    assertThat(log.last().getLevel()).isEqualTo(Level.ERROR);
    causes.error("lost", "fid 2");
    time.advance(Duration.ofSeconds(60));
    causes.flushDue();

    assertThat(log.last().getLevel()).isEqualTo(Level.ERROR);
    assertThat(log.taken()).containsExactly("lost: fid 1", "lost: 1 more in 60 s, as fid 2");
  }

  @Test
  void eachMinuteThatBringsMoreIsOneLine() {
    causes.warn("a", "1");
    time.advance(Duration.ofSeconds(30));
    causes.warn("a", "2");
    time.advance(Duration.ofSeconds(31));
    causes.warn("a", "3");
    time.advance(Duration.ofSeconds(60));
    causes.flushDue();

    assertThat(log.taken())
        .containsExactly("a: 1", "a: 1 more in 61 s, as 2", "a: 1 more in 60 s, as 3");
  }

  @Test
  void aCauseThatWasQuietForAMinuteIsNewAgain() {
    causes.warn("a", "1");
    time.advance(Duration.ofSeconds(61));
    causes.warn("b", "2");
    causes.warn("a", "3");

    assertThat(log.taken()).containsExactly("a: 1", "b: 2", "a: 3");
  }

  @Test
  void causesBeyondTheBoundAreCountedTogether() {
    for (int i = 0; i < 1000; i++) {
      causes.warn("cause " + i, "s" + i);
    }
    assertThat(log.taken()).hasSize(100);

    time.advance(Duration.ofMinutes(1));
    causes.flushDue();
    assertThat(log.taken())
        .containsExactly("other causes: 900 more in 60 s, as s100 | s101 | s102");
  }

  @Test
  void nothingIsLostAtTheEnd() {
    causes.warn("a", "1");
    causes.warn("a", "2");

    causes.flush();

    assertThat(log.taken()).containsExactly("a: 1", "a: 1 more in 0 s, as 2");
  }

  @Test
  void longTextsAreCut() {
    causes.warn("a", "x".repeat(10_000));

    assertThat(log.taken().getFirst()).hasSizeLessThan(320).endsWith("x…");
  }
}
