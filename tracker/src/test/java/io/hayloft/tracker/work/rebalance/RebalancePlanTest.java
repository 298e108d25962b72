package io.hayloft.tracker.work.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.policy.RebalancePolicy;
import io.hayloft.tracker.policy.RebalanceState;
import io.hayloft.tracker.policy.RebalanceState.Count;
import io.hayloft.tracker.store.RebalanceStore.Candidate;
import io.hayloft.tracker.store.RebalanceStore.Change;
import io.hayloft.tracker.store.RebalanceStore.Round;
import io.hayloft.tracker.work.rebalance.RebalancePlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Devices 1 and 2 are sources, 3 to 6 may take files; each file has 10 bytes. */
class RebalancePlanTest {

  private static final long NOW = 1234;
  private static final DeviceId DEV1 = new DeviceId(1);
  private static final DeviceId DEV2 = new DeviceId(2);

  private final ClusterView cluster =
      Drawing.of("h1[1_] h2[2_] h3[3_] h4[4_] h5[5_] h6[6_]").cluster();

  @Test
  void theFirstSourceIsDrainedBeforeItsFilesAreRead() {
    var first = decided("", state("from_devices=1,2"), Set.of());

    assertThat(first.changes()).containsExactly(new Change.Drain(DEV1));
    assertThat(RebalanceState.parse(first.after()).current()).contains(DEV1);
    assertThat(plan("", first.after()).begin(cluster, Set.of(DEV1)))
        .isEqualTo(new Step.Read(DEV1, 0, false));
  }

  @Test
  void aSourceThatNothingMayBeRemovedFromIsPassedOver() {
    var readonly = Drawing.of("h1[1_:readonly] h2[2_] h3[3_]").cluster();
    var before = state("from_devices=1,2");

    var step = plan("", before).begin(readonly, Set.of());

    assertThat(step).isInstanceOf(Step.Decided.class);
    if (step instanceof Step.Decided(var round)) {
      assertThat(round.changes()).isEmpty();
      assertThat(RebalanceState.parse(round.after()).completed()).containsExactly(DEV1);
      assertThat(RebalanceState.parse(round.after()).current()).isEmpty();
    }
  }

  @Test
  void filesAreOfferedTheDevicesThatAreNoSources() {
    var round = fill("", current("from_devices=1,2"), 3);

    assertThat(round.moves()).hasSize(3);
    for (var move : round.moves()) {
      assertThat(move.from()).isEqualTo(DEV1);
      assertThat(move.targets()).containsExactlyInAnyOrderElementsOf(Drawing.ids(3, 4, 5, 6));
    }
    var after = RebalanceState.parse(round.after());
    assertThat(after.get(Count.LAST_FID)).isEqualTo(3);
    assertThat(after.get(Count.FIDS_QUEUED)).isEqualTo(3);
    assertThat(after.get(Count.BYTES_QUEUED)).isEqualTo(30);
    assertThat(after.get(Count.TIME_LATEST_RUN)).isEqualTo(NOW);
  }

  @Test
  void aFileIsOfferedAsManyDevicesAsThePolicySays() {
    var round = fill("use_dest_devs=2", current("from_devices=1"), 20);

    assertThat(round.moves()).allMatch(move -> move.targets().size() == 2);
    assertThat(round.moves().stream().map(move -> Set.copyOf(move.targets())).distinct().count())
        .as("not always the same")
        .isGreaterThan(1);
  }

  @Test
  void aDeviceWithoutFilesIsDoneAndBecomesWhatItWas() {
    var round = fill("", current("from_devices=1"), 0);

    assertThat(round.changes()).containsExactly(new Change.Restore(DEV1));
    assertThat(round.ends()).isFalse();
    var after = RebalanceState.parse(round.after());
    assertThat(after.completed()).containsExactly(DEV1);
    assertThat(after.get(Count.EMPTY_RUNS)).isEqualTo(1);
    assertThat(after.get(Count.TIME_LATEST_EMPTY_RUN)).isEqualTo(NOW);
  }

  @Test
  void itEndsWhenNoSourceIsLeft() {
    var done = fill("", current("from_devices=1"), 0).after();

    var last = decided("", done, Set.of(DEV2));

    assertThat(last.ends()).isTrue();
    assertThat(last.changes())
        .as("nothing stays drained")
        .containsExactly(new Change.Restore(DEV2));
    assertThat(RebalanceState.parse(last.after()).get(Count.TIME_FINISHED)).isEqualTo(NOW);
  }

  @Test
  void aLimitInBytesDoesNotSplitAFile() {
    var text = "limit_by=size limit=25";
    var begun = decided(text, state("from_devices=1 " + text), Set.of()).after();

    var round = fill(text, begun, 5);

    assertThat(round.moves()).hasSize(2);
    assertThat(RebalanceState.parse(round.after()).deviceLimit()).hasValue(0);
    assertThat(fill(text, round.after(), 5).changes()).containsExactly(new Change.Restore(DEV1));
  }

  @Test
  void aLimitForAllEndsIt() {
    var text = "limit_type=global limit_by=count limit=2";
    var begun = decided(text, state("from_devices=1,2 " + text), Set.of()).after();

    var round = fill(text, begun, 5);
    assertThat(round.moves()).hasSize(2);
    var done = fill(text, round.after(), 5);

    assertThat(decided(text, done.after(), Set.of()).ends()).isTrue();
  }

  @Test
  void aStopRestoresWhatIsDrained() {
    var round = plan("", current("from_devices=1,2")).stop(Set.of(DEV1));

    assertThat(round.ends()).isTrue();
    assertThat(round.changes()).containsExactly(new Change.Restore(DEV1));
    assertThat(RebalanceState.parse(round.after()).current()).contains(DEV1);
    assertThat(RebalanceState.parse(round.after()).get(Count.TIME_STOPPED)).isEqualTo(NOW);
  }

  @Test
  void whatWasStoppedIsDrainedAgain() {
    var round = decided("", current("from_devices=1"), Set.of());

    assertThat(round.changes()).containsExactly(new Change.Drain(DEV1));
    assertThat(round.after()).isEqualTo(round.before());
  }

  @Test
  void devicesAreLeftInDrainWhereThatIsAskedFor() {
    var text = "leave_in_drain_mode=1";

    assertThat(fill(text, current("from_devices=1"), 0).changes())
        .containsExactly(new Change.Leave(DEV1));
  }

  @Test
  void withoutADestinationThereIsNoRound() {
    assertThat(
            plan("to_devices=1", current("from_devices=1")).fill(files(1), cluster, new Random(1)))
        .isEmpty();
  }

  private RebalancePlan plan(String policy, String state) {
    return new RebalancePlan(RebalancePolicy.stored(policy).orElseThrow(), state, NOW);
  }

  private Round decided(String policy, String state, Set<DeviceId> drained) {
    return plan(policy, state).begin(cluster, drained) instanceof Step.Decided(var round)
        ? round
        : new Round("", "not decided", List.of(), List.of(), false);
  }

  private Round fill(String policy, String state, int files) {
    Optional<Round> round = plan(policy, state).fill(files(files), cluster, new Random(1));
    assertThat(round).isPresent();
    return round.orElseThrow();
  }

  private static List<Candidate> files(int count) {
    var files = new ArrayList<Candidate>();
    for (int fid = 1; fid <= count; fid++) {
      files.add(new Candidate(new Fid(fid), 10));
    }
    return files;
  }

  private String state(String text) {
    var policy = RebalancePolicy.stored(text).orElseThrow();
    return RebalanceState.first(policy.sources(cluster), policy).text();
  }

  /** With the first source begun. */
  private String current(String text) {
    return decided(text, state(text), Set.of()).after();
  }
}
