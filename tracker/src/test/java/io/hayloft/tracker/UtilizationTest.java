package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.runtime.config.ConfigSources;
import io.hayloft.runtime.metrics.Metrics;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.node.FakeNode;
import io.hayloft.tracker.node.FakeWatch;
import io.hayloft.tracker.node.FakeWatch.After;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How busy disks are, from the nodes' side channel to the order of a client's paths. */
class UtilizationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path directory;

  private final Tasks tasks = Tasks.virtual();
  private final Metrics metrics = new Metrics("tracker", "test");

  @BeforeEach
  void clear() throws Exception {
    DATABASE.clear();
  }

  @AfterEach
  void stop() {
    tasks.close();
    metrics.close();
  }

  private Tracker start(int sidePort) throws Exception {
    return Tracker.start(
        ConfigReader.of(TrackerConfig.class)
            .read(
                ConfigSources.builder()
                    .flag("listen", "127.0.0.1:0")
                    .flag("http_listen", "127.0.0.1:0")
                    .flag("database.url", DATABASE.url())
                    .flag("database.user", DATABASE.user())
                    .flag("database.password", DATABASE.password())
                    .flag("database.migrate", "yes")
                    .flag("nodes.min_free_space_mb", "0")
                    .flag("nodes.side_channel_port", Integer.toString(sidePort))
                    .build()),
        new Tracker.Surroundings(Time.system(), tasks, Randomness.SYSTEM, metrics),
        () -> {});
  }

  private StorageNode node() throws Exception {
    Files.createDirectories(directory.resolve("dev1"));
    var node =
        new StorageNode(
            ConfigReader.of(StorageNodeConfig.class)
                .read(
                    ConfigSources.builder()
                        .flag("http_listen", "127.0.0.1:0")
                        .flag("side_listen", "127.0.0.1:0")
                        .flag("docroot", directory.toString())
                        .flag("limits.usage_interval", "200ms")
                        .build()),
            new StorageNode.Surroundings(
                Time.system(),
                tasks,
                Randomness.SYSTEM,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
            grace -> {});
    node.start();
    return node;
  }

  private static Map<String, String> ok(Wire wire, String line) {
    var reply = Reply.parse(wire.ask(line));
    assertThat(reply).as(line).isInstanceOf(Reply.Ok.class);
    return ((Reply.Ok) reply).values();
  }

  private static void register(Wire wire, int number, int port) {
    ok(
        wire,
        "create_host host=h%d&ip=127.0.0.%d&port=%d&status=alive".formatted(number, number, port));
    ok(wire, "create_device hostname=h%d&devid=%d".formatted(number, number));
  }

  private static String seen(Wire wire, int index, String what) {
    return ok(wire, "get_devices").getOrDefault("dev" + index + "_" + what, "");
  }

  @Test
  void aRealNodesUtilizationIsShown() throws Exception {
    try (var node = node();
        var tracker = start(node.sideAddress().port());
        var wire = new Wire(tracker.port())) {
      register(wire, 1, node.httpAddress().port());

      await()
          .untilAsserted(
              () -> assertThat(seen(wire, 1, "utilization")).matches("-|[0-9]{1,3}\\.[0-9]{2}"));
    }
  }

  @Test
  void whereTheSideChannelIsClosedItIsEmptyAndTheDeviceIsUsed() throws Exception {
    int closed;
    try (var port = new FakeWatch("127.0.0.1", 0, "", After.CLOSE)) {
      closed = port.port();
    }
    try (var node = node();
        var tracker = start(closed);
        var wire = new Wire(tracker.port())) {
      register(wire, 1, node.httpAddress().port());

      await()
          .untilAsserted(() -> assertThat(seen(wire, 1, "observed_state")).isEqualTo("writeable"));
      assertThat(seen(wire, 1, "utilization")).isEmpty();
      ok(wire, "create_domain domain=d");
      await().until(() -> wire.ask("create_open domain=d&key=k").startsWith("OK "));
    }
  }

  @Test
  void ofTwoCopiesTheOneOnTheIdleDiskComesFirst() throws Exception {
    try (var busy = new FakeNode(1);
        var idle = new FakeNode(2);
        var busyDisk = new FakeWatch("127.0.0.1", 0, "1\t95.00\n.\n", After.AGAIN);
        var idleDisk = new FakeWatch("127.0.0.2", busyDisk.port(), "2\t5.00\n.\n", After.AGAIN);
        var tracker = start(busyDisk.port());
        var wire = new Wire(tracker.port())) {
      busy.device(1, 1_000, 0);
      idle.device(2, 1_000, 0);
      register(wire, 1, busy.host().addresses().httpPort());
      register(wire, 2, idle.host().addresses().httpPort());
      ok(wire, "create_domain domain=d");
      await().untilAsserted(() -> assertThat(seen(wire, 1, "utilization")).isEqualTo("95.00"));
      await().untilAsserted(() -> assertThat(seen(wire, 2, "utilization")).isEqualTo("5.00"));
      await().until(() -> wire.ask("create_open domain=d&key=x").startsWith("OK "));
      store(wire);
      await()
          .until(() -> wire.ask("get_paths domain=d&key=k&noverify=1").startsWith("OK paths=2&"));

      int idleFirst = 0;
      for (int i = 0; i < 300; i++) {
        var path = ok(wire, "get_paths domain=d&key=k&noverify=1").getOrDefault("path1", "");
        idleFirst += path.contains("/dev2/") ? 1 : 0;
      }

      // The weights are 102-95 and 102-5.
      assertThat(idleFirst / 300.0).isBetween(0.8, 0.999);
      assertThat(idleDisk.lines()).containsExactly("watch");
    }
  }

  private static void store(Wire wire) throws Exception {
    var open = ok(wire, "create_open domain=d&key=k");
    var path = open.getOrDefault("path", "");
    try (var http = HttpClient.newHttpClient()) {
      http.send(
          HttpRequest.newBuilder(URI.create(path))
              .version(HttpClient.Version.HTTP_1_1)
              .PUT(HttpRequest.BodyPublishers.ofByteArray("hello".getBytes(US_ASCII)))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
    ok(
        wire,
        "create_close domain=d&key=k&fid=%s&devid=%s&size=5&path=%s"
            .formatted(open.get("fid"), open.get("devid"), path));
  }
}
