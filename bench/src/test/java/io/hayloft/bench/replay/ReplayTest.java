package io.hayloft.bench.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.OpenLoop;
import io.hayloft.bench.loop.ScriptedServer;
import io.hayloft.bench.loop.Tally;
import io.hayloft.runtime.time.Time;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ReplayTest {

  private static final Replay.Target TARGET = new Replay.Target("d", "c");

  private static String node(String line) {
    return line.startsWith("GET")
        ? "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + "x".repeat(90_000)
        : "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
  }

  private static Log log(String... lines) throws Exception {
    var text = String.join("\n", lines).getBytes(ISO_8859_1);
    return Log.read(new ByteArrayInputStream(text), new Log.Bounds(1000, 0, 7, 100));
  }

  /** Knows every file but "none"; is busy with "busy", and cannot do "broken". */
  private static UnaryOperator<String> tracker(ScriptedServer node) {
    var url = "http%3A%2F%2F127.0.0.1%3A" + node.address().getPort() + "%2Fdev1%2Ff.fid";
    return line -> {
      if (line.contains("key=none")) {
        return "ERR unknown_key unknown_key\r\n";
      } else if (line.contains("key=busy")) {
        return "ERR busy Too+much\r\n";
      } else if (line.contains("key=broken")) {
        return "ERR db Database+error\r\n";
      }
      return switch (line.substring(0, line.indexOf(' '))) {
        case "get_paths" -> "OK paths=1&path1=" + url + "\r\n";
        case "create_open" -> "OK fid=1&devid=1&path=" + url + "\r\n";
        default -> "OK \r\n";
      };
    };
  }

  private record Played(Tally tally, Replay replay, List<String> asked, List<String> ofNode) {}

  private static Played play(double speed, String... lines) throws Exception {
    var tally = new Tally(Method.ALL.size());
    try (var node = new ScriptedServer(ReplayTest::node);
        var server = new ScriptedServer(tracker(node));
        var loop =
            OpenLoop.open(
                new OpenLoop.Crowd(server.address(), 1, Duration.ofMinutes(1)), Time.system())) {
      var replay = new Replay(log(lines), speed, TARGET, ByteBuffer.allocate(100), 1);
      loop.run(replay, replay, tally);
      return new Played(
          tally, replay, List.copyOf(server.requests()), List.copyOf(node.requests()));
    }
  }

  @Test
  void accessesBecomeWhatAClientWouldAsk() throws Exception {
    var played = play(1, "0 PUT a%2Fb 50", "0 GET a%2Fb 50", "0 HEAD a%2Fb -", "0 DELETE a%2Fb -");

    assertThat(played.asked())
        .hasSize(5)
        .startsWith("create_open domain=d&key=a%2Fb&class=c")
        .contains("get_paths noverify=1&domain=d&key=a%2Fb", "file_info domain=d&key=a%2Fb")
        .endsWith("delete domain=d&key=a%2Fb");
    assertThat(played.asked().get(1))
        .startsWith("create_close domain=d&key=a%2Fb&fid=1&devid=1&size=50&path=http%3A");
    assertThat(played.ofNode())
        .containsExactly("PUT /dev1/f.fid HTTP/1.1 50", "GET /dev1/f.fid HTTP/1.1 0");
    assertThat(played.tally().count(Ending.SERVED)).isEqualTo(4);
    // Of a long answer the bytes are counted, not kept.
    assertThat(played.replay().bytesRead()).isEqualTo(90_000);
    assertThat(played.replay().bytesStored()).isEqualTo(50);
  }

  @Test
  void endingsAreToldApart() throws Exception {
    var played =
        play(
            1, "0 GET busy 1", "0 GET broken 1", "0 GET none 1", "0 GET none missing", "0 GET k 1");

    assertThat(played.tally().count(Ending.REFUSED)).isEqualTo(1);
    assertThat(played.tally().count(Ending.FAILED)).isEqualTo(1);
    assertThat(played.tally().count(Ending.SERVED)).isEqualTo(3);
    assertThat(played.replay().missing()).isEqualTo(1);
    assertThat(played.replay().errors()).isEqualTo(Map.of("ERR db", 1L));
  }

  @Test
  void speedShortensWhatLiesBetween() throws Exception {
    long begun = Time.system().nanoTime();
    var played = play(200, "5 GET a 1", "25 GET a 1", "65 GET a 1");

    assertThat(Time.system().since(begun))
        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(30));
    assertThat(played.tally().count(Ending.SERVED)).isEqualTo(3);
  }

  @Test
  void nodeThatCannotBeReachedIsNoWrongAnswer() throws Exception {
    var tally = new Tally(Method.ALL.size());
    try (var node = closed();
        var server = new ScriptedServer(tracker(node));
        var loop =
            OpenLoop.open(
                new OpenLoop.Crowd(server.address(), 1, Duration.ofMinutes(1)), Time.system())) {
      var replay = new Replay(log("0 GET a 1", "0 HEAD a 1"), 1, TARGET, ByteBuffer.allocate(9), 1);
      loop.run(replay, replay, tally);
    }

    assertThat(tally.count(Ending.LOST)).isEqualTo(1);
    assertThat(tally.count(Ending.SERVED)).isEqualTo(1);
  }

  private static ScriptedServer closed() throws IOException {
    var node = new ScriptedServer(ReplayTest::node);
    node.close();
    return node;
  }

  @Test
  void whatIsTakenForGrantedIsUploaded() throws Exception {
    try (var node = new ScriptedServer(ReplayTest::node);
        var server = new ScriptedServer(tracker(node));
        var loop = ClosedLoop.open(server.address(), 2, Time.system())) {
      var files = List.copyOf(Map.of("a", 10, "b", 0, "c d", 30).entrySet());
      var filling = new Filling(files, TARGET, ByteBuffer.allocate(100), 2);
      loop.run(filling, Duration.ofMinutes(1));

      assertThat(filling.isOver()).isTrue();
      assertThat(server.requests()).hasSize(6);
      assertThat(String.join("\n", server.requests()))
          .contains("create_open domain=d&class=c&key=c+d")
          .contains("&size=30&path=")
          .contains("&size=0&path=");
      assertThat(node.requests())
          .containsExactlyInAnyOrder(
              "PUT /dev1/f.fid HTTP/1.1 10",
              "PUT /dev1/f.fid HTTP/1.1 0",
              "PUT /dev1/f.fid HTTP/1.1 30");
    }
  }
}
