package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.embedded.FreePorts;
import io.hayloft.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What only a tracker in a process of its own can show. */
class TrackerProcessTest {

  /** More than a tracker needs for itself, and fewer than the clients of the test. */
  private static final int DESCRIPTORS = 500;

  private static final int CLIENTS = 700;

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path directory;

  @BeforeEach
  void emptyDatabase() throws Exception {
    DATABASE.clear();
  }

  private Daemon tracker() {
    var address = FreePorts.nextOnLoopback();
    return new Daemon(
        "tracker",
        List.of("tracker"),
        Map.of(
            "HAYLOFT_LISTEN",
            "127.0.0.1:" + address.getPort(),
            "HAYLOFT_HTTP_LISTEN",
            "127.0.0.1:0",
            "HAYLOFT_DATABASE_URL",
            DATABASE.url(),
            "HAYLOFT_DATABASE_USER",
            DATABASE.user(),
            "HAYLOFT_DATABASE_PASSWORD",
            DATABASE.password(),
            "HAYLOFT_DATABASE_MIGRATE",
            "true"),
        address,
        directory.resolve("tracker.log"));
  }

  /** A connection and what is read of it. */
  private record Line(Socket socket, BufferedReader reader) implements AutoCloseable {

    static Line to(Daemon tracker) throws IOException {
      var socket = new Socket();
      socket.connect(tracker.address(), 5000);
      socket.setSoTimeout(20_000);
      return new Line(
          socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)));
    }

    void send(String line) throws IOException {
      socket.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
    }

    String read() throws IOException {
      return String.valueOf(reader.readLine());
    }

    String ask(String line) throws IOException {
      send(line);
      return read();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void watcherSeesWhatTheDaemonLogsWhileHisRequestsAreAnswered() throws IOException {
    try (var tracker = tracker().launch().awaitListening();
        var watcher = Line.to(tracker);
        var client = Line.to(tracker)) {
      assertThat(client.ask("test")).isEqualTo("OK ");
      assertThat(watcher.ask("!watch")).isEqualTo("Added you to watcher list.");
      assertThat(watcher.read()).isEqualTo(".");

      assertThat(client.ask("test crash=1")).startsWith("ERR failure ");

      assertThat(watcher.read())
          .startsWith(":: ")
          .contains("cannot answer test")
          .contains("a client asked for a failure");
      assertThat(watcher.ask("noop callid=7")).isEqualTo("OK callid=7");
    }
  }

  @Test
  void trackerWithoutFileDescriptorsServesWhoIsThereAndTakesOthersLater() throws IOException {
    try (var tracker = tracker().withDescriptors(DESCRIPTORS).launch().awaitListening();
        var first = Line.to(tracker)) {
      assertThat(first.ask("get_domains")).isEqualTo("OK domains=0");
      var crowd = new ArrayList<Socket>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          var socket = new Socket();
          socket.connect(tracker.address(), 5000);
          crowd.add(socket);
        }
        assertThat(isAnswered(crowd.getLast())).as("the last of too many").isFalse();
        assertThat(first.ask("noop")).isEqualTo("OK ");
        assertThat(first.ask("get_domains")).isEqualTo("OK domains=0");
      } finally {
        for (var socket : crowd) {
          socket.close();
        }
      }
      Awaitility.await("clients are taken again")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(
              () -> {
                try (var next = Line.to(tracker)) {
                  return next.ask("get_domains").equals("OK domains=0");
                }
              });
      assertThat(first.ask("noop")).isEqualTo("OK ");
      assertThat(tracker.isAlive()).isTrue();
    }
  }

  private static boolean isAnswered(Socket socket) throws IOException {
    socket.setSoTimeout(2000);
    socket.getOutputStream().write("noop\n".getBytes(ISO_8859_1));
    try {
      return socket.getInputStream().read() > 0;
    } catch (SocketTimeoutException | SocketException notTaken) {
      return false;
    }
  }
}
