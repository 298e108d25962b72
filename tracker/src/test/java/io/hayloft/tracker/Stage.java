package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.Transcript.Scene;
import io.hayloft.tracker.Transcript.Turn;
import io.hayloft.tracker.model.Reach;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plays a scene of a {@link Transcript}; every reply is one that {@link ClientReaders} can read.
 * What a {@code $} line may say:
 *
 * <pre>
 *   host N                     host hN, 10.0.0.N, with device N: both alive, 900 of 1000 MB free
 *   device H N                 a further device N of host hH
 *   store DOMAIN KEY BYTES [MORE]   an upload, with MORE arguments at its beginning
 *   put PATH [BYTES]           bytes on a node, of an upload that is open
 *   remove DEVICE FID          bytes are gone
 *   move DEVICE FID TO         bytes become those of another fid
 *   refuse DEVICE              its node refuses connections
 *   undigested DEVICE          its node cannot say the digest of a file
 *   see DEVICE REACH UTILIZATION    what the monitor sees from now on
 *   woken JOB ...              the jobs that were woken until now
 *   sql STATEMENT              somebody else changes the database
 *   closed / open              before and after the first round of the monitor
 *   plugins NAME ...           a tracker that has these, as the first line
 *   a request                  that must succeed
 * </pre>
 */
final class Stage {

  private final TestDatabase database;
  private final WireFixture tracker;
  private final Wire wire;

  private Stage(TestDatabase database, WireFixture tracker, Wire wire) {
    this.database = database;
    this.tracker = tracker;
    this.wire = wire;
  }

  static void play(Scene scene, TestDatabase database) throws SQLException {
    try (var tracker = tracker(scene, database);
        var wire = tracker.connect()) {
      var stage = new Stage(database, tracker, wire);
      var actual = new ArrayList<Turn>();
      for (var turn : scene.turns()) {
        actual.add(new Turn(turn.kind(), turn.text(), stage.take(turn)));
      }
      assertThat(new Scene(scene.file(), scene.name(), actual).text()).isEqualTo(scene.text());
      assertThat(wire.ask("noop callid=end")).as("in step at the end").isEqualTo("OK callid=end");
    }
  }

  /** What a scene says first may be about the tracker that it needs. */
  private static WireFixture tracker(Scene scene, TestDatabase database) throws SQLException {
    var first = scene.turns().getFirst().text();
    if (first.equals("closed")) {
      return WireFixture.beforeTheFirstRound(database);
    }
    return first.startsWith("plugins ")
        ? WireFixture.start(database, List.of(first.substring(8).split(" ")))
        : WireFixture.start(database);
  }

  private List<String> take(Turn turn) throws SQLException {
    return switch (turn.kind()) {
      case DO -> {
        prepare(turn.text());
        yield List.of();
      }
      case SAY -> whereAsExpected(turn.expected(), say(turn));
      case QUERY -> whereAsExpected(turn.expected(), rows(turn.text()));
    };
  }

  /** Expressions stand for what matches them, so that a difference is shown where there is one. */
  private static List<String> whereAsExpected(List<String> expected, List<String> actual) {
    var shown = new ArrayList<String>();
    for (int i = 0; i < actual.size(); i++) {
      boolean fits = i < expected.size() && Transcript.isAsExpected(expected.get(i), actual.get(i));
      shown.add(fits ? expected.get(i) : actual.get(i).replaceAll(" $", "\\\\s"));
    }
    return shown;
  }

  private List<String> say(Turn turn) {
    var line = Transcript.bytes(turn.text());
    if (line.matches("(?s)!\\S.*")) {
      var answer = new ArrayList<>(wire.console(line));
      answer.add(".");
      return answer;
    }
    wire.send(line + "\r\n");
    if (turn.expected().isEmpty()) {
      return List.of();
    }
    var reply = wire.line();
    ClientReaders.readByAll(reply + "\r\n");
    return List.of(reply);
  }

  private List<String> rows(String query) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var found = statement.executeQuery(query)) {
      int columns = found.getMetaData().getColumnCount();
      var rows = new ArrayList<String>();
      while (found.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= columns; i++) {
          var value = found.getString(i);
          row.add(value == null ? "NULL" : value);
        }
        rows.add(String.join(" | ", row));
      }
      return rows;
    }
  }

  private void prepare(String text) throws SQLException {
    var words = text.split(" ");
    switch (words[0]) {
      case "host" -> tracker.addHost(number(words, 1));
      case "device" -> tracker.addDevice(number(words, 1), number(words, 2));
      case "store" -> tracker.store(words[1], words[2], words[3], words.length > 4 ? words[4] : "");
      case "put" ->
          tracker.nodes().put(words[1], (words.length > 2 ? words[2] : "").getBytes(ISO_8859_1));
      case "remove" -> tracker.nodes().remove(number(words, 1), number(words, 2));
      case "move" -> tracker.nodes().move(number(words, 1), number(words, 2), number(words, 3));
      case "refuse" -> tracker.nodes().refuse(number(words, 1));
      case "undigested" -> tracker.nodes().refuseDigests(number(words, 1));
      case "disk" -> tracker.nodes().disk(number(words, 1), words[2]);
      case "see" ->
          tracker
              .cluster()
              .see(number(words, 1), Reach.valueOf(words[2]), words.length > 3 ? words[3] : "");
      case "woken" ->
          assertThat(new TreeSet<>(tracker.woken()))
              .as("woken")
              .isEqualTo(new TreeSet<>(Set.of(text.substring(6).split(" "))));
      case "sql" -> {
        try (var connection = database.connect();
            var statement = connection.createStatement()) {
          statement.execute(text.substring(4));
        }
      }
      case "closed", "plugins" -> {}
      case "open" -> tracker.open();
      default -> tracker.ok(Transcript.bytes(text));
    }
  }

  private static int number(String[] words, int at) {
    return Integer.parseInt(words[at]);
  }
}
