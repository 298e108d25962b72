package io.hayloft.tracker.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.node.FakeWatch;
import io.hayloft.tracker.node.FakeWatch.After;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtilizationsTest {

  private static final String IP = "127.0.0.4";
  private static final Host HOST =
      new Host(new HostId(1), "a", HostStatus.ALIVE, HostAddresses.of(IP, 7500));
  private static final NodeOptions.Limits LIMITS =
      new NodeOptions.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

  private final Tasks tasks = Tasks.virtual();

  @AfterEach
  void stop() {
    tasks.close();
  }

  private Utilizations on(int port) {
    return new Utilizations(port, LIMITS, tasks, Time.system());
  }

  @Test
  void theNewestSampleIsTold() throws IOException {
    var answer = "1\t3.00\n2\t-\n.\n1\t97.25\n16777215\t0\n.\n";
    try (var node = new FakeWatch(IP, 0, answer, After.SILENCE);
        var utilizations = on(node.port())) {
      await()
          .untilAsserted(
              () ->
                  assertThat(utilizations.of(HOST))
                      .isEqualTo(Map.of(new DeviceId(1), "97.25", new DeviceId(16_777_215), "0")));
      assertThat(node.lines()).containsExactly("watch");
    }
  }

  @Test
  void anOldSampleSaysNothing() throws IOException {
    var time = ManualTime.start();
    try (var node = new FakeWatch(IP, 0, "1\t5\n.\n", After.SILENCE);
        var utilizations = new Utilizations(node.port(), LIMITS, tasks, time)) {
      await().until(() -> !utilizations.of(HOST).isEmpty());

      time.advance(Duration.ofMillis(9_999));
      assertThat(utilizations.of(HOST)).isNotEmpty();
      time.advance(Duration.ofMillis(1));
      assertThat(utilizations.of(HOST)).isEmpty();
    }
  }

  @Test
  void aConnectionThatWorkedIsMadeAgainAtOnce() throws IOException {
    try (var node = new FakeWatch(IP, 0, "1\t5\r\n.\r\n", After.CLOSE);
        var utilizations = on(node.port())) {
      await()
          .untilAsserted(
              () -> {
                assertThat(utilizations.of(HOST)).containsEntry(new DeviceId(1), "5");
                assertThat(node.asked()).isGreaterThan(1);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ERR iostat unavailable\r\n",
        "ERROR: unknown command: watch\r\n",
        "1\t5\n2\tfive\n.\n",
        "1 5\n.\n",
        "0\t5\n.\n",
        "99999999\t5\n.\n",
        "1\t1234\n.\n",
        "-1\t5\n.\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\0\0\0\0\n",
      })
  void nonsenseIsNoSampleAndAskedForAgainAMinuteLater(String nonsense) throws IOException {
    var time = new CountingTime();
    try (var node = new FakeWatch(IP, 0, nonsense, After.CLOSE);
        var utilizations = new Utilizations(node.port(), LIMITS, tasks, time)) {
      await()
          .untilAsserted(
              () -> {
                assertThat(utilizations.of(HOST)).isEmpty();
                assertThat(time.rests()).containsExactly(Duration.ofMinutes(1));
              });
      assertThat(node.lines()).containsExactly("watch");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1\t5\n"})
  void whatNeverEndsIsCutOff(String forever) throws IOException {
    try (var node = new FakeWatch(IP, 0, forever.repeat(100), After.AGAIN);
        var utilizations = on(node.port())) {
      await()
          .untilAsserted(
              () -> {
                assertThat(utilizations.of(HOST)).isEmpty();
                assertThat(node.asked()).isEqualTo(1);
                assertThat(node.open()).isZero();
              });
    }
  }

  /** Though the connection stays open, and what came so far might be the beginning of more. */
  @Test
  void aLineAndASampleHaveALargestSize() throws IOException {
    for (var tooMuch : List.of("x".repeat(65), "1\t5\n".repeat(4_097))) {
      try (var node = new FakeWatch(IP, 0, tooMuch, After.SILENCE);
          var utilizations = on(node.port())) {
        await()
            .untilAsserted(
                () -> {
                  assertThat(utilizations.of(HOST)).isEmpty();
                  assertThat(node.asked()).isEqualTo(1);
                  assertThat(node.open()).isZero();
                });
      }
    }
  }

  @Test
  void aFloodOfSamplesCostsAFewASecond() throws IOException {
    var time = new CountingTime();
    try (var node = new FakeWatch(IP, 0, "1\t5\n.\n".repeat(1_000), After.AGAIN);
        var utilizations = new Utilizations(node.port(), LIMITS, tasks, time)) {
      await()
          .until(
              () -> utilizations.of(HOST).containsKey(new DeviceId(1)) && time.rests().size() > 3);
      assertThat(time.rests()).containsOnly(Duration.ofMillis(200));
    }
  }

  @Test
  void aClosedPortSaysNothing() throws IOException {
    int port;
    try (var closed = new FakeWatch(IP, 0, "", After.CLOSE)) {
      port = closed.port();
    }
    try (var utilizations = on(port);
        var off = on(0)) {
      assertThat(utilizations.of(HOST)).isEmpty();
      assertThat(off.of(HOST)).isEmpty();
    }
  }

  @Test
  void closingEndsTheWatch() throws IOException {
    try (var node = new FakeWatch(IP, 0, "1\t5\n.\n", After.SILENCE)) {
      try (var utilizations = on(node.port())) {
        await().until(() -> !utilizations.of(HOST).isEmpty());
      }
      await().untilAsserted(() -> assertThat(node.open()).isZero());
    }
  }
}
