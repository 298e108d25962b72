package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.config.ConfigException;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.runtime.config.ConfigSources;
import io.hayloft.runtime.metrics.Metrics;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.schema.SchemaException;
import io.hayloft.testkit.TestDatabase;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A whole tracker with real storage nodes and a real database. */
class TrackerTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final List<String> JOBS_OF_THE_ORIGINAL =
      List.of("delete", "fsck", "job_master", "monitor", "queryworker", "reaper", "replicate");

  @TempDir Path directory;

  private final Tasks tasks = Tasks.virtual();
  private final Metrics metrics = new Metrics("tracker", "test");
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<StorageNode> nodes = new ArrayList<>();
  private final CountDownLatch shutdown = new CountDownLatch(1);

  @BeforeEach
  void clear() throws Exception {
    DATABASE.clear();
  }

  @AfterEach
  void stop() {
    nodes.forEach(StorageNode::close);
    http.close();
    tasks.close();
    metrics.close();
  }

  private Tracker start(String... settings) throws Exception {
    var sources =
        ConfigSources.builder()
            .flag("listen", "127.0.0.1:0")
            .flag("http_listen", "127.0.0.1:0")
            .flag("database.url", DATABASE.url())
            .flag("database.user", DATABASE.user())
            .flag("database.password", DATABASE.password())
            .flag("nodes.min_free_space_mb", "0")
            // All nodes would have to share one port, which somebody else here may have.
            .flag("nodes.side_channel_port", "0");
    for (var setting : settings) {
      sources.flag(setting.split("=")[0], setting.split("=")[1]);
    }
    return Tracker.start(
        ConfigReader.of(TrackerConfig.class).read(sources.build()),
        new Tracker.Surroundings(Time.system(), tasks, Randomness.SYSTEM, metrics),
        shutdown::countDown);
  }

  /** Node n on 127.0.0.n with devices 2n-1 and 2n; its port. */
  private int node(int number) throws IOException {
    var docroot = directory.resolve("node" + number);
    Files.createDirectories(docroot.resolve("dev" + (2 * number - 1)));
    Files.createDirectories(docroot.resolve("dev" + 2 * number));
    var config =
        ConfigReader.of(StorageNodeConfig.class)
            .read(
                ConfigSources.builder()
                    .flag("http_listen", "127.0.0." + number + ":0")
                    .flag("side_listen", "127.0.0." + number + ":0")
                    .flag("docroot", docroot.toString())
                    .flag("limits.usage_interval", "200ms")
                    .build());
    var node =
        new StorageNode(
            config,
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

  private static Map<String, String> ok(Wire wire, String line) {
    var reply = Reply.parse(wire.ask(line));
    assertThat(reply).as(line).isInstanceOf(Reply.Ok.class);
    return ((Reply.Ok) reply).values();
  }

  private void register(Wire wire, int hosts) throws IOException {
    for (int n = 1; n <= hosts; n++) {
      int port = node(n);
      ok(wire, "create_host host=h%d&ip=127.0.0.%d&port=%d&status=alive".formatted(n, n, port));
      ok(wire, "create_device hostname=h%d&devid=%d".formatted(n, 2 * n - 1));
      ok(wire, "create_device hostname=h%d&devid=%d".formatted(n, 2 * n));
    }
    ok(wire, "create_domain domain=d");
    await()
        .until(
            () -> {
              ok(wire, "clear_cache");
              return ok(wire, "get_devices").values().stream()
                      .filter(value -> value.equals("writeable"))
                      .count()
                  == 2L * hosts;
            });
  }

  private HttpResponse<byte[]> put(String url, byte[] bytes, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url)).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
    return http.send(
        (headers.length > 0 ? request.headers(headers) : request).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private byte[] get(String url) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(url)).build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .body();
  }

  private HttpResponse<String> ops(Tracker tracker, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + tracker.httpAddress().orElseThrow() + path))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void fileIsStoredCopiedFoundAndDeleted() throws Exception {
    try (var tracker = start("database.migrate=yes");
        var wire = new Wire(tracker.port())) {
      register(wire, 3);
      var open = ok(wire, "create_open domain=d&key=k&multi_dest=1");
      assertThat(open).containsEntry("dev_count", "3");
      var path = open.getOrDefault("path_1", "");
      var bytes = "what is stored".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      assertThat(put(path, bytes).statusCode()).isBetween(200, 299);

      assertThat(
              wire.ask(
                  "create_close domain=d&key=k&fid=%s&devid=%s&size=%d&path=%s"
                      .formatted(open.get("fid"), open.get("devid_1"), bytes.length, path)))
          .isEqualTo("OK ");

      await().until(() -> wire.ask("get_paths domain=d&key=k").startsWith("OK paths=2&"));
      var found = ok(wire, "get_paths domain=d&key=k");
      assertThat(get(found.getOrDefault("path1", ""))).isEqualTo(bytes);
      assertThat(get(found.getOrDefault("path2", ""))).isEqualTo(bytes);

      assertThat(wire.ask("delete domain=d&key=k")).isEqualTo("OK ");
      await().until(() -> get(found.getOrDefault("path1", "")).length != bytes.length);
    }
  }

  @Test
  void checksumIsVerifiedByReadingBack() throws Exception {
    try (var tracker = start("database.migrate=yes");
        var wire = new Wire(tracker.port())) {
      register(wire, 1);
      var open = ok(wire, "create_open domain=d&key=k");
      var path = open.getOrDefault("path", "");
      put(path, "12345".getBytes(java.nio.charset.StandardCharsets.UTF_8));

      assertThat(
              wire.ask(
                  "create_close domain=d&key=k&checksumverify=1&fid=%s&devid=%s&path=%s"
                          .formatted(open.get("fid"), open.get("devid"), path)
                      + "&checksum=MD5:827ccb0eea8a706c4c34a16891f84e7b"))
          .isEqualTo("OK ");
    }
  }

  /**
   * As clients write files whose length they do not know: an empty one first, then piece by piece.
   */
  @Test
  void aFileIsStoredInRanges() throws Exception {
    try (var tracker = start("database.migrate=yes");
        var wire = new Wire(tracker.port())) {
      register(wire, 2);
      var open = ok(wire, "create_open domain=d&key=large&multi_dest=1");
      var path = open.getOrDefault("path_1", "");
      assertThat(put(path, new byte[0]).statusCode()).isBetween(200, 299);
      var bytes = new byte[700_000];
      new java.util.Random(7).nextBytes(bytes);
      for (int from = 0; from < bytes.length; from += 300_000) {
        var piece =
            java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 300_000));
        var range = "bytes " + from + "-" + (from + piece.length - 1) + "/*";
        assertThat(put(path, piece, "Content-Range", range).statusCode()).isBetween(200, 299);
      }

      ok(
          wire,
          "create_close domain=d&key=large&fid=%s&devid=%s&size=%d&path=%s"
              .formatted(open.get("fid"), open.get("devid_1"), bytes.length, path));

      assertThat(ok(wire, "file_info domain=d&key=large")).containsEntry("length", "700000");
      await().until(() -> wire.ask("get_paths domain=d&key=large").startsWith("OK paths=2&"));
      var found = ok(wire, "get_paths domain=d&key=large");
      assertThat(get(found.getOrDefault("path1", ""))).isEqualTo(bytes);
      assertThat(get(found.getOrDefault("path2", ""))).isEqualTo(bytes);
    }
  }

  /** As the original's client library does it, down to the methods. */
  @Test
  void aFileIsEditedInPlace() throws Exception {
    try (var tracker = start("database.migrate=yes", "jobs.enabled=no");
        var wire = new Wire(tracker.port())) {
      register(wire, 1);
      var open = ok(wire, "create_open domain=d&key=k");
      var path = open.getOrDefault("path", "");
      put(path, "Hello, world".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      var close = "create_close domain=d&key=k&fid=%s&devid=%s&path=%s";
      ok(wire, close.formatted(open.get("fid"), open.get("devid"), path));

      var edit = ok(wire, "edit_file domain=d&key=k");
      var newPath = edit.getOrDefault("newpath", "");
      assertThat(
              send(
                  HttpRequest.newBuilder(URI.create(edit.getOrDefault("oldpath", "")))
                      .method("MOVE", HttpRequest.BodyPublishers.noBody())
                      .header("Destination", newPath)))
          .isBetween(200, 299);
      assertThat(
              send(
                  HttpRequest.newBuilder(URI.create(newPath))
                      .PUT(HttpRequest.BodyPublishers.ofString("HOUSE"))
                      .header("Content-Range", "bytes 7-11/*")))
          .isBetween(200, 299);
      assertThat(get(path)).asString().isEqualTo("Hello, world");
      ok(wire, close.formatted(edit.get("fid"), edit.get("devid"), newPath));

      var found = ok(wire, "get_paths domain=d&key=k");
      assertThat(found).containsEntry("paths", "1").containsEntry("path1", newPath);
      assertThat(get(newPath)).asString().isEqualTo("Hello, HOUSE");
    }
  }

  private int send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void aPluginThatIsNotThereStopsItBeforeItTouchesTheDatabase() {
    assertThatThrownBy(() -> start("database.migrate=yes", "plugins=FilePath"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Did you mean FilePaths?");
    assertThatThrownBy(() -> start("plugins=FilePaths")).isInstanceOf(SchemaException.class);
  }

  @Test
  void filesAreServedThoughThePagesForOperatorsHaveNoPort() throws Exception {
    try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
        var tracker =
            start("database.migrate=yes", "http_listen=127.0.0.1:" + taken.getLocalPort());
        var wire = new Wire(tracker.port())) {
      assertThat(wire.ask("test")).isEqualTo("OK ");
      assertThat(tracker.httpAddress()).isEmpty();
    }
  }

  @Test
  void trackerRefusesADatabaseWithoutTables() {
    assertThatThrownBy(this::start).isInstanceOf(SchemaException.class);
  }

  @Test
  void operatorsSeeHealthMetricsAndJobs() throws Exception {
    try (var tracker = start("database.migrate=yes", "limits.requests=2");
        var wire = new Wire(tracker.port())) {
      assertThat(wire.ask("test")).isEqualTo("OK ");
      assertThat(ops(tracker, "/ready").statusCode()).isEqualTo(200);
      assertThat(ops(tracker, "/metrics").body())
          .contains("hayloft_tracker_request_seconds_count{command=\"test\",outcome=\"ok\"");

      var lines = wire.console("!jobs");
      assertThat(lines).contains("monitor count 1", "monitor desired 1", "queryworker pids 1 2");
      assertThat(lines.stream().map(line -> line.split(" ")[0]).distinct())
          .containsExactlyElementsOf(JOBS_OF_THE_ORIGINAL);
    }
  }

  @Test
  void operatorSizesAJob() throws Exception {
    try (var tracker = start("database.migrate=yes");
        var wire = new Wire(tracker.port())) {
      assertThat(wire.ask("test")).isEqualTo("OK ");
      for (int count : new int[] {0, 3}) {
        assertThat(wire.console("!want " + count + " replicate"))
            .containsExactly("Now desiring " + count + " children doing 'replicate'.");
        await().until(() -> wire.console("!jobs").contains("replicate count " + count));
        assertThat(wire.console("!jobs")).contains("replicate desired " + count);
      }
    }
  }

  @Test
  void operatorIsAnsweredWhileAllRequestsThatMayRunHang() throws Exception {
    try (var tracker =
            start(
                "database.migrate=yes",
                "limits.requests=2",
                "limits.waiting=1",
                "limits.turn=20s");
        var operator = new Wire(tracker.port());
        var oneTooMany = new Wire(tracker.port());
        var first = new Wire(tracker.port());
        var second = new Wire(tracker.port());
        var third = new Wire(tracker.port())) {
      assertThat(operator.ask("test")).isEqualTo("OK ");
      first.send("sleep duration=2\r\n");
      second.send("sleep duration=2\r\n");
      await().until(() -> operator.console("!stats").contains("processing_queries 2"));
      third.send("test callid=waits\r\n");
      await().until(() -> operator.console("!stats").contains("pending_queries 1"));

      assertThat(operator.console("!queue")).containsExactly("127.0.0.1 test callid=waits");
      assertThat(oneTooMany.ask("test callid=9"))
          .isEqualTo("ERR busy Too+many+requests+at+once%3B+try+again 9");
      assertThat(operator.console("!stats"))
          .contains("bored_queryworkers 0")
          .anyMatch(line -> line.startsWith("times_out_of_qworkers "));
      assertThat(first.line()).isEqualTo("OK ");
      assertThat(third.line()).isEqualTo("OK callid=waits");
      assertThat(oneTooMany.ask("test callid=10"))
          .as("the refusal was said once")
          .isEqualTo("OK callid=10");
    }
  }

  @Test
  void watcherHearsWhatIsTold() throws Exception {
    try (var tracker = start("database.migrate=yes");
        var wire = new Wire(tracker.port())) {
      assertThat(wire.console("!watch")).containsExactly("Added you to watcher list.");

      tracker.tellWatchers("[replicate(3)] a text\n.\nOK ");

      assertThat(wire.line()).isEqualTo(":: [replicate(3)] a text . OK ");
      assertThat(wire.ask("test")).isEqualTo("OK ");
    }
  }

  @Test
  void operatorCanStopIt() throws Exception {
    try (var tracker = start("database.migrate=yes");
        var wire = new Wire(tracker.port())) {
      wire.send("!shutdown\r\n");

      assertThat(shutdown.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void stoppingLetsRequestsEnd() throws Exception {
    var tracker = start("database.migrate=yes");
    try (var wire = new Wire(tracker.port())) {
      assertThat(wire.ask("test")).isEqualTo("OK ");
      wire.send("sleep duration=1\r\n");
      await()
          .until(
              () -> {
                try (var other = new Wire(tracker.port())) {
                  other.send("!stats\r\n");
                  other.line();
                  other.line();
                  return other.line().equals("processing_queries 1");
                }
              });

      var closing = tasks.start("close", tracker::close);

      assertThat(wire.line()).isEqualTo("OK ");
      assertThat(closing.join(Duration.ofSeconds(15))).isTrue();
    }
  }
}
