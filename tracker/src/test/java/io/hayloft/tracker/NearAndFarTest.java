package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two zones, 127.1 and 127.2, each with two real nodes and a client, and a tracker in the first.
 */
class NearAndFarTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int FILES = 6;

  @TempDir Path directory;

  private final Tasks tasks = Tasks.virtual();
  private final Metrics metrics = new Metrics("tracker", "test");
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<StorageNode> nodes = new ArrayList<>();
  private Tracker tracker;
  private Wire near;
  private Wire far;

  @BeforeEach
  void start() throws Exception {
    DATABASE.clear();
    var settings =
        ConfigSources.builder()
            .flag("listen", "127.0.0.1:0")
            .flag("http_listen", "127.0.0.1:0")
            .flag("database.url", DATABASE.url())
            .flag("database.user", DATABASE.user())
            .flag("database.password", DATABASE.password())
            .flag("database.migrate", "yes")
            .flag("nodes.min_free_space_mb", "0")
            .flag("nodes.side_channel_port", "0")
            .flag("local_network", "127.1.0.0/16");
    tracker =
        Tracker.start(
            ConfigReader.of(TrackerConfig.class).read(settings.build()),
            new Tracker.Surroundings(Time.system(), tasks, Randomness.SYSTEM, metrics),
            () -> {});
    near = new Wire(tracker.port(), "127.1.0.99");
    far = new Wire(tracker.port(), "127.2.0.99");
    ok(near, "set_server_setting key=network_zones&value=near,far");
    ok(near, "set_server_setting key=zone_near&value=127.1.0.0/16");
    ok(near, "set_server_setting key=zone_far&value=127.2.0.0/16");
    int device = 1;
    for (var ip : List.of("127.1.0.1", "127.1.0.2", "127.2.0.1", "127.2.0.2")) {
      var host = "h" + device;
      int port = node(ip, device);
      ok(near, "create_host host=%s&ip=%s&port=%d&status=alive".formatted(host, ip, port));
      ok(near, "create_device hostname=%s&devid=%d".formatted(host, device++));
    }
    ok(near, "create_domain domain=d");
    ok(
        near,
        "create_class domain=d&class=c&mindevcount=1&replpolicy=HostsPerNetwork(near%3D1,far%3D1)");
    await()
        .until(
            () -> {
              ok(near, "clear_cache");
              return ok(near, "get_devices").values().stream().filter("writeable"::equals).count()
                  == nodes.size();
            });
  }

  @AfterEach
  void stop() {
    near.close();
    far.close();
    tracker.close();
    nodes.forEach(StorageNode::close);
    http.close();
    tasks.close();
    metrics.close();
  }

  @Test
  void eachZoneHasItsCopyAndEveryClientIsSentToTheNearOne() throws Exception {
    for (int i = 0; i < FILES; i++) {
      assertThat(store(near, "near" + i)).startsWith("http://127.1.");
      assertThat(store(far, "far" + i)).startsWith("http://127.2.");
    }
    for (int i = 0; i < FILES; i++) {
      for (var key : List.of("near" + i, "far" + i)) {
        // A node that takes long, as on a busy machine, comes last or not at all for a moment.
        await()
            .untilAsserted(
                () -> {
                  assertThat(paths(near, key)).hasSize(2);
                  assertThat(paths(near, key).getFirst()).startsWith("http://127.1.");
                  assertThat(paths(near, key).getLast()).startsWith("http://127.2.");
                  assertThat(paths(far, key).getFirst()).startsWith("http://127.2.");
                  assertThat(paths(far, key).getLast()).startsWith("http://127.1.");
                });
      }
    }
  }

  /** Stores a file; where its bytes were put. */
  private String store(Wire client, String key) throws Exception {
    var open = ok(client, "create_open domain=d&class=c&key=" + key);
    var path = open.getOrDefault("path", "");
    var put =
        HttpRequest.newBuilder(URI.create(path))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(key.getBytes(UTF_8)))
            .build();
    assertThat(http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isBetween(200, 299);
    ok(
        client,
        "create_close domain=d&key=%s&fid=%s&devid=%s&path=%s"
            .formatted(key, open.get("fid"), open.get("devid"), path));
    return path;
  }

  private static List<String> paths(Wire client, String key) {
    var reply = new TreeMap<>(ok(client, "get_paths domain=d&pathcount=9&key=" + key));
    reply.remove("paths");
    return List.copyOf(reply.values());
  }

  private static Map<String, String> ok(Wire wire, String line) {
    var reply = Reply.parse(wire.ask(line));
    assertThat(reply).as(line).isInstanceOf(Reply.Ok.class);
    return ((Reply.Ok) reply).values();
  }

  private int node(String ip, int device) throws Exception {
    var docroot = directory.resolve(ip);
    Files.createDirectories(docroot.resolve("dev" + device));
    var settings =
        ConfigSources.builder()
            .flag("http_listen", ip + ":0")
            .flag("side_listen", ip + ":0")
            .flag("docroot", docroot.toString())
            .flag("limits.usage_interval", "200ms");
    var node =
        new StorageNode(
            ConfigReader.of(StorageNodeConfig.class).read(settings.build()),
            new StorageNode.Surroundings(
                Time.system(),
                tasks,
                Randomness.SYSTEM,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
            grace -> {});
    node.start();
    nodes.add(node);
    return node.httpAddress().port();
  }
}
