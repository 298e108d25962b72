package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.embedded.FreePorts;
import io.hayloft.systemtest.OldInstallation.OldFile;
import io.hayloft.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An installation of MogileFS is taken over as it is, with its own configuration files, used, and
 * given back.
 */
class TakeOverTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Daemon> daemons = new ArrayList<>();
  private int port;
  private int httpPort;
  private Optional<OldInstallation> old = Optional.empty();

  @BeforeEach
  void makeInstallation() {
    port = FreePorts.next();
    httpPort = FreePorts.next();
    old =
        Optional.of(
            new OldInstallation(
                DATABASE, directory, new OldInstallation.Ports(port, httpPort, FreePorts.next())));
    daemons.add(daemon("node", old().nodeFile(1), "127.0.0.1", httpPort));
    daemons.add(daemon("node", old().nodeFile(2), "127.0.0.2", httpPort));
    daemons.add(daemon("tracker", old().trackerFile(), "127.0.0.1", port));
  }

  private Daemon daemon(String command, Path file, String host, int listening) {
    Map<String, String> environment =
        command.equals("tracker") ? Map.of("HAYLOFT_HTTP_LISTEN", "127.0.0.1:0") : Map.of();
    return new Daemon(
        file.getFileName().toString(),
        List.of(command, "--config", file.toString()),
        environment,
        new InetSocketAddress(host, listening),
        directory.resolve(file.getFileName() + ".log"));
  }

  @AfterEach
  void stop() {
    daemons.forEach(Daemon::close);
    http.close();
  }

  private OldInstallation old() {
    return old.orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"latin1 COLLATE latin1_swedish_ci", "utf8mb4 COLLATE utf8mb4_general_ci"})
  void anOldInstallationIsTakenOverUsedAndGivenBack(String charset) throws Exception {
    old().create(charset);
    var definitions = old().definitions();
    hayloft("migrate", "check");
    hayloft("db", "migrate");
    // The tracker last: what it cannot delete because a node is away it puts off for minutes.
    daemons.subList(0, 2).forEach(Daemon::launch);
    daemons.subList(0, 2).forEach(Daemon::awaitListening);
    daemons.getLast().launch().awaitListening();
    awaitDevices();

    everyFileIsReadAsItWas();
    everyKeyIsListedOnce(7);
    whatWaitedIsDone();
    namesFollowTheCollation();
    newFilesGetNewNumbers();
    anOpenUploadCanBeClosed();
    everyCopyIsFoundGoodAndALostOneMadeAgain();
    assertThat(new Mogstats(old()).problems()).isEmpty();

    daemons.getLast().stop();
    theOldTrackersFindWhatTheyLeft(definitions);
  }

  private void hayloft(String... words) throws InterruptedException {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", old().trackerFile().toString()));
    try (var process = HayloftProcess.start(directory.resolve("cli"), all.toArray(String[]::new))) {
      int code = process.awaitEnd(Duration.ofSeconds(60));
      assertThat(code).as(process.out() + process.err()).isZero();
    }
  }

  private void awaitDevices() {
    Awaitility.await("all devices writeable")
        .atMost(SOON)
        .until(
            () -> {
              ok("clear_cache");
              return ok("get_devices").split("=writeable", -1).length == 5;
            });
  }

  private void everyFileIsReadAsItWas() throws Exception {
    for (var file : old().files()) {
      var paths = paths(file.domain(), file.key());
      // A queued file may have been copied by now.
      assertThat(paths).as(file.toString()).hasSizeGreaterThanOrEqualTo(file.devices().size());
      for (var path : paths) {
        assertThat(get(path)).as(path).isEqualTo(file.bytes());
      }
    }
  }

  private void everyKeyIsListedOnce(int page) {
    for (int domain : List.of(OldInstallation.PHOTOS, OldInstallation.DOCS)) {
      assertThat(list(domain, "", page))
          .containsExactlyInAnyOrderElementsOf(
              old().files(domain).stream().map(OldFile::key).toList());
    }
    assertThat(list(OldInstallation.PHOTOS, "list/", page))
        .as("a prefix is bytes")
        .containsExactlyInAnyOrderElementsOf(
            old().files(OldInstallation.PHOTOS).stream()
                .map(OldFile::key)
                .filter(key -> key.startsWith("list/"))
                .toList());
  }

  private List<String> list(int domain, String prefix, int page) {
    var keys = new ArrayList<String>();
    var after = "";
    while (true) {
      var reply =
          ask(
              "list_keys domain=%s&prefix=%s&after=%s&limit=%d"
                  .formatted(name(domain), escaped(prefix), escaped(after), page));
      if (reply.startsWith("ERR none_match")) {
        return keys;
      }
      var values = values(reply);
      int count = Integer.parseInt(values.getOrDefault("key_count", "0"));
      for (int i = 1; i <= count; i++) {
        keys.add(values.getOrDefault("key_" + i, ""));
      }
      after = values.getOrDefault("next_after", "");
    }
  }

  private void whatWaitedIsDone() {
    Awaitility.await("queued files copied")
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(paths(OldInstallation.PHOTOS, "queued/new")).hasSize(2);
              assertThat(paths(OldInstallation.PHOTOS, "queued/lower priority")).hasSize(2);
            });
    Awaitility.await("queues of all kinds worked off")
        .atMost(SOON)
        .untilAsserted(
            () -> {
              for (long fid : OldInstallation.TO_BE_DELETED) {
                assertThat(Files.exists(old().replica(1, fid))).as("bytes of " + fid).isFalse();
              }
              assertThat(old().query("SELECT fid FROM file_to_delete2")).isEmpty();
              assertThat(old().query("SELECT fid FROM file_to_delete")).isEmpty();
              assertThat(old().query("SELECT fid FROM file_to_delete_later")).isEmpty();
              assertThat(old().query("SELECT fid FROM file_to_replicate"))
                  .containsExactly(Long.toString(OldInstallation.GIVEN_UP));
            });
    assertThat(Files.exists(old().replica(1, OldInstallation.OPEN_UPLOAD))).isTrue();
  }

  /** In such a table {@code Foo} and {@code foo} are one key, before and after. */
  private void namesFollowTheCollation() throws Exception {
    int photos = OldInstallation.PHOTOS;
    assertThat(paths(photos, "ALBUM/ONE")).hasSize(2);
    assertThat(ask("rename domain=photos&from_key=album/one&to_key=Album/Two"))
        .startsWith("ERR key_exists");
    ok("rename domain=photos&from_key=Album/Two&to_key=album/TWO");
    assertThat(list(photos, "album/", 7)).containsExactly("album/one", "album/TWO");

    store(photos, "List/twin", "first");
    store(photos, "list/TWIN", "second");
    assertThat(get(paths(photos, "List/twin").getFirst())).asString(UTF_8).isEqualTo("second");
    assertThat(list(photos, "list/TWIN", 7)).containsExactly("list/TWIN");
    ok("delete domain=photos&key=list/twin");
    assertThat(ask("get_paths domain=photos&key=list/TWIN")).startsWith("ERR unknown_key");

    store(photos, OldInstallation.wire("Größe/ä"), "overwritten");
    assertThat(get(paths(photos, OldInstallation.wire("Größe/ä")).getFirst()))
        .asString(UTF_8)
        .isEqualTo("overwritten");
    Awaitility.await("bytes of the overwritten file gone")
        .atMost(SOON)
        .until(() -> !Files.exists(old().replica(1, 5)) && !Files.exists(old().replica(3, 5)));
  }

  private void newFilesGetNewNumbers() throws Exception {
    long fid = store(OldInstallation.DOCS, "new", "new");
    assertThat(fid).isGreaterThan(OldInstallation.HIGHEST_FID);
    assertThat(store(OldInstallation.DOCS, "newer", "newer")).isGreaterThan(fid);
    assertThat(ask("create_open domain=docs&key=reused&fid=17")).startsWith("ERR fid_in_use");
  }

  private void anOpenUploadCanBeClosed() throws Exception {
    var reply =
        ok(
            "create_close domain=photos&key=open&size=4&fid=%d&devid=1&path=%s"
                .formatted(
                    OldInstallation.OPEN_UPLOAD,
                    escaped(
                        "http://127.0.0.1:%d/dev1/0/000/000/0000000950.fid".formatted(httpPort))));
    assertThat(reply).startsWith("OK");
    assertThat(get(paths(OldInstallation.PHOTOS, "open").getFirst()))
        .asString(UTF_8)
        .isEqualTo("open");
  }

  private void everyCopyIsFoundGoodAndALostOneMadeAgain() throws Exception {
    Awaitility.await("new files copied")
        .atMost(SOON)
        .until(
            () ->
                old()
                    .query("SELECT fid FROM file_to_replicate")
                    .equals(List.of(Long.toString(OldInstallation.GIVEN_UP))));
    assertThat(checkAll()).isEmpty();

    long lost = 2;
    Files.delete(old().replica(3, lost));
    assertThat(checkAll()).containsEntry("num_MISS", "1").containsEntry("num_REPL", "1");
    Awaitility.await("the lost copy made again")
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(paths(OldInstallation.PHOTOS, "album/TWO")).hasSize(2);
              for (var path : paths(OldInstallation.PHOTOS, "album/TWO")) {
                assertThat(get(path)).isNotEmpty();
              }
            });
  }

  /** Checks all files; the counts of what was found wrong. */
  private Map<String, String> checkAll() {
    ok("fsck_reset");
    ok("fsck_start");
    Awaitility.await("everything checked")
        .atMost(SOON)
        .until(
            () ->
                "0".equals(values(ok("fsck_status")).get("running"))
                    && old().query("SELECT fid FROM file_to_queue").isEmpty());
    var found = values(ok("fsck_status"));
    found.keySet().removeIf(name -> !name.startsWith("num_"));
    return found;
  }

  /** What the original's programs rely on. */
  private void theOldTrackersFindWhatTheyLeft(List<String> definitions) throws Exception {
    assertThat(old().definitions()).isEqualTo(definitions);
    assertThat(old().query("SELECT value FROM server_settings WHERE field = 'schema_version'"))
        .containsExactly("17");
    assertThat(
            old()
                .query(
                    "SELECT value FROM server_settings WHERE field IN ('fsck_host', 'rebal_host')"))
        .isEmpty();
    assertThat(old().query("SELECT status FROM device GROUP BY status")).containsExactly("alive");
    assertThat(old().query("SELECT status FROM host GROUP BY status")).containsExactly("alive");
    assertThat(
            old()
                .query(
                    "SELECT f.fid FROM file f LEFT JOIN domain d ON d.dmid = f.dmid"
                        + " LEFT JOIN class c ON c.dmid = f.dmid AND c.classid = f.classid"
                        + " WHERE d.dmid IS NULL OR (c.classid IS NULL AND f.classid <> 0)"))
        .isEmpty();
    assertThat(old().query("SELECT fid FROM checksum WHERE hashtype NOT IN (1, 2)")).isEmpty();
    assertThat(old().query("SELECT fid FROM file_on WHERE devid NOT BETWEEN 1 AND 4")).isEmpty();
    assertThat(old().query("SELECT type FROM file_to_queue WHERE type NOT IN (1, 2)")).isEmpty();
    for (var row :
        old().query("SELECT fid, devid FROM file_on WHERE fid IN (SELECT fid FROM file)")) {
      var numbers = row.split(" ");
      assertThat(old().replica(Integer.parseInt(numbers[1]), Long.parseLong(numbers[0])))
          .as("a copy where the old trackers look for it")
          .exists();
    }
  }

  private long store(int domain, String key, String content) throws Exception {
    var opened =
        values(
            ok(
                "create_open domain=%s&key=%s&multi_dest=1&size=%d"
                    .formatted(name(domain), escaped(key), content.length())));
    var path = opened.getOrDefault("path_1", "");
    var put =
        http.send(
            HttpRequest.newBuilder(URI.create(path))
                .PUT(HttpRequest.BodyPublishers.ofString(content))
                .build(),
            HttpResponse.BodyHandlers.discarding());
    assertThat(put.statusCode()).isBetween(200, 299);
    ok(
        "create_close domain=%s&key=%s&fid=%s&devid=%s&size=%d&path=%s"
            .formatted(
                name(domain),
                escaped(key),
                opened.get("fid"),
                opened.get("devid_1"),
                content.length(),
                escaped(path)));
    return Long.parseLong(opened.getOrDefault("fid", "0"));
  }

  private List<String> paths(int domain, String key) {
    var values = values(ok("get_paths domain=%s&key=%s".formatted(name(domain), escaped(key))));
    return IntStream.rangeClosed(1, Integer.parseInt(values.getOrDefault("paths", "0")))
        .mapToObj(i -> values.getOrDefault("path" + i, ""))
        .toList();
  }

  private byte[] get(String url) throws IOException, InterruptedException {
    var answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(url).isEqualTo(200);
    return answer.body();
  }

  private static String name(int domain) {
    return domain == OldInstallation.PHOTOS ? "photos" : "docs";
  }

  private static String escaped(String bytes) {
    return URLEncoder.encode(bytes, ISO_8859_1);
  }

  private static Map<String, String> values(String reply) {
    var values = new HashMap<String, String>();
    for (var pair : reply.substring(reply.indexOf(' ') + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(
            pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), ISO_8859_1));
      }
    }
    return values;
  }

  private String ok(String request) {
    var reply = ask(request);
    assertThat(reply).as(request).startsWith("OK");
    return reply;
  }

  private String ask(String request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((request + "\r\n").getBytes(ISO_8859_1));
      var reply =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)).readLine();
      return reply == null ? "" : reply;
    } catch (IOException e) {
      throw new UncheckedIOException(request, e);
    }
  }
}
