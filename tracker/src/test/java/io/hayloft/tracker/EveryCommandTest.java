package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.CommandTable.Entry;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What holds whatever the command is. */
class EveryCommandTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static List<String> commands() {
    var plugins = List.of("plugin_say", "plugin_filepaths_enable", "plugin_filepaths_rename");
    var unknown = List.of("nonsense", "stats", "checker");
    return Stream.of(
            CommandTable.entries().stream().map(Entry::command), plugins.stream(), unknown.stream())
        .flatMap(each -> each)
        .toList();
  }

  @Test
  void callidComesBackOnceFromEachAndUnknownArgumentsAreIgnored() throws SQLException {
    try (var tracker = WireFixture.start(DATABASE, List.of("FilePaths", "Obstinate"))) {
      for (var command : commands()) {
        var reply = tracker.ask(command + " duration=x&nobody=knows&callid=a+7%26");
        assertThat(reply).as(command).matches("OK (.+&)?callid=a\\+7%26|ERR \\w+ [^ ]+ a\\+7%26");
        assertThat(tracker.ask(command.toUpperCase(Locale.ROOT) + " duration=x").length())
            .as(command)
            .isPositive();
      }
    }
  }

  @Test
  void onlyUnknownCommandsAreUnknown() throws SQLException {
    try (var tracker = WireFixture.start(DATABASE, List.of("FilePaths", "Obstinate"))) {
      assertThat(
              commands().stream()
                  .filter(
                      command ->
                          tracker.ask(command + " duration=x").startsWith("ERR unknown_command")))
          .containsExactly("nonsense", "stats", "checker");
    }
  }

  @Test
  void aSleepEndsWhateverItsDuration() throws SQLException {
    try (var tracker = WireFixture.start(DATABASE)) {
      tracker.play(
          """
          > sleep duration=-5
          OK\s
          > sleep duration=word
          OK\s
          """);
    }
  }
}
