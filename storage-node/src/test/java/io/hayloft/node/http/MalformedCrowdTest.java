package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.Complaints;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is malformed is answered on one thread while another still reads the same connection. Among
 * many of them nobody else's request may be touched: buffers go from one connection to the next.
 * {@code -Dhayloft.malformed.rounds=3000} asks for longer, until it is met almost surely.
 */
class MalformedCrowdTest {

  private static final int CLIENTS = 8;
  private static final int ROUNDS = Integer.getInteger("hayloft.malformed.rounds", 1000);

  private static final String GET = "GET /dev1/none HTTP/1.1\r\nHost: node\r\n";

  private static final List<byte[]> MALFORMED =
      Stream.of(
              GET.replace("HTTP/1.1", "HTTX/1.1.1") + "\r\nhello\r\n\r\n",
              GET + "no colon at all\r\n\r\n" + GET,
              GET + "\r\n" + GET.replace("GET", "G@T") + "\r\n" + GET + "\r\n")
          .map(text -> text.getBytes(ISO_8859_1))
          .toList();

  @TempDir private Path docroot;

  @Test
  void othersAreAnsweredAsIfNothingWere() throws Exception {
    var complaints = Complaints.listen();
    try (var node = TestNode.on(docroot.resolve("a"), Way.FAST);
        var threads = Executors.newFixedThreadPool(CLIENTS)) {
      var clients = new ArrayList<Callable<Boolean>>();
      for (int client = 0; client < CLIENTS; client++) {
        clients.add(() -> askInTurns(node));
      }
      for (var each : threads.invokeAll(clients)) {
        assertThat(each.get()).isTrue();
      }
      complaints.assertNone();
    } finally {
      complaints.end();
    }
  }

  private static boolean askInTurns(TestNode node) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      sendMalformed(node, MALFORMED.get(round % MALFORMED.size()));
      assertThat(node.get("/-/live").text()).isEqualTo("live\n");
    }
    return true;
  }

  private static void sendMalformed(TestNode node, byte[] bytes) throws IOException {
    try (var http = node.connect()) {
      http.send(bytes);
      http.socket().shutdownOutput();
      assertThat(http.in().readAllBytes()).isNotEmpty();
    } catch (SocketException reset) {
      // The node had not read all when it closed.
    }
  }
}
