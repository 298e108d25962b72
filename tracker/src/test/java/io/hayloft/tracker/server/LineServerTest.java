package io.hayloft.tracker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The socket and nothing behind it: framing, order, and clients that do not behave. */
@Timeout(30)
class LineServerTest {

  private static final int MOST_CLIENTS = 20;
  private static final long MOST_UNREAD = 100L << 20;
  private static final long MOST_UNFINISHED = 3L << 20;

  private final Service service = new Service();
  private final LineConnectionFactory factory =
      new LineConnectionFactory(
          service,
          new TrackerServer.Limits(
              MOST_CLIENTS, Duration.ofMillis(300), MOST_UNREAD, MOST_UNFINISHED));
  private final Server server = new Server();
  private final LineConnector connector = new LineConnector(server, factory);

  /** Echoes; {@code hold} is answered when the test says so, {@code big N} with so many bytes. */
  private static final class Service implements LineService {

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Queue<Consumer<String>> held = new ConcurrentLinkedQueue<>();
    private final Queue<Visitor> gone = new ConcurrentLinkedQueue<>();
    private final Queue<Visitor> came = new ConcurrentLinkedQueue<>();

    @Override
    public void serve(String line, Visitor visitor, Consumer<String> answer) {
      seen.add(line);
      came.add(visitor);
      if (line.startsWith("hold")) {
        held.add(answer);
      } else if (line.startsWith("big ")) {
        answer.accept("x".repeat(Integer.parseInt(line.substring(4))) + "\r\n");
      } else {
        answer.accept("<" + line + ">\r\n");
      }
    }

    @Override
    public String refuseLongLine() {
      return "too long\r\n";
    }

    @Override
    public String refuseVisitor() {
      return "too many\r\n";
    }

    @Override
    public void left(Visitor visitor) {
      gone.add(visitor);
    }
  }

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  private static String read(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  @Test
  void bothLineEndsAreTakenAndCrLfIsAlwaysSent() throws IOException {
    try (var socket = connect()) {
      send(socket, "a\nb\r\n");

      assertThat(read(socket, 10)).isEqualTo("<a>\r\n<b>\r\n");
    }
  }

  @Test
  void emptyLinesAreNotAnswered() throws IOException {
    try (var socket = connect()) {
      send(socket, "\n\r\n\na\n");

      assertThat(read(socket, 5)).isEqualTo("<a>\r\n");
      assertThat(service.seen).containsExactly("a");
    }
  }

  @Test
  void manyLinesInOnePacketAreAnsweredInOrder() throws IOException {
    var expected = new StringBuilder();
    var sent = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      sent.append(i).append('\n');
      expected.append('<').append(i).append(">\r\n");
    }
    try (var socket = connect()) {
      send(socket, sent.toString());

      assertThat(read(socket, expected.length())).isEqualTo(expected.toString());
    }
  }

  @Test
  void answersToLinesThatCameTogetherLeaveTogether() throws IOException {
    try (var socket = connect()) {
      send(socket, "abcdefg\n".repeat(50));
      var bytes = new byte[1000];

      assertThat(socket.getInputStream().read(bytes)).isEqualTo(50 * 11);
    }
  }

  @Test
  void anAnswerDoesNotWaitForThatOfTheNextLine() throws IOException {
    try (var socket = connect()) {
      send(socket, "a\nb\nhold\nc\n");

      assertThat(read(socket, 10)).isEqualTo("<a>\r\n<b>\r\n");
      await().until(() -> service.held.size() == 1);
      service.held.remove().accept("<held>\r\n");
      assertThat(read(socket, 13)).isEqualTo("<held>\r\n<c>\r\n");
    }
  }

  @Test
  void aClientThatEndsItsSideStillGetsItsAnswer() throws IOException {
    try (var socket = connect()) {
      send(socket, "hold\nb\n");
      await().until(() -> service.held.size() == 1);
      socket.shutdownOutput();
      service.held.remove().accept("<held>\r\n");

      assertThat(rest(socket)).isEqualTo("<held>\r\n<b>\r\n");
    }
  }

  @Test
  void aLineIsNotLookedAtBeforeTheOneBeforeItIsAnswered() throws IOException {
    try (var socket = connect()) {
      send(socket, "hold\nb\n");
      await().until(() -> service.held.size() == 1);
      assertThat(service.seen).containsExactly("hold");

      service.held.remove().accept("<hold>\r\n");

      assertThat(read(socket, 13)).isEqualTo("<hold>\r\n<b>\r\n");
    }
  }

  @Test
  void clientThatHasSaidAllIsStillAnswered() throws IOException {
    try (var socket = connect()) {
      send(socket, "hold\nlast\nQUIT");
      socket.shutdownOutput();
      await().until(() -> service.held.size() == 1);
      service.held.remove().accept("<hold>\r\n");

      assertThat(rest(socket)).isEqualTo("<hold>\r\n<last>\r\n");
    }
  }

  @Test
  void answerToAClientThatIsGoneIsDropped() throws IOException {
    try (var socket = connect()) {
      send(socket, "hold\n");
      await().until(() -> service.held.size() == 1);
      socket.setSoLinger(true, 0);
    }
    service.held.remove().accept("<hold>\r\n");

    try (var other = connect()) {
      send(other, "still here\n");
      assertThat(read(other, 14)).isEqualTo("<still here>\r\n");
    }
    await().until(() -> factory.connections() == 0);
  }

  @Test
  void longestLineIsServedAndALongerOneIsRefused() throws IOException {
    try (var socket = connect()) {
      send(socket, "y".repeat(LineConnection.LONGEST_LINE - 2) + "\r\n");
      assertThat(read(socket, LineConnection.LONGEST_LINE + 2))
          .startsWith("<yyy")
          .endsWith(">\r\n");
    }
    try (var socket = connect()) {
      send(socket, "z".repeat(LineConnection.LONGEST_LINE + 1));

      assertThat(rest(socket)).isEqualTo("too long\r\n");
    }
  }

  @Test
  void twoMegabytesWithoutAnEndAreNotKept() throws IOException {
    try (var socket = connect()) {
      sendUnlessRefused(socket, "z".repeat(2 << 20));
      await().until(() -> factory.connections() == 0);
    }
  }

  @Test
  void clientThatDoesNotReadIsLetGo() throws IOException {
    try (var socket = connect()) {
      send(socket, "big 20000000\nnext\n");

      await().until(() -> factory.connections() == 0);
      assertThat(service.seen).containsExactly("big 20000000");
    }
  }

  @Test
  void clientThatReadsSlowlyIsServed() throws IOException {
    try (var socket = connect()) {
      send(socket, "big 9000000\nnext\n");

      int left = 9_000_002;
      while (left > 0) {
        int count = Math.min(left, 200_000);
        assertThat(read(socket, count)).hasSize(count);
        left -= count;
      }
      assertThat(read(socket, 8)).isEqualTo("<next>\r\n");
    }
  }

  @Test
  void clientThatOnceLeftSomethingUnreadMayBeSilentAfterwards() throws IOException {
    try (var socket = connect()) {
      send(socket, "big 20000000\n");
      assertThat(read(socket, 20_000_002)).endsWith("x\r\n");

      socket.setSoTimeout(1000);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      socket.setSoTimeout(10_000);
      send(socket, "b\n");
      assertThat(read(socket, 5)).isEqualTo("<b>\r\n");
    }
  }

  @Test
  void clientThatNeverStopsAskingKeepsNobodyWaiting() throws IOException {
    try (var tasks = Tasks.virtual();
        var flood = connect();
        var other = connect()) {
      tasks.start("flood", () -> sendUnlessRefused(flood, "a\n\nb\n".repeat(1 << 18)));
      var reader = tasks.start("reader", () -> readAll(flood));
      await().until(() -> service.seen.size() > 10_000);

      for (int i = 0; i < 50; i++) {
        long asked = System.nanoTime();
        send(other, i + "\n");
        assertThat(read(other, 4 + Integer.toString(i).length())).isEqualTo("<" + i + ">\r\n");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
      }
      assertThat(reader.isRunning()).as("the flood goes on").isTrue();
    }
  }

  private static void readAll(Socket socket) {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException closedAtTheEnd) {
      // The test is over.
    }
  }

  @Test
  void clientThatAsksNothingStays() throws IOException {
    try (var socket = connect()) {
      send(socket, "a\n");
      assertThat(read(socket, 5)).isEqualTo("<a>\r\n");
      socket.setSoTimeout(1000);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      socket.setSoTimeout(10_000);
      send(socket, "b\n");
      assertThat(read(socket, 5)).isEqualTo("<b>\r\n");
    }
  }

  @Test
  void clientsBeyondTheLimitAreTurnedAway() throws IOException {
    var sockets = new ConcurrentLinkedQueue<Socket>();
    try {
      for (int i = 0; i < MOST_CLIENTS; i++) {
        sockets.add(connect());
      }
      await().until(() -> factory.connections() == MOST_CLIENTS);
      try (var extra = connect()) {
        assertThat(rest(extra)).isEqualTo("too many\r\n");
      }
      sockets.remove().close();
      await().until(() -> factory.connections() == MOST_CLIENTS - 1);
      try (var next = connect()) {
        send(next, "a\n");
        assertThat(read(next, 5)).isEqualTo("<a>\r\n");
      }
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void newsComeBetweenAnswers() throws IOException {
    try (var socket = connect()) {
      send(socket, "a\n");
      assertThat(read(socket, 5)).isEqualTo("<a>\r\n");

      service.came.element().tell(":: something");
      assertThat(read(socket, 14)).isEqualTo(":: something\r\n");

      send(socket, "b\n");
      assertThat(read(socket, 5)).isEqualTo("<b>\r\n");
    }
    await().until(() -> service.gone.size() == 1);
  }

  @Test
  void watcherWhoDoesNotReadMissesNewsAndCostsLittle() throws IOException {
    try (var socket = connect()) {
      send(socket, "a\n");
      assertThat(read(socket, 5)).isEqualTo("<a>\r\n");
      var watcher = service.came.element();
      var news = ":: " + "x".repeat(1000);
      long before = heap();

      for (int i = 0; i < 100_000; i++) {
        watcher.tell(news);
      }

      assertThat(heap() - before).isLessThan(8L << 20);
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void bytesOfAnyKindAreHandedOnAsTheyAre() throws IOException {
    try (var socket = connect()) {
      socket.getOutputStream().write(new byte[] {0, (byte) 0xff, 7, (byte) 0xc3, '\n'});

      assertThat(read(socket, 8)).isEqualTo("<\u0000\u00ff\u0007\u00c3>\r\n");
    }
    assertThat(List.copyOf(service.seen)).containsExactly("\u0000\u00ff\u0007\u00c3");
  }

  @Test
  void linesWithoutEndsAreKeptUpToABoundForAllClients() throws IOException {
    var sockets = new ConcurrentLinkedQueue<Socket>();
    try {
      for (int i = 0; i < 8; i++) {
        var socket = connect();
        sockets.add(socket);
        sendUnlessRefused(socket, "z".repeat(900_000));
      }

      // What fits three times into the bound, with room to grow, was kept for a client or three.
      await().until(() -> factory.connections() <= 3);
      assertThat(factory.connections()).isPositive();
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  private static void sendUnlessRefused(Socket socket, String bytes) {
    try {
      send(socket, bytes);
    } catch (IOException refusedBeforeAllWasSent) {
      // The other side has closed by then.
    }
  }
}
