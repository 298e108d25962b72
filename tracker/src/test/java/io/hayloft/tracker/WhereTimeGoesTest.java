package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a tracker can say of the time of its requests and statements. */
@Timeout(60)
class WhereTimeGoesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static WireFixture tracker;

  @BeforeAll
  static void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.addHost(1);
    tracker.ok("create_domain domain=d");
  }

  @AfterAll
  static void stop() {
    tracker.close();
  }

  private static List<String> times() {
    var lines = new ArrayList<String>();
    try (var wire = tracker.connect()) {
      wire.send("!times\n");
      for (var line = wire.line(); !line.equals("."); line = wire.line()) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static String line(String kind, String name) {
    return times().stream()
        .filter(line -> line.startsWith(kind + " ") && line.contains(" " + name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  @Test
  void aCommandsTimeIsItsOwnAndWhatItWaitedForTheDatabase() {
    tracker.ask("list_keys domain=d");
    tracker.ask("list_keys domain=d");
    var words = line("command", "list_keys").split(" ");

    assertThat(words[1]).isEqualTo("2");
    double seconds = Double.parseDouble(words[2]);
    double own = Double.parseDouble(words[3]);
    double database = Double.parseDouble(words[4]);
    assertThat(own).isPositive();
    assertThat(database).isPositive();
    assertThat(own + database).isBetween(seconds - 0.000_01, seconds + 0.000_01);
  }

  @Test
  void aCommandAnsweredInPassingWaitsForNobody() {
    tracker.ok("noop");

    assertThat(line("command", "noop")).endsWith(" 0.000000 0.000000 0.000000 noop");
  }

  @Test
  void aStatementForManyRowsIsOneByItsText() {
    tracker.ok("create_open domain=d");

    assertThat(line("statement", "hayloft INSERT INTO tempfile")).doesNotContain("?, ?), (?, ?)");
  }

  @Test
  void requestsAndStatementsAreSeenByTheFlightRecorder(@TempDir Path directory) throws Exception {
    var file = directory.resolve("all.jfr");
    try (var recording = new Recording()) {
      recording.enable("hayloft.Request");
      recording.enable("hayloft.Statement");
      recording.start();
      tracker.ask("file_info domain=d&key=none");
      recording.stop();
      recording.dump(file);
    }
    var events = RecordingFile.readAllEvents(file);

    assertThat(events)
        .anySatisfy(
            event -> {
              assertThat(event.getEventType().getName()).isEqualTo("hayloft.Request");
              assertThat(event.getString("command")).isEqualTo("file_info");
              assertThat(event.getString("outcome")).isEqualTo("unknown_key");
              assertThat(event.getDuration("database")).isPositive();
            })
        .anySatisfy(
            event -> {
              assertThat(event.getEventType().getName()).isEqualTo("hayloft.Statement");
              assertThat(event.getString("statement")).contains("file");
            });
  }
}
