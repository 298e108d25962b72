package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the metrics say of requests, on both ways of answering them. */
@ParameterizedClass
@EnumSource(Way.class)
class RequestFiguresTest {

  private final Way way;
  @TempDir Path docroot;
  private TestNode node;

  RequestFiguresTest(Way way) {
    this.way = way;
  }

  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot, way);
    // Until it has looked at its devices it knows none.
    await()
        .untilAsserted(
            () ->
                assertThat(node.get("/-/metrics").text())
                    .contains("writable{device=\"dev1\"} 1.0", "writable{device=\"dev2\"} 1.0"));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  private double figure(String name, String labels) {
    var text = node.get("/-/metrics").text();
    var match =
        Pattern.compile("(?m)^" + name + Pattern.quote("{" + labels + "}") + " (\\S+)$")
            .matcher(text);
    return match.find() ? Double.parseDouble(match.group(1)) : 0;
  }

  private double requests(String device, String method, String outcome, String size) {
    return figure(
        "hayloft_node_requests_seconds_count",
        "device=\"%s\",method=\"%s\",outcome=\"%s\",size=\"%s\""
            .formatted(device, method, outcome, size));
  }

  private double seconds(String method, String phase, String size) {
    return figure(
        "hayloft_node_requests_phase_seconds_total",
        "device=\"dev1\",method=\"%s\",phase=\"%s\",size=\"%s\"".formatted(method, phase, size));
  }

  @Test
  void requestsAreToldApartByTheSizeOfTheirBodies() {
    for (int length : new int[] {1, 4_096, 4_097, 65_536, 65_537, 1 << 20, (1 << 20) + 1}) {
      var path = "/dev2/a/" + length;
      node.put(path, new byte[length]);
      for (int time = 0; time < 3; time++) {
        node.get(path);
      }
    }
    for (var size : List.of("4k", "64k", "1m")) {
      await().untilAsserted(() -> assertThat(requests("dev2", "GET", "ok", size)).isEqualTo(6));
      assertThat(requests("dev2", "PUT", "ok", size)).isEqualTo(2);
    }
    await().untilAsserted(() -> assertThat(requests("dev2", "GET", "ok", "16m")).isEqualTo(3));
    assertThat(SizeClass.of(16 << 20)).isEqualTo(SizeClass.TO_16M);
    assertThat(SizeClass.of((16 << 20) + 1)).isEqualTo(SizeClass.LARGER);
    assertThat(SizeClass.of(0)).isEqualTo(SizeClass.NONE);
  }

  @Test
  void requestsAreToldApartByTheirOutcomeAndDevice() {
    node.put("/dev1/a/b", new byte[10]);
    node.get("/dev1/a/b", "Range: bytes=20-");
    node.get("/dev1/a/none");
    node.call("HEAD", "/dev1/a/b");
    node.call("DELETE", "/dev1/a/b");
    node.get("/dev77/a/b");
    node.get("/dev78/a/b");
    node.get("/nothing");

    await().untilAsserted(() -> assertThat(requests("dev1", "DELETE", "ok", "none")).isOne());
    assertThat(requests("dev1", "GET", "refused", "none")).isOne();
    assertThat(requests("dev1", "GET", "not_found", "none")).isOne();
    assertThat(requests("dev1", "HEAD", "ok", "none")).isOne();
    assertThat(requests("none", "GET", "not_found", "none")).isEqualTo(3);
    assertThat(node.get("/-/metrics").text()).doesNotContain("dev77", "dev78");
  }

  @Test
  void whatAClientIsWaitedForIsNoTimeOfTheDisk() {
    try (var http = node.connect()) {
      http.send(RawHttp.head("PUT", "/dev1/a/b", "Content-Length: 6") + "abc");
      await()
          .pollDelay(Duration.ofMillis(400))
          .untilAsserted(() -> assertThat(node.get("/-/metrics").text()).contains("uploads 1.0"));
      http.send("def".getBytes(US_ASCII));
      assertThat(http.read().status()).isEqualTo(200);
    }
    await().untilAsserted(() -> assertThat(requests("dev1", "PUT", "ok", "4k")).isOne());
    assertThat(seconds("PUT", "network", "4k")).isGreaterThan(0.3);
    assertThat(seconds("PUT", "disk", "4k")).isPositive().isLessThan(0.3);
    assertThat(seconds("PUT", "cpu", "4k")).isPositive().isLessThan(0.3);
    assertAllTimeWasSpentOnSomething("PUT");
  }

  private void assertAllTimeWasSpentOnSomething(String method) {
    assertThat(
            figure(
                "hayloft_node_requests_seconds_sum",
                "device=\"dev1\",method=\"%s\",outcome=\"ok\",size=\"4k\"".formatted(method)))
        .isPositive()
        .isCloseTo(
            seconds(method, "network", "4k")
                + seconds(method, "disk", "4k")
                + seconds(method, "cpu", "4k")
                + seconds(method, "queue", "4k"),
            org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void readsOfWhatIsKnownSpendTimeTooAndNoneOfItIsLost() {
    node.put("/dev1/a/b", new byte[4_000]);
    for (int time = 0; time < 20; time++) {
      node.get("/dev1/a/b");
    }
    await().untilAsserted(() -> assertThat(requests("dev1", "GET", "ok", "4k")).isEqualTo(20));

    assertAllTimeWasSpentOnSomething("GET");
  }
}
