package io.hayloft.tracker;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.CommandTable.Entry;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The transcripts leave nothing out: no command, none of its refusals, no word of the console. */
class ConformanceTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** Codes that no scene provokes, and why, or the test that does. */
  private static final Map<ErrorCode, String> NOT_IN_SCENES =
      Map.of(
          ErrorCode.BUSY, "TrackerTest: it takes more requests than may wait",
          ErrorCode.DB, "DatabaseAwayTest: it takes a database that goes away",
          ErrorCode.DOMAIN_NOT_EMPTY, "the original defines it and sends domain_has_classes",
          ErrorCode.INVALID_CHECKER_LEVEL, "obsolete: the command checker is gone since 1.x",
          ErrorCode.UNKNOWN_FID, "file_debug answers OK checksum=NONE");

  private static final List<String> CONSOLE =
      List.of(
          "!stats",
          "!jobs",
          "!want",
          "!to",
          "!queue",
          "!pend",
          "!recent",
          "!watch",
          "!version",
          "!shutdown",
          "!replication",
          "!help");

  /** What was said first, and the first two words of what was answered. */
  private record Pair(String command, String outcome) {}

  private static List<Pair> pairs() {
    return Transcript.scenes().stream()
        .flatMap(scene -> scene.turns().stream())
        .filter(turn -> turn.kind() == Transcript.Kind.SAY && !turn.expected().isEmpty())
        .map(turn -> new Pair(command(turn.text()), outcome(turn.expected().getFirst())))
        .toList();
  }

  private static String command(String line) {
    return line.strip().split("[^A-Za-z0-9_!]")[0].toLowerCase(Locale.ROOT);
  }

  private static String outcome(String reply) {
    var words = reply.split("[ \\\\]");
    return words[0].equals("ERR") ? words[1] : words[0];
  }

  private static List<Entry> inScenes() {
    return CommandTable.entries().stream().filter(entry -> entry.elsewhere().isEmpty()).toList();
  }

  @Test
  void everyCommandIsInTheTable() throws SQLException {
    try (var tracker = WireFixture.start(DATABASE)) {
      var listed =
          CommandTable.entries().stream().map(Entry::command).collect(toCollection(TreeSet::new));

      // What a plugin adds is the plugin's to show.
      assertThat(tracker.commands().stream().filter(name -> !name.startsWith("plugin_")))
          .isSubsetOf(listed);
      assertThat(tracker.commands()).containsAll(inScenes().stream().map(Entry::command).toList());
    }
  }

  @Test
  void everyCommandSucceedsAndRefusesWithEachOfItsCodesInSomeScene() {
    var pairs = pairs();
    var missing = new TreeSet<String>();
    for (var entry : inScenes()) {
      if (!pairs.contains(new Pair(entry.command(), "OK"))) {
        missing.add(entry.command() + " OK");
      }
      for (var code : entry.codes()) {
        if (!pairs.contains(new Pair(entry.command(), code))) {
          missing.add(entry.command() + " " + code);
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void noSceneHasARefusalThatTheTableDoesNotKnow() {
    var unknown = new TreeSet<String>();
    for (var entry : CommandTable.entries()) {
      pairs().stream()
          .filter(pair -> pair.command().equals(entry.command()))
          .map(Pair::outcome)
          .filter(outcome -> !outcome.equals("OK") && !entry.codes().contains(outcome))
          .forEach(outcome -> unknown.add(entry.command() + " " + outcome));
    }

    assertThat(unknown).isEmpty();
  }

  @Test
  void everyCodeIsProvoked() {
    var provoked = pairs().stream().map(Pair::outcome).collect(toCollection(TreeSet::new));
    CommandTable.entries().stream()
        .filter(entry -> !entry.elsewhere().isEmpty())
        .forEach(entry -> provoked.addAll(entry.codes()));

    assertThat(Arrays.stream(ErrorCode.values()).filter(code -> !provoked.contains(code.wire())))
        .containsExactlyInAnyOrderElementsOf(NOT_IN_SCENES.keySet());
  }

  @Test
  void everyWordOfTheConsoleIsSaid() {
    assertThat(pairs().stream().map(Pair::command)).containsAll(CONSOLE);
  }
}
