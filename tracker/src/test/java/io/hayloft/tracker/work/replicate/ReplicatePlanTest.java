package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Avoid;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Cause;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Next;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Files of the class default, which has two copies on two hosts. */
public class ReplicatePlanTest {

  private final RandomGenerator random = new Random(3);
  private final ReplicatePlan plan = new ReplicatePlan(ReplicationPolicies.builtIn());

  @Test
  void aFileThatIsAsItShouldBeIsDone() {
    assertThat(next("h1[1X] h2[2X]")).isEqualTo(new Next.Done());
  }

  @Test
  void whatIsMerelyDownNeedsNoCopy() {
    assertThat(next("h1:down[1X] h2[2X:down] h3[3_]")).isEqualTo(new Next.Done());
  }

  @Test
  void aCopyGoesFromWhereTheFileIsToAnotherHost() {
    assertThat(copy("h1[1X 2_] h2[3_]")).isEqualTo("1 to 3");
  }

  @Test
  void whatIsOnADeadDeviceIsCopiedFromAnother() {
    assertThat(copy("h1[1X:dead] h2[2X] h3[3_:readonly] h4[4_]")).isEqualTo("2 to 4");
  }

  @Test
  void aReadonlyOrDrainingDeviceIsASource() {
    assertThat(copy("h1[1X:readonly] h2[2_]")).isEqualTo("1 to 2");
    assertThat(copy("h1[1X:drain] h2[2_]")).isEqualTo("1 to 2");
  }

  @Test
  void theSourceThatWasNamedIsPreferred() {
    var drawing = Drawing.of("h1[1X 2X:dead 3X:drain] h2[4X:dead] h3[5_]");
    var named = new Task(file(), drawing.on(), Optional.of(new DeviceId(3)));

    for (int i = 0; i < 20; i++) {
      assertThat(plan.decide(named, drawing.cluster(), Avoid.NOTHING, random))
          .isInstanceOfSatisfying(
              Next.Copy.class, copy -> assertThat(copy.from().id().value()).isIn(3));
    }
  }

  @Test
  void aFailedSourceIsNotTriedAgain() {
    for (int i = 0; i < 20; i++) {
      assertThat(text(next("h1[1X 2X:drain] h2[3_]", avoid(Set.of(1), Set.of(), Set.of()))))
          .isEqualTo("2 to 3");
    }
    assertThat(next("h1[1X] h2[3_]", avoid(Set.of(1), Set.of(), Set.of())))
        .isEqualTo(new Next.WaitFor(Cause.SOURCE_DOWN));
  }

  @Test
  void aFailedDestinationIsReplacedByTheNextBest() {
    assertThat(text(next("h1[1X 2_] h2[3_] h3[4_]", avoid(Set.of(), Set.of(3), Set.of()))))
        .isEqualTo("1 to 4");
    assertThat(text(next("h1[1X 2_] h2[3_] h3[4_]", avoid(Set.of(), Set.of(3, 4), Set.of()))))
        .isEqualTo("1 to 2");
  }

  @Test
  void aSlowDestinationIsWaitedForRatherThanReplacedByAWorsePlace() {
    assertThat(text(next("h1[1X 2_] h2[3_] h3[4_]", avoid(Set.of(), Set.of(), Set.of(3)))))
        .isEqualTo("1 to 4");
    assertThat(next("h1[1X 2_] h2[3_]", avoid(Set.of(), Set.of(), Set.of(3))))
        .isEqualTo(new Next.WaitFor(Cause.SLOW_NODES));
    assertThat(next("h1[1X 2_] h2[3_]", avoid(Set.of(), Set.of(), Set.of(1))))
        .isEqualTo(new Next.WaitFor(Cause.SLOW_NODES));
  }

  @Test
  void nothingCanBeDoneWithoutASourceOrADestination() {
    assertThat(next("h1[1_] h2[2_]")).isEqualTo(new Next.WaitFor(Cause.NO_SOURCE));
    assertThat(next("h1:down[1X] h2[2_]")).isEqualTo(new Next.WaitFor(Cause.SOURCE_DOWN));
    assertThat(next("h1[1X] h2:down[2_]")).isEqualTo(new Next.WaitFor(Cause.NO_DESTINATION));
    assertThat(next("h1[1X:dead] h2:down[2_]")).isEqualTo(new Next.WaitFor(Cause.SOURCE_DOWN));
  }

  @Test
  void onlyCopiesThatAreNotNeededAreSurplus() {
    assertThat(surplus("h1[1X 2X] h2[3X]")).containsExactly(1, 2);
    assertThat(surplus("h1[1X] h2[2X] h3[3X]")).containsExactly(1, 2, 3);
  }

  @Test
  void aDrainingDeviceGivesUpItsCopyFirst() {
    assertThat(surplus("h1[1X] h2[2X:drain] h3[3X]")).containsExactly(2, 1, 3);
  }

  @Test
  void whatCannotBeDeletedFromIsNotSurplus() {
    assertThat(surplus("h1[1X:readonly] h2[2X] h3:down[3X]")).containsExactly(2);
    assertThat(next("h1[1X:readonly] h2[2X:readonly] h3:down[3X]"))
        .isEqualTo(new Next.WaitFor(Cause.SURPLUS_STAYS));
  }

  @Test
  void manyCopiesOnOneHostAreSpreadBeforeOneGoes() {
    assertThat(copy("h1[1X 2X 3X] h2[4_]")).matches("[123] to 4");
    assertThat(surplus("h1[1X 2X 3X] h2[4X]")).containsExactly(1, 2, 3);
  }

  @Test
  void lastGoodCopyIsNeverRemoved() {
    var drawing = Drawing.of("h1[1X] h2[2X] h3[3X]");
    var task = new Task(file(), drawing.on(), Optional.empty());

    assertThat(mayRemove(drawing, task, 1)).isFalse();
    assertThat(mayRemove(drawing, task, 1, 1)).isFalse();
    assertThat(mayRemove(drawing, task, 1, 2)).isFalse();
    assertThat(mayRemove(drawing, task, 1, 2, 3)).isTrue();
  }

  @Test
  void aCopyThatOnlyCountsIsNoReasonToRemoveAGoodOne() {
    var drawing = Drawing.of("h1[1X] h2[2X:down] h3[3X]");
    var task = new Task(file(), drawing.on(), Optional.empty());

    assertThat(mayRemove(drawing, task, 1, 3)).isFalse();
  }

  private boolean mayRemove(Drawing drawing, Task task, int surplus, Integer... good) {
    return plan.mayRemove(
        task, new DeviceId(surplus), Set.copyOf(Drawing.ids(good)), drawing.cluster(), random);
  }

  private Next next(String drawn) {
    return next(drawn, Avoid.NOTHING);
  }

  private Next next(String drawn, Avoid avoid) {
    var drawing = Drawing.of(drawn);
    var task = new Task(file(), drawing.on(), Optional.empty());
    return plan.decide(task, drawing.cluster(), avoid, random);
  }

  private String copy(String drawn) {
    return text(next(drawn));
  }

  private static String text(Next next) {
    return next instanceof Next.Copy(var from, var to)
        ? from.id() + " to " + to.id()
        : next.toString();
  }

  private List<Integer> surplus(String drawn) {
    var next = next(drawn);
    assertThat(next).isInstanceOf(Next.RemoveSurplus.class);
    return ((Next.RemoveSurplus) next)
        .candidates().stream().map(Device::id).map(DeviceId::value).toList();
  }

  private static Avoid avoid(Set<Integer> from, Set<Integer> to, Set<Integer> slow) {
    return new Avoid(ids(from), ids(to), ids(slow));
  }

  private static Set<DeviceId> ids(Set<Integer> numbers) {
    return Arrays.stream(numbers.toArray(Integer[]::new))
        .map(DeviceId::new)
        .collect(Collectors.toSet());
  }

  public static StoredFile file() {
    return new StoredFile(
        new Fid(17), new StoredFile.Name(new DomainId(1), new Key("k")), 10, ClassId.DEFAULT, 1);
  }
}
