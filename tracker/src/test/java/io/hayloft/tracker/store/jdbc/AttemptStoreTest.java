package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.AttemptStore;
import io.hayloft.tracker.store.AttemptStore.Attempt;
import io.hayloft.tracker.store.AttemptStore.Job;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AttemptStoreTest {

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00.123Z");

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final AttemptStore attempts = fixture.upkeep().attempts();

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
  }

  @AfterEach
  void stop() throws SQLException {
    fixture.close();
  }

  @Test
  void whatFailedIsReadAsItWasWrittenNewestFirst() {
    var older = attempt(7, NOON, "connection refused");
    var newer =
        new Attempt(
            new Fid(7),
            Job.DELETE,
            NOON.plusMillis(1),
            Optional.empty(),
            Optional.of(new DeviceId(9)),
            "HTTP 500");
    attempts.record(List.of(older, newer, attempt(8, NOON, "other file")));

    assertThat(attempts.of(new Fid(7))).containsExactly(newer, older);
    assertThat(attempts.of(new Fid(99))).isEmpty();
  }

  @Test
  void theNewestFiveOfAFileAreKept() {
    for (int i = 0; i < 4; i++) {
      attempts.record(List.of(attempt(7, NOON.plusSeconds(i), "old " + i)));
    }
    attempts.record(
        IntStream.range(0, 4)
            .mapToObj(i -> attempt(7, NOON.plusSeconds(100 + i), "new " + i))
            .toList());

    assertThat(attempts.of(new Fid(7)))
        .extracting(Attempt::why)
        .containsExactly("new 3", "new 2", "new 1", "new 0", "old 3");
  }

  @Test
  void manyFilesAreWrittenTogether() {
    attempts.record(
        LongStream.rangeClosed(1, 300).mapToObj(fid -> attempt(fid, NOON, "down")).toList());

    assertThat(attempts.of(new Fid(1))).hasSize(1);
    assertThat(attempts.of(new Fid(300))).hasSize(1);
  }

  @Test
  void aLongReasonIsCutAndOneOfSeveralLinesIsItsFirst() {
    attempts.record(List.of(attempt(7, NOON, "x".repeat(300)), attempt(8, NOON, "one\ntwo")));

    assertThat(attempts.of(new Fid(7)).getFirst().why()).hasSize(AttemptStore.LONGEST_REASON);
    assertThat(attempts.of(new Fid(8)).getFirst().why()).isEqualTo("one");
  }

  @Test
  void whatIsWellIsForgotten() {
    attempts.record(List.of(attempt(7, NOON, "a"), attempt(8, NOON, "b")));

    attempts.forget(List.of(new Fid(7), new Fid(6)));

    assertThat(attempts.of(new Fid(7))).isEmpty();
    assertThat(attempts.of(new Fid(8))).hasSize(1);
  }

  @Test
  void whatIsOldGoesAndOfTheRestTheOldestBeyondANumber() {
    var now = Instant.now();
    attempts.record(
        List.of(
            attempt(1, now.minus(Duration.ofDays(4)), "old"),
            attempt(2, now.minusSeconds(20), "second"),
            attempt(3, now.minusSeconds(10), "first")));

    assertThat(attempts.forgetOld(Duration.ofDays(3), 100)).isEqualTo(1);
    assertThat(attempts.of(new Fid(1))).isEmpty();
    assertThat(attempts.forgetOld(Duration.ofDays(3), 100)).isZero();
    assertThat(attempts.forgetOld(Duration.ofDays(3), 1)).isEqualTo(1);
    assertThat(attempts.of(new Fid(2))).isEmpty();
    assertThat(attempts.of(new Fid(3))).hasSize(1);
  }

  @Test
  void aDatabaseThatCannotTakeItFailsNobody() throws SQLException {
    fixture.sql("RENAME TABLE hayloft_attempt TO hayloft_gone");
    try {
      assertThatCode(() -> attempts.record(List.of(attempt(7, NOON, "a"))))
          .doesNotThrowAnyException();
      assertThatCode(() -> attempts.forget(List.of(new Fid(7)))).doesNotThrowAnyException();
    } finally {
      fixture.sql("RENAME TABLE hayloft_gone TO hayloft_attempt");
    }
  }

  @Test
  void manyMayRecordTheSameFilesAtTheSameTime() throws Exception {
    StoreFixture.together(
        IntStream.range(0, 4)
            .<Callable<Boolean>>mapToObj(
                i ->
                    () -> {
                      for (int round = 0; round < 10; round++) {
                        var when = NOON.plusMillis(10L * round + i);
                        attempts.record(List.of(attempt(2, when, "x"), attempt(1, when, "x")));
                      }
                      return true;
                    })
            .toList());

    assertThat(attempts.of(new Fid(1))).hasSize(5);
    attempts.record(List.of(attempt(1, NOON.plusSeconds(9), "x"), attempt(2, NOON, "x")));
    assertThat(fixture.query("SELECT fid, COUNT(*) FROM hayloft_attempt GROUP BY fid"))
        .containsExactly("1 5", "2 5");
  }

  private static Attempt attempt(long fid, Instant when, String why) {
    return new Attempt(
        new Fid(fid),
        Job.REPLICATE,
        when,
        Optional.of(new DeviceId(1)),
        Optional.of(new DeviceId(2)),
        why);
  }
}
