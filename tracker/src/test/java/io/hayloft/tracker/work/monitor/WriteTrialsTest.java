package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.work.monitor.WriteTrials.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteTrialsTest {

  private final ClusterView view = Drawing.of("h1[1_ 2_ 3_ 4_]").cluster();
  private final ManualTime time = ManualTime.start();
  private final WriteTrials trials = new WriteTrials(new MemoryNodes(), time);

  /** A round of trials, each of which takes so long. */
  private List<DeviceId> round(Duration each) {
    var host = view.host(new HostId(1)).orElseThrow();
    var ended = new ArrayList<Trial>();
    trials.run(
        host,
        List.copyOf(view.devices()),
        () -> view,
        trial -> {
          ended.add(trial);
          time.advance(each);
        });
    return ended.stream().map(Trial::device).toList();
  }

  @Test
  void slowDisksLeaveTheRestToTheNextRound() {
    assertThat(round(Duration.ofSeconds(6))).isEqualTo(Drawing.ids(1, 2));
    assertThat(round(Duration.ZERO)).isEqualTo(Drawing.ids(3, 4));
  }

  @Test
  void quickDisksAreAllTriedAndThenLeftAloneForAWhile() {
    assertThat(round(Duration.ZERO)).isEqualTo(Drawing.ids(1, 2, 3, 4));
    time.advance(Duration.ofSeconds(14));
    assertThat(round(Duration.ZERO)).isEmpty();
    time.advance(Duration.ofSeconds(1));
    assertThat(round(Duration.ZERO)).isEqualTo(Drawing.ids(1, 2, 3, 4));
  }

  @Test
  void aDeviceThatWasAwayIsTriedAtOnce() {
    round(Duration.ZERO);
    trials.forget(new DeviceId(3));
    assertThat(round(Duration.ZERO)).isEqualTo(Drawing.ids(3));
  }
}
