package io.hayloft.tracker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.model.CronSchedule.Parsed;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that come again. */
class CronScheduleTest {

  private static Instant last(String text, String now) {
    return switch (CronSchedule.parse(text)) {
      case Parsed.Known(var schedule) -> schedule.last(Instant.parse(now)).orElseThrow();
      case Parsed.Wrong(var reason) -> throw new AssertionError(text + ": " + reason);
    };
  }

  /** 26 November 2026 is a Thursday. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 3 * * *      | 2026-11-26T02:59:59Z | 2026-11-25T03:00:00Z",
        "0 3 * * *      | 2026-11-26T03:00:00Z | 2026-11-26T03:00:00Z",
        "0 3 * * *      | 2026-11-26T23:00:00Z | 2026-11-26T03:00:00Z",
        "0 4 * * 0      | 2026-11-26T12:00:00Z | 2026-11-22T04:00:00Z",
        "0 4 * * 7      | 2026-11-26T12:00:00Z | 2026-11-22T04:00:00Z",
        "0 4 * * sun    | 2026-11-26T12:00:00Z | 2026-11-22T04:00:00Z",
        "*/15 * * * *   | 2026-11-26T12:44:10Z | 2026-11-26T12:30:00Z",
        "5/20 * * * *   | 2026-11-26T12:44:10Z | 2026-11-26T12:25:00Z",
        "0 1,13-15 * * *| 2026-11-26T17:00:00Z | 2026-11-26T15:00:00Z",
        "30 2 1 * *     | 2026-11-26T00:00:00Z | 2026-11-01T02:30:00Z",
        "30 2 31 * *    | 2026-11-26T00:00:00Z | 2026-10-31T02:30:00Z",
        "0 0 29 feb *   | 2026-11-26T00:00:00Z | 2024-02-29T00:00:00Z",
        "0 0 29 2 *     | 2103-01-01T00:00:00Z | 2096-02-29T00:00:00Z",
        "0 0 13 * fri   | 2026-11-26T00:00:00Z | 2026-11-20T00:00:00Z",
        "0 0 13-19 * 1  | 2026-11-20T12:00:00Z | 2026-11-19T00:00:00Z",
        "0 22 * * 1-5   | 2026-11-22T12:00:00Z | 2026-11-20T22:00:00Z",
        "CRON_TZ=Europe/Berlin 0 3 * * * | 2026-11-26T02:00:00Z | 2026-11-26T02:00:00Z",
        "CRON_TZ=Europe/Berlin 0 3 * * * | 2026-07-26T02:00:00Z | 2026-07-26T01:00:00Z",
      })
  void theLastTimeThatWasDue(String text, String now, String due) {
    assertThat(last(text, now)).isEqualTo(Instant.parse(due));
  }

  @Test
  void aTimeThatTheClocksLeaveOutComesLater() {
    assertThat(last("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-29T12:00:00Z"))
        .isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
  }

  @Test
  void aTimeThatComesTwiceCountsOnce() {
    var schedule = "CRON_TZ=Europe/Berlin 30 2 * * *";
    var first = Instant.parse("2026-10-25T00:30:00Z");

    assertThat(last(schedule, "2026-10-25T00:30:00Z")).isEqualTo(first);
    assertThat(last(schedule, "2026-10-25T01:30:00Z")).isEqualTo(first);
    assertThat(last(schedule, "2026-10-25T20:00:00Z")).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "off",
        "0 3 * *",
        "0 3 * * * *",
        "60 3 * * *",
        "0 24 * * *",
        "0 3 0 * *",
        "0 3 * 13 *",
        "0 3 * * 8",
        "0 3 * * noday",
        "5-3 * * * *",
        "1-2-3 * * * *",
        "*/0 * * * *",
        "*/1/2 * * * *",
        "1, * * * *",
        "-1 * * * *",
        "0 0 30 2 *",
        "CRON_TZ=Nowhere/Else 0 3 * * *",
        "CRON_TZ= 0 3 * * *",
      })
  void whatIsNoScheduleIsRefusedWithAReason(String text) {
    assertThat(CronSchedule.parse(text))
        .isInstanceOfSatisfying(
            Parsed.Wrong.class, wrong -> assertThat(wrong.reason()).isNotBlank());
  }
}
