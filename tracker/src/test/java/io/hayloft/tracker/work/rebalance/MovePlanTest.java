package io.hayloft.tracker.work.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.work.rebalance.MovePlan.Next;
import io.hayloft.tracker.work.rebalance.MovePlan.Task;
import io.hayloft.tracker.work.replicate.ReplicatePlanTest;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Files of the class default, which has two copies on two hosts, are moved off device 1. */
class MovePlanTest {

  private final MovePlan plan = new MovePlan(ReplicationPolicies.builtIn());

  @Test
  void aFileIsCopiedToATargetThatIsAGoodPlace() {
    assertThat(decide("h1[1X] h2[2X] h3[3_] h4[4_]", 3)).isEqualTo("to 3");
    assertThat(decide("h1[1X] h2[2X] h3[3_] h4[4_]", 4)).isEqualTo("to 4");
  }

  @Test
  void anotherDiskOfTheSameHostIsAGoodPlace() {
    assertThat(decide("h1[1X 5_] h2[2X]", 5)).isEqualTo("to 5");
  }

  @Test
  void whenTheOthersAreEnoughTheCopyGoes() {
    assertThat(decide("h1[1X] h2[2X] h3[3X]", 4)).isEqualTo("remove");
  }

  @Test
  void manyOthersInOnePlaceAreNotEnough() {
    assertThat(decide("h1[1X] h2[2X 5X 6X] h3[3_]", 3)).isEqualTo("to 3");
    assertThat(decide("h1[1X] h2[2X 5X 6X] h3[3_]", 7)).isEqualTo("keep");
    assertThat(decide("h1[1X] h2[2X 5X 6X]", 7)).isEqualTo("keep");
  }

  @Test
  void moreOthersThanAreWantedAreEnough() {
    assertThat(decide("h1[1X] h2[2X 5X] h3[3X]", 7)).isEqualTo("remove");
  }

  @Test
  void aFileStaysWhereItWouldBeWorseKept() {
    assertThat(decide("h1[1X] h2[2X 5_] h3[3_]", 5)).isEqualTo("keep");
  }

  @Test
  void aFileStaysWhereNoTargetTakesIt() {
    assertThat(decide("h1[1X] h2[2X] h3[3_:readonly]", 3)).isEqualTo("keep");
    assertThat(decide("h1[1X] h2[2X] h3[3_]", 7)).isEqualTo("keep");
  }

  @Test
  void aTargetThatFailedIsNotTriedAgain() {
    var drawing = Drawing.of("h1[1X] h2[2X] h3[3_] h4[4_]");
    var task = task(drawing, 3, 4);

    assertThat(plan.decide(task, Set.of(new DeviceId(3)), drawing.cluster(), new Random(1)))
        .isInstanceOfSatisfying(
            Next.CopyTo.class, copy -> assertThat(copy.to().id()).isEqualTo(new DeviceId(4)));
  }

  @Test
  void theCopyThatIsToGoDoesNotCount() {
    // Two are wanted; without device 1 there is one.
    assertThat(decide("h1[1X:drain] h2[2X] h3[3_]", 3)).isEqualTo("to 3");
  }

  private String decide(String text, Integer... targets) {
    var drawing = Drawing.of(text);
    return switch (plan.decide(
        task(drawing, targets), Set.of(), drawing.cluster(), new Random(1))) {
      case Next.Remove() -> "remove";
      case Next.CopyTo(var to) -> "to " + to.id();
      case Next.Keep _ -> "keep";
    };
  }

  private static Task task(Drawing drawing, Integer... targets) {
    return new Task(
        ReplicatePlanTest.file(), drawing.on(), new DeviceId(1), Set.copyOf(Drawing.ids(targets)));
  }
}
