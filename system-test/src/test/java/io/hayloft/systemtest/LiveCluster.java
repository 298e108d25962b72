package io.hayloft.systemtest;

import io.hayloft.client.Hayloft;
import io.hayloft.client.HayloftBuilder;
import io.hayloft.embedded.FreePorts;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Trackers and storage nodes as processes on this machine, on a test's own database. Node {@code n}
 * (from 1) listens on 127.0.0.n and has devices {@code 2n-1} and {@code 2n}.
 */
final class LiveCluster implements AutoCloseable {

  static final String DOMAIN = "photos";

  /** How many of each, and where the trackers find the database. */
  record Size(int trackers, int nodes) {}

  private final Path directory;
  private final Map<String, String> nodeSettings;
  private final List<Daemon> trackers = new ArrayList<>();
  private final List<Daemon> nodes = new ArrayList<>();

  private LiveCluster(Path directory, Map<String, String> nodeSettings) {
    this.directory = directory;
    this.nodeSettings = Map.copyOf(nodeSettings);
  }

  static LiveCluster start(Size size, TestDatabase database, Path directory) {
    return start(size, database, database.url(), directory);
  }

  /**
   * @param nodeSettings variables that all storage nodes get
   */
  static LiveCluster start(
      Size size, TestDatabase database, Map<String, String> nodeSettings, Path directory) {
    return start(size, database, database.url(), new LiveCluster(directory, nodeSettings));
  }

  /**
   * @param url where the trackers find the database; a test may put a proxy in between
   */
  static LiveCluster start(Size size, TestDatabase database, String url, Path directory) {
    return start(size, database, url, new LiveCluster(directory, Map.of()));
  }

  private static LiveCluster start(
      Size size, TestDatabase database, String url, LiveCluster cluster) {
    try {
      cluster.launch(size, database, url);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(Size size, TestDatabase database, String url) {
    int httpPort = FreePorts.next();
    int sidePort = FreePorts.next();
    for (int n = 1; n <= size.nodes(); n++) {
      nodes.add(node(n, httpPort, sidePort).launch());
    }
    var environment = new HashMap<String, String>();
    environment.put("HAYLOFT_DATABASE_URL", url);
    environment.put("HAYLOFT_DATABASE_USER", database.user());
    environment.put("HAYLOFT_DATABASE_PASSWORD", database.password());
    environment.put("HAYLOFT_DATABASE_MIGRATE", "true");
    environment.put("HAYLOFT_NODES_SIDE_CHANNEL_PORT", Integer.toString(sidePort));
    for (int n = 1; n <= size.trackers(); n++) {
      trackers.add(tracker(n, environment).launch());
      trackers.getLast().awaitListening();
    }
    nodes.forEach(Daemon::awaitListening);
    register(size, httpPort);
  }

  private Daemon node(int n, int httpPort, int sidePort) {
    var docroot = directory.resolve("node" + n);
    try {
      Files.createDirectories(docroot.resolve("dev" + (2 * n - 1)));
      Files.createDirectories(docroot.resolve("dev" + 2 * n));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var host = "127.0.0." + n;
    var environment = new HashMap<>(nodeSettings);
    environment.put("HAYLOFT_HTTP_LISTEN", host + ":" + httpPort);
    environment.put("HAYLOFT_SIDE_LISTEN", host + ":" + sidePort);
    environment.put("HAYLOFT_DOCROOT", docroot.toString());
    return new Daemon(
        "node" + n,
        List.of("node"),
        environment,
        new InetSocketAddress(host, httpPort),
        directory.resolve("node" + n + ".log"));
  }

  private Daemon tracker(int n, Map<String, String> shared) {
    int port = FreePorts.next();
    var environment = new HashMap<>(shared);
    environment.put("HAYLOFT_LISTEN", "127.0.0.1:" + port);
    environment.put("HAYLOFT_HTTP_LISTEN", "127.0.0.1:" + FreePorts.next());
    return new Daemon(
        "tracker" + n,
        List.of("tracker"),
        environment,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        directory.resolve("tracker" + n + ".log"));
  }

  private void register(Size size, int httpPort) {
    for (int n = 1; n <= size.nodes(); n++) {
      ok("create_host host=node%d&ip=127.0.0.%d&port=%d&status=alive".formatted(n, n, httpPort));
      ok("create_device hostname=node%d&devid=%d&state=alive".formatted(n, 2 * n - 1));
      ok("create_device hostname=node%d&devid=%d&state=alive".formatted(n, 2 * n));
    }
    ok("create_domain domain=" + DOMAIN);
    ok("create_class domain=" + DOMAIN + "&class=one&mindevcount=1");
    ok("create_class domain=" + DOMAIN + "&class=three&mindevcount=3");
    for (int t = 0; t < size.trackers(); t++) {
      int tracker = t;
      Awaitility.await("all devices writeable for tracker " + (t + 1))
          .atMost(Duration.ofSeconds(30))
          .until(() -> writeableDevices(tracker) == 2L * size.nodes());
    }
  }

  /** Devices that a tracker would store to now. */
  long writeableDevices(int tracker) {
    ask(tracker, "clear_cache");
    return ask(tracker, "get_devices").lines().findFirst().orElse("").split("=writeable", -1).length
        - 1L;
  }

  Daemon tracker(int index) {
    return trackers.get(index);
  }

  /** Counted from 1, as in its address and its devices. */
  Daemon node(int n) {
    return nodes.get(n - 1);
  }

  Path docroot(int n) {
    return directory.resolve("node" + n);
  }

  /** One request to the first tracker that must succeed. */
  String ok(String request) {
    var reply = ask(0, request);
    if (!reply.startsWith("OK ")) {
      throw new AssertionError(request + " → " + reply);
    }
    return reply;
  }

  /** One request on a connection of its own, and its reply without the end of the line. */
  String ask(int tracker, String request) {
    try (var socket = new Socket()) {
      socket.connect(trackers.get(tracker).address(), 3000);
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      var reply =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
              .readLine();
      return reply == null ? "" : reply;
    } catch (IOException e) {
      throw new UncheckedIOException(request, e);
    }
  }

  /** What a tracker replies to a request that must succeed, by name. */
  Map<String, String> fields(int tracker, String request) {
    var reply = ask(tracker, request);
    if (!reply.startsWith("OK ")) {
      throw new AssertionError(request + " → " + reply);
    }
    var fields = new TreeMap<String, String>();
    for (var pair : reply.substring("OK ".length()).trim().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }

  /** A client that knows all trackers. */
  HayloftBuilder client() {
    return Hayloft.builder().trackers(trackerAddresses()).domain(DOMAIN);
  }

  private String trackerAddresses() {
    return trackers.stream()
        .map(each -> "127.0.0.1:" + each.address().getPort())
        .collect(Collectors.joining(","));
  }

  /** What a command line says to an operator, whatever its exit code. */
  String says(String... words) throws InterruptedException {
    var arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--trackers", trackerAddresses()));
    try (var process = HayloftProcess.start(directory, arguments.toArray(String[]::new))) {
      var _ = process.awaitEnd(Duration.ofSeconds(60));
      return process.out() + process.err();
    }
  }

  /** Where a device is, below the document root of its node. */
  Path device(int device) {
    for (int n = 1; n <= nodes.size(); n++) {
      var place = docroot(n).resolve("dev" + device);
      if (Files.exists(place)) {
        return place;
      }
    }
    throw new IllegalArgumentException("no device " + device);
  }

  /** Where a device has, or would have, the bytes of a file. */
  Path replica(int device, Fid fid) {
    var path = new ReplicaPath(new DeviceId(device), fid).toString();
    return device(device).resolve(path.substring(path.indexOf('/', 1) + 1));
  }

  /**
   * Replica files on the disks of all nodes, temporary ones and the probes of the monitor aside.
   */
  List<Path> replicasOnDisk() {
    try (var files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".fid")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What each daemon has logged, for the message of a failed test. */
  String logs() {
    var all = new StringBuilder();
    trackers.forEach(each -> all.append(each.log()));
    nodes.forEach(each -> all.append(each.log()));
    return all.toString();
  }

  @Override
  public void close() {
    trackers.forEach(Daemon::close);
    nodes.forEach(Daemon::close);
  }
}
