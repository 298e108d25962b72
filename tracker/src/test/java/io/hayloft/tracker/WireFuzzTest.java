package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.hayloft.protocol.Request;
import io.hayloft.protocol.WireText;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Made-up lines from many clients at once. Each line has the answer that belongs to it, no more and
 * no less, whatever was said before and by whom; nothing that is said makes a command fail.
 *
 * <p>Longer with {@code -Dhayloft.fuzz.seconds=600}; another run of the same kind with {@code
 * -Dhayloft.fuzz.seed=…}. What was found once is kept in {@code src/test/resources/fuzz-corpus}: a
 * file is what one client sends, byte by byte.
 */
class WireFuzzTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz-corpus");
  private static final Duration LONGER =
      Duration.ofSeconds(Long.getLong("hayloft.fuzz.seconds", 0));
  private static final int CLIENTS = 16;
  private static final int LINES = 60;
  private static final int ROUNDS = 4;

  private static WireFixture tracker;

  @BeforeAll
  static void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
    tracker.store("d", "k", "12345");
  }

  @AfterAll
  static void stop() {
    tracker.close();
  }

  @Test
  @Timeout(value = 1, unit = java.util.concurrent.TimeUnit.DAYS)
  void everyLineHasTheAnswerThatBelongsToIt() {
    long seed = Long.getLong("hayloft.fuzz.seed", new Random().nextLong());
    var random = new Random(seed);
    long end = System.nanoTime() + LONGER.toNanos();
    int rounds = 0;
    try (var tasks = Tasks.virtual()) {
      do {
        rounds++;
        JqwikSession.run(
            () -> {
              var conversations =
                  IntStream.range(0, CLIENTS).mapToObj(i -> conversation(i, random)).toList();
              converse(conversations, tasks);
            });
      } while (rounds < ROUNDS || System.nanoTime() < end);
    } catch (AssertionError e) {
      throw new AssertionError("-Dhayloft.fuzz.seed=" + seed + ": " + e.getMessage(), e);
    }
  }

  @Test
  void whatWasFoundOnceIsAnswered() throws IOException {
    try (var files = Files.list(CORPUS)) {
      for (var file : files.sorted().toList()) {
        var bytes = new String(Files.readAllBytes(file), ISO_8859_1);
        try (var wire = tracker.connect()) {
          wire.send(bytes);
          var lines = bytes.split("\n", -1);
          for (int i = 0; i < lines.length - 1; i++) {
            check(lines[i].replaceAll("\r$", ""), wire);
          }
          wire.send("\nnoop callid=end\n");
          var last = wire.line();
          assertThat(last.equals("OK callid=end") ? last : wire.line())
              .as(file.toString())
              .isEqualTo("OK callid=end");
        }
      }
    }
  }

  /** Lines of one client; where a line can carry one, an id of its own. */
  private static List<String> conversation(int client, Random random) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < LINES; i++) {
      var line = FuzzedLines.next(random);
      lines.add(
          line.isEmpty() || line.startsWith("!")
              ? line
              : line + (line.contains(" ") ? "&" : " ") + "callid=" + client + "-" + i);
    }
    return lines;
  }

  private static void converse(List<List<String>> conversations, Tasks tasks) {
    try {
      tasks.forEach(conversations, conversations.size(), WireFuzzTest::converse);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("interrupted");
    }
  }

  /** Sends in pieces that have nothing to do with the lines. */
  private static boolean converse(List<String> lines) {
    var bytes = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      bytes.append(lines.get(i)).append(i % 3 == 0 ? "\n" : "\r\n");
    }
    try (var wire = tracker.connect();
        var tasks = Tasks.virtual()) {
      tasks.start(
          "sender",
          () -> {
            for (int at = 0; at < bytes.length(); ) {
              int piece = Math.min(bytes.length() - at, 1 + (at * 31 % 700));
              wire.send(bytes.substring(at, at + piece));
              at += piece;
            }
          });
      for (var line : lines) {
        try {
          check(line, wire);
        } catch (AssertionError e) {
          throw new AssertionError(WireText.escape(line) + ": " + e.getMessage(), e);
        }
      }
      assertThat(wire.ask("noop callid=end")).isEqualTo("OK callid=end");
    }
    return true;
  }

  private static void check(String line, Wire wire) {
    if (line.isEmpty()) {
      return;
    }
    if (line.matches("(?s)![^ \\t\\n\\x0b\\f\\r].*")) {
      for (var answer = wire.line(); !answer.equals("."); answer = wire.line()) {
        assertThat(answer).doesNotStartWith("OK ").doesNotStartWith("ERR ");
      }
      return;
    }
    var reply = wire.line();
    assertThat(reply).matches("OK [^\\s\\x00]*|ERR \\w+ [^\\s\\x00]+( [^\\s\\x00]*)?");
    var request = Request.parse(line);
    request
        .callid()
        .ifPresent(
            id -> assertThat(reply).matches("(?s).*(callid=| )\\Q" + WireText.escape(id) + "\\E"));
    if (reply.startsWith("ERR failure")) {
      assertThat(request.command()).as(reply).isEqualTo("test");
    }
  }
}
