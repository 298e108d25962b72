package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.embedded.FreePorts;
import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Reply;
import io.hayloft.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files kept by two nginx. One makes directories by itself and has a side channel beside it, the
 * other wants MKCOL and has none; their usage files are written by {@code hayloft node} without an
 * HTTP port, told so once by an option and once by the original's file.
 */
class ForeignNodesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path directory;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private InetSocketAddress tracker;

  @BeforeAll
  static void needsNginx() {
    NginxNode.assumeInstalled();
  }

  @BeforeEach
  void start() throws Exception {
    DATABASE.clear();
    int port = FreePorts.next();
    int side = FreePorts.next();
    for (int n = 1; n <= 2; n++) {
      running.push(
          NginxNode.start(
              directory.resolve("nginx" + n), address(n, port), docroot(n), "dev" + n, n == 1));
    }
    daemon(
        "usage1",
        List.of("node", "--skip-config", "--usage-only"),
        usage(1, side),
        address(1, side));
    var conf =
        Files.writeString(
            directory.resolve("mogstored.conf"),
            "server = none\ndocroot = %s\nmgmtlisten = 127.0.0.2:0\n".formatted(docroot(2)));
    daemon(
        "usage2",
        List.of("node", "-c", conf.toString()),
        Map.of("HAYLOFT_SIDE_ENABLED", "no", "HAYLOFT_LIMITS_USAGE_INTERVAL", "500ms"),
        address(2, port));
    tracker = address(1, FreePorts.next());
    daemon("tracker", List.of("tracker", "--skip-config"), tracker(side), tracker);
    for (int n = 1; n <= 2; n++) {
      ok("create_host host=h%d&ip=127.0.0.%d&port=%d&status=alive".formatted(n, n, port));
      ok("create_device hostname=h%d&devid=%d&state=alive".formatted(n, n));
    }
    ok("create_domain domain=d");
    ok("create_class domain=d&class=md5&mindevcount=2&hashtype=MD5");
    await()
        .atMost(LONG)
        .until(
            () -> {
              ok("clear_cache");
              return seen(1, "observed_state").equals("writeable")
                  && seen(2, "observed_state").equals("writeable");
            });
  }

  private Map<String, String> usage(int n, int side) {
    return Map.of(
        "HAYLOFT_DOCROOT",
        docroot(n).toString(),
        "HAYLOFT_SIDE_LISTEN",
        "127.0.0." + n + ":" + side,
        "HAYLOFT_LIMITS_USAGE_INTERVAL",
        "500ms");
  }

  private Map<String, String> tracker(int side) {
    return Map.of(
        "HAYLOFT_DATABASE_URL", DATABASE.url(),
        "HAYLOFT_DATABASE_USER", DATABASE.user(),
        "HAYLOFT_DATABASE_PASSWORD", DATABASE.password(),
        "HAYLOFT_DATABASE_MIGRATE", "true",
        "HAYLOFT_LISTEN", "127.0.0.1:" + tracker.getPort(),
        "HAYLOFT_HTTP_LISTEN", "127.0.0.1:0",
        "HAYLOFT_NODES_SIDE_CHANNEL_PORT", Integer.toString(side));
  }

  private void daemon(
      String name, List<String> arguments, Map<String, String> environment, InetSocketAddress at) {
    var daemon =
        new Daemon(name, arguments, environment, at, directory.resolve(name + ".log")).launch();
    running.push(daemon);
    daemon.awaitListening();
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  @Test
  void filesAreStoredCopiedVerifiedReplacedAndDeleted() throws Exception {
    assertThat(seen(1, "reject_bad_md5")).isEqualTo("0");
    assertThat(seen(2, "reject_bad_md5")).isEqualTo("0");
    await().untilAsserted(() -> assertThat(seen(1, "utilization")).matches("-|[0-9.]+"));
    assertThat(seen(2, "utilization")).isEmpty();

    // Enough of them that each device is a first destination and a destination of copies.
    for (int i = 0; i < 12; i++) {
      store("k" + i, bytes(i * 30_000), "md5");
    }
    store("empty", new byte[0], "");
    for (int i = 0; i < 12; i++) {
      assertCopies("k" + i, bytes(i * 30_000));
    }
    assertCopies("empty", new byte[0]);
    assertThat(ok("file_info domain=d&key=k3"))
        .containsEntry("checksum", "MD5:" + md5(bytes(90_000)))
        .containsEntry("devcount", "2");
    assertThat(requests(2)).contains("MKCOL /dev2/0/000/000/");

    store("k3", bytes(17), "md5");
    assertCopies("k3", bytes(17));
    await().atMost(LONG).untilAsserted(() -> assertThat(replicas()).hasSize(26));
    assertEveryRecordedCopyIsThere();

    for (int i = 0; i < 12; i++) {
      ok("delete domain=d&key=k" + i);
    }
    ok("delete domain=d&key=empty");
    await().atMost(LONG).untilAsserted(() -> assertThat(replicas()).isEmpty());
  }

  @Test
  void whatIsNotWhatItShouldBeIsFoundOut() throws Exception {
    var open = ok("create_open domain=d&key=k");
    var path = open.getOrDefault("path", "");
    put(path, bytes(100));
    var close =
        "create_close domain=d&key=k&fid=%s&devid=%s&path=%s"
            .formatted(open.get("fid"), open.get("devid"), path);

    assertThat(ask(close + "&size=100&checksumverify=1&checksum=MD5:" + md5(bytes(99))))
        .startsWith("ERR checksum_mismatch ");

    var never = ok("create_open domain=d&key=k");
    assertThat(
            ask(
                "create_close domain=d&key=k&size=5&fid=%s&devid=%s&path=%s"
                    .formatted(never.get("fid"), never.get("devid"), never.get("path"))))
        .startsWith("ERR size_verify_error ")
        .contains("missing");
    await().atMost(LONG).untilAsserted(() -> assertThat(replicas()).isEmpty());
  }

  private void store(String key, byte[] bytes, String fileClass) throws Exception {
    var open = ok("create_open domain=d&multi_dest=1&key=" + key + "&class=" + fileClass);
    var path = open.getOrDefault("path_1", "");
    put(path, bytes);
    ok(
        "create_close domain=d&key=%s&fid=%s&devid=%s&size=%d&path=%s"
                .formatted(key, open.get("fid"), open.get("devid_1"), bytes.length, path)
            + "&checksumverify=1&checksum=MD5:"
            + md5(bytes));
  }

  private void put(String url, byte[] bytes) throws Exception {
    var answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .version(HttpClient.Version.HTTP_1_1)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(url).isIn(201, 204);
  }

  private void assertCopies(String key, byte[] bytes) throws Exception {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(ok("get_paths domain=d&key=" + key)).containsEntry("paths", "2"));
    var paths = ok("get_paths domain=d&key=" + key);
    for (var path : List.of("path1", "path2")) {
      assertThat(get(paths.getOrDefault(path, ""))).as(key).isEqualTo(bytes);
    }
    assertThat(paths.get("path1")).isNotEqualTo(paths.get("path2"));
  }

  private byte[] get(String url) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(url)).version(HttpClient.Version.HTTP_1_1).build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .body();
  }

  /** What a check of all files would look for: each recorded copy is there, with its length. */
  private void assertEveryRecordedCopyIsThere() throws Exception {
    var files = ok("list_fids domain=d&from=0&to=1000");
    int count = Integer.parseInt(files.getOrDefault("fid_count", "0"));
    assertThat(count).isEqualTo(13);
    for (int i = 1; i <= count; i++) {
      long length = Long.parseLong(files.getOrDefault("fid_" + i + "_length", "-1"));
      var debug = ok("file_debug fid=" + files.get("fid_" + i + "_fid"));
      for (var device : debug.getOrDefault("devids", "").split(",")) {
        var path =
            Path.of(URI.create(debug.getOrDefault("devpath_" + device, "")).getPath().substring(1));
        assertThat(docroot(Integer.parseInt(device)).resolve(path)).hasSize(length);
      }
    }
  }

  private List<Path> replicas() throws IOException {
    try (Stream<Path> one = Files.walk(docroot(1));
        Stream<Path> two = Files.walk(docroot(2))) {
      return Stream.concat(one, two).filter(file -> file.toString().endsWith(".fid")).toList();
    }
  }

  private String requests(int n) throws IOException {
    return Files.readString(directory.resolve("nginx" + n).resolve("access.log"));
  }

  private String seen(int index, String what) {
    return ok("get_devices").getOrDefault("dev" + index + "_" + what, "");
  }

  private Map<String, String> ok(String request) {
    var reply = ask(request);
    assertThat(Reply.parse(reply)).as(request + " → " + reply).isInstanceOf(Reply.Ok.class);
    return ((Reply.Ok) Reply.parse(reply)).values();
  }

  private String ask(String request) {
    try (var socket = new Socket()) {
      socket.connect(tracker, 3_000);
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((request + "\r\n").getBytes(ISO_8859_1));
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      return String.valueOf(in.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(request, e);
    }
  }

  private Path docroot(int n) {
    return directory.resolve("docroot" + n);
  }

  private static InetSocketAddress address(int n, int port) {
    return new InetSocketAddress("127.0.0." + n, port);
  }

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return length == 0 ? "never empty".getBytes(UTF_8) : bytes;
  }

  private static String md5(byte[] bytes) throws Exception {
    return Checksum.of(HashAlgorithm.MD5, MessageDigest.getInstance("MD5").digest(bytes)).hex();
  }
}
