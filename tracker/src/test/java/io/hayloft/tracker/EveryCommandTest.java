package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What holds whatever the command is. */
class EveryCommandTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final List<String> COMMANDS =
      """
      noop test sleep clear_cache do_monitor_round replicate_now create_open create_close get_paths
      file_info file_debug delete rename updateclass list_keys list_fids edit_file httpcopy
      get_hosts create_host update_host delete_host get_devices create_device set_state set_weight
      get_domains create_domain delete_domain create_class update_class delete_class
      server_settings server_setting set_server_setting
      plugin_say plugin_filepaths_enable plugin_filepaths_disable plugin_filepaths_list_directory
      nonsense stats checker
      """
          .lines()
          .flatMap(line -> List.of(line.split(" ")).stream())
          .toList();

  @Test
  void callidComesBackOnceFromEachAndUnknownArgumentsAreIgnored() throws SQLException {
    try (var tracker = WireFixture.start(DATABASE, List.of("FilePaths", "Obstinate"))) {
      for (var command : COMMANDS) {
        var reply = tracker.ask(command + " duration=x&nobody=knows&callid=a+7%26");
        assertThat(reply).as(command).matches("OK (.+&)?callid=a\\+7%26|ERR \\w+ [^ ]+ a\\+7%26");
        assertThat(tracker.ask(command.toUpperCase(java.util.Locale.ROOT) + " duration=x").length())
            .as(command)
            .isPositive();
      }
    }
  }

  @Test
  void onlyUnknownCommandsAreUnknown() throws SQLException {
    try (var tracker = WireFixture.start(DATABASE, List.of("FilePaths", "Obstinate"))) {
      assertThat(
              COMMANDS.stream()
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
