package io.hayloft.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Way.class)
class HousekeepingTest {

  private final Way way;
  @TempDir Path docroot;

  HousekeepingTest(Way way) {
    this.way = way;
  }

  @Test
  void nodeWithoutDevicesLivesButIsNotReady() throws IOException {
    try (var node = TestNode.onlyWhatIsThere(docroot, way, limits -> limits)) {
      assertThat(node.get("/-/live").status()).isEqualTo(200);
      var ready = node.get("/-/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.text()).isEqualTo("no device can be written\n");
      assertThat(node.get("/").status()).isEqualTo(200);

      Files.createDirectory(docroot.resolve("dev3"));
      await().untilAsserted(() -> assertThat(node.get("/-/ready").text()).isEqualTo("ready\n"));
    }
  }

  @Test
  void missingDocrootIsSaid() {
    var missing = docroot.resolve("missing");
    try (var node = TestNode.onlyWhatIsThere(missing, way, limits -> limits)) {
      assertThat(node.get("/-/ready").text()).contains(missing + " cannot be read");
    }
  }

  @Test
  void metricsTellOfRequestsAndDevices() {
    try (var node = TestNode.on(docroot, way)) {
      // Requests are counted under a device once the node has looked at it.
      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("hayloft_node_device_writable{device=\"dev1\"} 1.0")
                      .contains("hayloft_node_device_writable{device=\"dev2\"} 1.0")
                      .contains("hayloft_node_device_available_bytes{device=\"dev1\"}"));

      node.put("/dev1/a/b", new byte[10]);
      node.get("/dev1/a/b");
      node.get("/dev1/none");

      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("hayloft_node_requests_seconds_count{device=\"dev1\","));
      assertThat(node.get("/-/metrics").header("content-type")).startsWith("text/plain");
      assertThat(node.call("HEAD", "/-/live").status()).isEqualTo(200);
    }
  }

  @Test
  void uploadUnderWayEndsBeforeTheNodeStops() throws InterruptedException {
    var node = TestNode.on(docroot, way);
    var stopped = new CountDownLatch(1);
    try (var http = node.connect();
        var tasks = io.hayloft.runtime.task.Tasks.virtual()) {
      http.send(RawHttp.head("PUT", "/dev1/a/b", "Content-Length: 6"));
      http.send("abc");
      await()
          .untilAsserted(() -> assertThat(node.get("/-/metrics").text()).contains("uploads 1.0"));

      tasks.start(
          "stop",
          () -> {
            node.node().stop(Duration.ofSeconds(20));
            stopped.countDown();
          });
      assertThat(stopped.await(300, TimeUnit.MILLISECONDS)).isFalse();
      http.send("def");

      assertThat(http.read().status()).isEqualTo(200);
      assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(node.file("/dev1/a/b")).hasContent("abcdef");
    }
    node.close();
  }
}
