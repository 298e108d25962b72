package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator hears about moving files between devices, word by word. */
class RebalanceConversationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.addHost(1);
    tracker.addHost(2);
    tracker.addHost(3);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void withoutPolicyAndStateThereIsNothingToSay() {
    tracker.play(
        """
        > rebalance_test
        ERR no_rebal_policy No+rebalance+policy+available
        > rebalance_start
        ERR no_rebal_policy No+rebalance+policy+available
        > rebalance_status
        ERR no_rebal_state No+available+rebalance+status
        > rebalance_stop
        ERR rebal_not_started Rebalance+not+running
        > rebalance_reset
        OK\s
        """);
  }

  @Test
  void aRebalanceIsStartedAndStopped() {
    tracker.play(
        """
        > rebalance_set_policy policy=from_devices%3D1+nonsense%3D2
        ERR bad_rebal_pol Invalid+setting+nonsense
        > rebalance_set_policy policy=from_devices%3D1,2+to_percent_free%3D50
        OK\s
        > rebalance_test
        OK sdevs=1,2&ddevs=3
        """);
    var state = tracker.ask("rebalance_start");
    assertThat(state)
        .matches(
            "OK state=completed_devs%3D\\+source_devs%3D1,2\\+sdev_current%3D0"
                + "\\+sdev_limit%3Dnone\\+limit%3D0\\+sdev_lastfid%3D0\\+fids_queued%3D0"
                + "\\+bytes_queued%3D0\\+time_started%3D[0-9]{10}\\+time_finished%3D0"
                + "\\+time_stopped%3D0\\+time_latest_run%3D0\\+time_latest_empty_run%3D0"
                + "\\+empty_runs%3D0");
    assertThat(tracker.ask("rebalance_status")).isEqualTo(state);
    tracker.play(
        """
        > rebalance_start
        ERR rebal_running rebalance+is+already+running
        > rebalance_set_policy policy=from_devices%3D2
        ERR no_set_rebal cannot+change+rebalance+policy+while+rebalance+is+running
        > rebalance_set_policy policy=nonsense%3D2
        ERR no_set_rebal cannot+change+rebalance+policy+while+rebalance+is+running
        > rebalance_reset
        ERR rebal_running rebalance+is+running
        > rebalance_stop
        OK\s
        > server_setting key=rebal_host
        OK key=rebal_host&value=tracker1
        > server_setting key=rebal_policy
        OK key=rebal_policy&value=from_devices%3D1,2+to_percent_free%3D50
        > server_setting key=rebal_signal
        OK key=rebal_signal&value=stop
        """);
    assertThat(tracker.ok("server_settings")).containsEntry("key_4", "rebal_state");
  }

  @Test
  void aNewPolicyForgetsTheStateOfTheOld() {
    tracker.stores().registry().set("rebal_state", java.util.Optional.of("source_devs=1"));

    tracker.play(
        """
        > rebalance_status
        OK state=source_devs%3D1
        > rebalance_set_policy policy=from_devices%3D1
        OK\s
        > rebalance_status
        ERR no_rebal_state No+available+rebalance+status
        """);
  }

  @Test
  void withAStateItGoesOnFromThereEvenWithoutAPolicy() {
    tracker.stores().registry().set("rebal_state", java.util.Optional.of("source_devs=1"));

    tracker.play(
        """
        > rebalance_start
        OK state=source_devs%3D1
        """);
  }

  @Test
  void aLimitForAllDevicesStandsInTheStateFromTheStart() {
    tracker.ok("rebalance_set_policy policy=limit_type%3Dglobal+limit_by%3Dsize+limit%3D10k");

    assertThat(tracker.ask("rebalance_start")).contains("+limit%3D10240+");
  }

  @Test
  void valuesThatMakeNoSenseAreRefused() {
    assertThat(tracker.ask("rebalance_set_policy policy=limit_by%3Dpercent"))
        .isEqualTo("ERR bad_rebal_pol Invalid+value+of+setting+limit_by:+percent");
  }
}
