package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hayloft.embedded.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A storage node as a process with little memory or few descriptors, and clients that are many,
 * slow or both: it lives, serves those whom it has taken in, tells the others, and gets over it.
 * More connections with {@code -Dhayloft.load.connections=20000}, and in as small a heap as with
 * few with {@code -Dhayloft.load.heap=64}.
 */
class NodeLoadTest {

  private static final String SMALL = "/dev1/0/000/000/0000000001.fid";
  private static final String LARGE = "/dev1/0/000/000/0000000002.fid";
  private static final int USUAL_CONNECTIONS = 4_500;
  private static final int CONNECTIONS =
      Integer.getInteger("hayloft.load.connections", USUAL_CONNECTIONS);
  private static final int SMALL_HEAP = 64;
  private static final int HEAP =
      Integer.getInteger("hayloft.load.heap", Math.max(SMALL_HEAP, CONNECTIONS / 50));

  /** Of those that have room even in the small heap. */
  private static final int SURELY_SERVED = 3_000;

  private static final String PUT = "PUT /dev1/p/x HTTP/1.1\r\nContent-Length: 1\r\n\r\nx";
  private static final int SLOW = 150;
  private static final int FEW_DESCRIPTORS = 400;

  /** Of those who come when there are so few; some more are. */
  private static final int TAKEN_IN = 50;

  /** Beside the heap of 64 MiB: code, threads, 16 MiB of small files, 32 MiB of buffers. */
  private static final long MOST_RESIDENT_MIB = 300;

  @TempDir Path docroot;
  private final List<SocketChannel> channels = new ArrayList<>();
  private InetSocketAddress http;
  private Daemon node;

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(docroot.resolve("dev1/0/000/000"));
    Files.write(docroot.resolve(SMALL.substring(1)), new byte[1_000]);
    Files.write(docroot.resolve(LARGE.substring(1)), new byte[10 << 20]);
    http = FreePorts.nextOnLoopback();
    node = node(Duration.ofSeconds(6));
  }

  private Daemon node(Duration idleTimeout) {
    return new Daemon(
        "node",
        List.of("node", "--skip-config"),
        Map.of(
            "HAYLOFT_HTTP_LISTEN",
            "127.0.0.1:" + http.getPort(),
            "HAYLOFT_HTTP_MAX_CONNECTIONS",
            Integer.toString(CONNECTIONS),
            "HAYLOFT_HTTP_MIN_RATE_BYTES",
            "10k",
            "HAYLOFT_LIMITS_IDLE_TIMEOUT",
            idleTimeout.toSeconds() + "s",
            "HAYLOFT_SIDE_ENABLED",
            "no",
            "HAYLOFT_DOCROOT",
            docroot.toString()),
        http,
        docroot.resolve("node.log"));
  }

  @AfterEach
  void stop() {
    channels.forEach(NodeLoadTest::close);
    node.close();
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SocketChannel connect(int receiveBuffer) throws IOException {
    var channel = SocketChannel.open();
    channels.add(channel);
    if (receiveBuffer > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    }
    channel.connect(http);
    return channel;
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: node\r\n\r\n";
  }

  /** All that is answered to one request on a connection of its own. */
  private String call(String request) throws IOException {
    try (var socket = new Socket()) {
      socket.setSoTimeout(20_000);
      socket.connect(http, 20_000);
      socket
          .getOutputStream()
          .write(request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private double figure(String name) throws IOException {
    var match =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)\r?$")
            .matcher(call(get("/-/metrics")));
    assertThat(match.find()).as(name).isTrue();
    return Double.parseDouble(match.group(1));
  }

  private long resident() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + node.handle().pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new AssertionError("no VmRSS");
  }

  /** Of a hundred reads, each on a connection of its own; the slowest of ninety-nine. */
  private Duration slowestRead() throws IOException {
    var took = new long[100];
    for (int i = 0; i < took.length; i++) {
      long started = System.nanoTime();
      assertThat(call(get(SMALL))).startsWith("HTTP/1.1 200");
      took[i] = System.nanoTime() - started;
    }
    Arrays.sort(took);
    return Duration.ofNanos(took[98]);
  }

  /** How many this process and the other end may have. */
  private static int possible(int wanted) {
    long files =
        ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getMaxFileDescriptorCount();
    return (int) Math.min(wanted, files - 1_000);
  }

  @Test
  void slowClientsInASmallHeapHoldNobodyUpAndAreCutOff() throws IOException {
    node.withHeap(SMALL_HEAP).launch().awaitListening();
    call(get(LARGE));
    for (int i = 0; i < SLOW; i++) {
      send(connect(4_096), get(LARGE));
      send(connect(0), "PUT /dev1/slow/" + i + " HTTP/1.1\r\nContent-Length: 100000\r\n\r\nx");
    }
    await().untilAsserted(() -> assertThat(figure("hayloft_node_uploads")).isEqualTo(SLOW));

    assertThat(slowestRead()).isLessThan(Duration.ofSeconds(1));
    assertThat(call(PUT)).startsWith("HTTP/1.1 200");
    assertThat(resident() >> 20).isLessThan(MOST_RESIDENT_MIB);

    // Each of them goes on as slowly as can be: a byte every second, either way.
    await()
        .pollInterval(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              channels.forEach(NodeLoadTest::trickle);
              assertThat(figure("hayloft_node_connections")).isLessThanOrEqualTo(1);
            });
    assertThat(figure("hayloft_node_uploads")).isZero();
    assertThat(docroot.resolve("dev1/slow/0")).doesNotExist();
  }

  private static void trickle(SocketChannel channel) {
    try {
      channel.configureBlocking(false);
      channel.read(ByteBuffer.allocate(1));
      channel.write(ByteBuffer.wrap(new byte[] {'x'}));
    } catch (IOException cutOff) {
      // As it should be, sooner or later.
    }
  }

  @Test
  void manyConnectionsInASmallHeapAreServedOrRefused() throws IOException {
    int many = possible(CONNECTIONS);
    node = node(Duration.ofMinutes(2));
    node.withHeap(HEAP).launch().awaitListening();
    call(get(SMALL));
    for (int i = 0; i < many; i++) {
      send(connect(0), get(SMALL));
    }
    int served = 0;
    int refused = 0;
    for (var channel : channels) {
      switch (status(channel)) {
        case 200 -> served++;
        case 503 -> {
          refused++;
          assertThat(rest(channel)).contains("Retry-After: 1\r\n");
        }
        default -> throw new AssertionError("neither served nor refused");
      }
    }
    assertThat(served)
        .as("beside %s refused", refused)
        .isGreaterThan(Math.min(many / 2, SURELY_SERVED));
    assertThat(served + refused).isEqualTo(many);
    assertThat(figure("hayloft_node_connections")).isGreaterThanOrEqualTo(served);
    assertThat(resident() >> 20).isLessThan(MOST_RESIDENT_MIB + (HEAP - SMALL_HEAP));
    if (many > USUAL_CONNECTIONS) {
      System.out.printf("%d served, %d refused, %d MiB%n", served, refused, resident() >> 20);
    }

    channels.forEach(NodeLoadTest::close);
    await().untilAsserted(() -> assertThat(slowestRead()).isLessThan(Duration.ofSeconds(1)));
    assertThat(node.isAlive()).isTrue();
  }

  /** Of an answer that has come or comes soon; its body is left unread. */
  private static int status(SocketChannel channel) throws IOException {
    channel.socket().setSoTimeout(20_000);
    return Integer.parseInt(
        new String(channel.socket().getInputStream().readNBytes(12), US_ASCII).substring(9));
  }

  /** What follows until the connection is closed, as those of the refused are. */
  private static String rest(SocketChannel channel) throws IOException {
    return new String(channel.socket().getInputStream().readAllBytes(), US_ASCII);
  }

  @Test
  void fewDescriptorsAreSharedOutAndTheirEndIsSurvived() throws Exception {
    node.withDescriptors(FEW_DESCRIPTORS).launch().awaitListening();
    for (int i = 0; i < FEW_DESCRIPTORS; i++) {
      send(connect(0), get("/dev1/none" + i));
    }
    // Those who were taken in go on, unless their requests came all at once.
    var answered = new ArrayList<Integer>();
    for (var channel : channels.subList(0, TAKEN_IN)) {
      answered.add(status(channel));
    }
    assertThat(answered).contains(404).isSubsetOf(404, 503);
    channels.forEach(NodeLoadTest::close);
    await().untilAsserted(() -> assertThat(call(get(SMALL))).startsWith("HTTP/1.1 200"));

    // None are left at all, for a while; what it needs of the program it has loaded before.
    assertThat(call(PUT)).startsWith("HTTP/1.1 200");
    await().pollDelay(Duration.ofMillis(1_500)).until(node::isAlive);
    limitDescriptors(firstFreeDescriptor());
    var waiting = connect(0);
    send(waiting, get("/-/live"));
    await().untilAsserted(() -> assertThat(node.log()).contains("no connection can be accepted"));
    limitDescriptors(FEW_DESCRIPTORS);

    assertThat(status(waiting)).isEqualTo(200);
    assertThat(call(get(SMALL))).startsWith("HTTP/1.1 200");
    assertThat(call(PUT)).startsWith("HTTP/1.1 200");
    assertThat(node.stop()).isZero();
  }

  /** The limit is one for the numbers of descriptors. */
  private int firstFreeDescriptor() {
    int number = 0;
    while (Files.exists(
        Path.of("/proc/" + node.handle().pid() + "/fd/" + number), LinkOption.NOFOLLOW_LINKS)) {
      number++;
    }
    return number;
  }

  private void limitDescriptors(int most) throws Exception {
    var prlimit =
        new ProcessBuilder(
                "prlimit", "--pid", Long.toString(node.handle().pid()), "--nofile=" + most + ":")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }
}
