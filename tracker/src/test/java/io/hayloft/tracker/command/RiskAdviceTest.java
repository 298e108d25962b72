package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.command.RiskAdvice.Facts;
import io.hayloft.tracker.command.RiskAdvice.Troubled;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.InsightStore.Depth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RiskAdviceTest {

  private static final SafeMode OFF = new SafeMode(false, false, Set.of(), 4);
  private static final SafeMode ON = new SafeMode(true, false, Set.of(new DeviceId(1)), 4);

  private static Facts facts(long gone, long few, SafeMode mode, Troubled... devices) {
    return new Facts(gone, few, mode, List.of(devices), List.of(queue(0, 0, -1)), true);
  }

  private static Depth queue(long rows, long stuck, long waiting) {
    return new Depth(
        "replicate",
        rows,
        rows,
        stuck,
        waiting < 0 ? OptionalLong.empty() : OptionalLong.of(waiting));
  }

  private static Troubled troubled(int device, boolean refused, String why) {
    return new Troubled(Drawing.device(device, DeviceStatus.ALIVE), Optional.empty(), refused, why);
  }

  @Test
  void whereAllIsWellThereIsNothingToDo() {
    assertThat(RiskAdvice.of(facts(0, 0, OFF))).isEmpty();
  }

  @Test
  void whatMayHaveOneCauseComesBeforeSingleDevicesAndTheseBeforeFiles() {
    var advice =
        RiskAdvice.of(
            facts(
                3,
                5,
                ON,
                troubled(2, false, "it does not answer"),
                troubled(7, true, "its disk is that of dev8")));

    assertThat(advice).hasSize(5);
    assertThat(advice.get(0)).contains("1 of 4 devices").contains("mark dead");
    assertThat(advice.get(1)).contains("hayloft device accept-disk dev7");
    assertThat(advice.get(2)).contains("dev2").contains("hayloft device mark ? dev2 dead");
    assertThat(advice.get(3)).contains("3 files have no copy");
    assertThat(advice.get(4)).contains("5 files have too few copies and none is queued");
  }

  @Test
  void whereCopiesAreBeingMadeOneWaits() {
    var facts = new Facts(0, 5, OFF, List.of(), List.of(queue(9, 0, 10)), true);
    assertThat(RiskAdvice.of(facts))
        .singleElement()
        .asString()
        .contains("9 files are queued: wait");
  }

  @Test
  void aQueueThatStandsStillAndRowsThatWaitForAPersonAreSaid() {
    var facts = new Facts(0, 0, OFF, List.of(), List.of(queue(9, 4, 5000)), false);
    assertThat(RiskAdvice.of(facts))
        .satisfiesExactly(
            line -> assertThat(line).contains("4 files wait"),
            line -> assertThat(line).contains("5000 s"),
            line -> assertThat(line).contains("never checked"));
  }
}
