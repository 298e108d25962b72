package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients that ask for much and read nothing, that send without end, that are very many: they make
 * the tracker hold little, and the others are answered meanwhile.
 */
@Timeout(180)
class OverloadTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** Clients give up after 3 s; these tests share two cores with whatever else runs. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final int KEYS = 1000;
  private static final long MEGABYTE = 1 << 20;

  private static WireFixture tracker;

  @BeforeAll
  static void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
    try (var connection = DATABASE.connect();
        var insert =
            connection.prepareStatement(
                "INSERT INTO file (fid, dmid, dkey, length, classid, devcount)"
                    + " VALUES (?, 1, ?, 1, 0, 1)")) {
      for (int i = 1; i <= KEYS; i++) {
        insert.setInt(1, i);
        insert.setBytes(2, (String.format("%05d", i) + "\u00ff".repeat(250)).getBytes(ISO_8859_1));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  @AfterAll
  static void stop() {
    tracker.close();
  }

  /** Used, after garbage was collected. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** The longest that another client waits for one of its answers. */
  private static Duration longestWait() {
    long longest = 0;
    try (var wire = tracker.connect()) {
      for (int i = 0; i < 200; i++) {
        long asked = System.nanoTime();
        assertThat(wire.ask("get_domains callid=" + i)).endsWith("&callid=" + i);
        longest = Math.max(longest, System.nanoTime() - asked);
      }
    }
    return Duration.ofNanos(longest);
  }

  @Test
  void clientsThatNeverReadCostNoMoreThanAReplyEach() throws IOException {
    int clients = 24;
    long before = heap();
    var slow = new ArrayList<Socket>();
    try {
      for (int i = 0; i < clients; i++) {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), tracker.port()));
        slow.add(socket);
        socket.getOutputStream().write("list_keys domain=d\n".repeat(500).getBytes(ISO_8859_1));
      }
      var wait = longestWait();
      long grown = heap() - before;

      // All that was asked for is 9 GB; a reply is three quarters of a MB.
      assertThat(grown).as("bytes held").isLessThan(MEGABYTE * 3 * clients);
      assertThat(wait).isLessThan(PATIENCE);
    } finally {
      for (var socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void tenMegabytesOfRequestsAtOnceAreAnsweredInOrderAndStarveNobody() throws Exception {
    int requests = 10_000;
    var filling = "x".repeat(1024);
    long before = heap();
    try (var tasks = Tasks.virtual();
        var wire = tracker.connect()) {
      tasks.start(
          "sender",
          () -> {
            for (int i = 0; i < requests; i++) {
              wire.send("test x=" + filling + "&callid=" + i + "\n");
            }
          });
      var wait = longestWait();
      long grown = heap() - before;
      for (int i = 0; i < requests; i++) {
        assertThat(wire.line()).isEqualTo("OK callid=" + i);
      }

      assertThat(grown).as("bytes held").isLessThan(MEGABYTE * 16);
      assertThat(wait).isLessThan(PATIENCE);
    }
  }

  @Test
  void fiveThousandClientsAreAnsweredAndCostLittle() throws IOException {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
    // Both ends of each connection are in this process.
    int clients = (int) Math.min(5000, free / 2 - 200);
    long before = heap();
    var channels = new ArrayList<SocketChannel>();
    try {
      for (int i = 0; i < clients; i++) {
        channels.add(
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), tracker.port())));
      }
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < clients; i++) {
          write(channels.get(i), "noop callid=" + i + "\n");
        }
        for (int i = 0; i < clients; i++) {
          assertThat(readLine(channels.get(i))).isEqualTo("OK callid=" + i + "\r\n");
        }
      }
      assertThat((heap() - before) / clients).as("bytes for each").isLessThan(8 << 10);
      assertThat(longestWait()).isLessThan(PATIENCE);
    } finally {
      for (var channel : channels) {
        channel.close();
      }
    }
    Awaitility.await().until(() -> tracker.ask("noop").equals("OK "));
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static String readLine(SocketChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(100);
    while (bytes.position() == 0 || bytes.get(bytes.position() - 1) != '\n') {
      assertThat(channel.read(bytes)).isPositive();
    }
    return new String(bytes.array(), 0, bytes.position(), ISO_8859_1);
  }
}
