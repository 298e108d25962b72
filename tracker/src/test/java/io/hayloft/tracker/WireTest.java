package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.WireText;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Framing, odd keys, odd values, and many clients at once, through all of the tracker. */
class WireTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void fiftyLinesInOnePacketAreAnsweredInOrder() {
    try (var wire = tracker.connect()) {
      var sent = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        var command = i % 3 == 0 ? "noop" : i % 3 == 1 ? "test" : "get_domains";
        sent.append(command).append(" callid=").append(i).append(i % 2 == 0 ? "\n" : "\r\n");
      }
      wire.send(sent.toString());
      for (int i = 0; i < 50; i++) {
        assertThat(wire.line()).endsWith("callid=" + i);
      }
    }
  }

  static List<String> oddKeys() {
    return List.of(
        "0",
        "per%cent",
        "under_score",
        "back\\slash",
        "quote'\"",
        "a+b",
        "a=b&c",
        " blank ",
        "line\r\nend",
        "nul\0",
        "\u00c3\u00a9",
        "\u00e9\u00ff\u0080",
        "_big_pre:x",
        "/",
        "K",
        "x".repeat(255));
  }

  @ParameterizedTest
  @MethodSource("oddKeys")
  void keysAreBytes(String key) {
    var wire = WireText.escape(key);
    tracker.store("d", wire, "12345");
    tracker.store("d", "other" + (key.length() > 200 ? "" : wire), "x");

    assertThat(tracker.ok("file_info domain=d&key=" + wire)).containsEntry("key", key);
    assertThat(tracker.ask("list_keys domain=d&prefix=" + wire))
        .isEqualTo("OK key_count=1&key_1=" + wire + "&next_after=" + wire);
    assertThat(tracker.ask("rename domain=d&to_key=renamed&from_key=" + wire)).isEqualTo("OK ");
    assertThat(tracker.ask("rename domain=d&from_key=renamed&to_key=" + wire)).isEqualTo("OK ");
    assertThat(tracker.ask("delete domain=d&key=" + wire)).isEqualTo("OK ");
    assertThat(tracker.ask("get_paths domain=d&key=" + wire)).startsWith("ERR unknown_key");
  }

  @Test
  void pagesOfAListNeitherLoseNorRepeatKeys() {
    var keys = new ArrayList<String>();
    for (int i = 0; i < 250; i++) {
      keys.add((i % 2 == 0 ? "k" : "K") + i);
    }
    keys.forEach(key -> tracker.store("d", key, "x"));
    Collections.sort(keys);

    var listed = new ArrayList<String>();
    var after = "";
    while (true) {
      var reply = tracker.ask("list_keys domain=d&limit=100&after=" + after);
      if (reply.startsWith("ERR none_match")) {
        break;
      }
      var page = tracker.ok("list_keys domain=d&limit=100&after=" + after);
      int count = Integer.parseInt(WireFixture.value(page, "key_count"));
      for (int i = 1; i <= count; i++) {
        listed.add(WireFixture.value(page, "key_" + i));
      }
      after = WireFixture.value(page, "next_after");
    }

    assertThat(listed).isEqualTo(keys);
  }

  @Test
  void ofManyClosesOfOneUploadExactlyOneSucceeds() throws InterruptedException {
    var open = tracker.ok("create_open domain=d&key=k");
    var path = WireFixture.value(open, "path");
    tracker.nodes().put(path.substring(path.indexOf("/dev")), new byte[5]);
    var line =
        "create_close domain=d&key=k&fid=%s&devid=1&path=%s".formatted(open.get("fid"), path);
    int clients = 32;
    var barrier = new CyclicBarrier(clients);
    List<String> replies;
    try (var tasks = Tasks.virtual()) {
      replies =
          tasks.forEach(
              IntStream.range(0, clients).boxed().toList(),
              clients,
              i -> {
                try (var wire = tracker.connect()) {
                  barrier.await();
                  return wire.ask(line);
                } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    assertThat(replies).filteredOn("OK "::equals).hasSize(1);
    assertThat(replies)
        .filteredOn("ERR no_temp_file No+tempfile+or+file+already+closed"::equals)
        .hasSize(clients - 1);
    assertThat(tracker.ok("file_info domain=d&key=k")).containsEntry("devcount", "1");
  }

  @Test
  void ofManyUploadsOfOneKeyTheLastCloseStaysAndTheOthersAreQueued() throws InterruptedException {
    int uploads = 24;
    try (var tasks = Tasks.virtual()) {
      tasks.forEach(
          IntStream.range(0, uploads).boxed().toList(),
          uploads,
          i -> {
            try (var wire = tracker.connect()) {
              var open = io.hayloft.protocol.Reply.parse(wire.ask("create_open domain=d&key=k"));
              var pairs = ((io.hayloft.protocol.Reply.Ok) open).values();
              var path = WireFixture.value(pairs, "path");
              tracker.nodes().put(path.substring(path.indexOf("/dev")), new byte[5]);
              assertThat(
                      wire.ask(
                          "create_close domain=d&key=k&fid=%s&devid=1&path=%s"
                              .formatted(pairs.get("fid"), path)))
                  .isEqualTo("OK ");
              return true;
            }
          });
    }

    var winner = Long.parseLong(WireFixture.value(tracker.ok("file_info domain=d&key=k"), "fid"));
    for (long fid = 1; fid <= uploads; fid++) {
      var debug = tracker.ok("file_debug fid=" + fid);
      assertThat(debug.containsKey("fid_fid")).isEqualTo(fid == winner);
      assertThat(debug.containsKey("delqueue_fid")).isEqualTo(fid != winner);
    }
  }

  @Test
  void whatAnotherTrackerHasMadeIsKnownAtOnce() {
    tracker.stores().registry().createDomain("elsewhere");
    int before = tracker.cluster().rereads();

    assertThat(tracker.ask("create_open domain=elsewhere")).startsWith("OK fid=");
    assertThat(tracker.cluster().rereads()).isEqualTo(before + 1);
    assertThat(tracker.ask("create_open domain=elsewhere")).startsWith("OK fid=");
    assertThat(tracker.cluster().rereads()).isEqualTo(before + 1);
  }

  @Test
  void missReadsTheDatabaseOnce() {
    int before = tracker.cluster().rereads();

    assertThat(tracker.ask("create_open domain=d&class=nope")).startsWith("ERR unreg_class");

    assertThat(tracker.cluster().rereads()).isEqualTo(before + 1);
  }
}
