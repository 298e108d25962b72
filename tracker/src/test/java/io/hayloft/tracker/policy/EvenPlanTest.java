package io.hayloft.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.policy.EvenPlan.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EvenPlanTest {

  private static Level level(int device, long total, long used) {
    return new Level(new DeviceId(device), total, used);
  }

  @Test
  void nothingIsMovedBetweenDevicesThatAreNearEnoughToTheMean() {
    var plan = new EvenPlan(List.of(level(1, 1000, 510), level(2, 1000, 490)), 2);

    assertThat(plan.isEven()).isTrue();
    assertThat(plan.givers()).isEmpty();
    assertThat(plan.bytesForeseen()).isZero();
  }

  @Test
  void theFullestGivesToTheEmptiest() {
    var plan =
        new EvenPlan(List.of(level(1, 1000, 900), level(2, 1000, 600), level(3, 1000, 300)), 2);

    assertThat(plan.mean()).isEqualTo(0.6);
    assertThat(plan.givers()).containsExactly(new DeviceId(1));
    assertThat(plan.takers(new DeviceId(1), 10)).containsExactly(new DeviceId(3));
    assertThat(plan.takers(new DeviceId(3), 10)).isEmpty();
  }

  /** A file that would make the taker fuller than the giver goes back the next time. */
  @Test
  void aFileThatWouldTurnTheOrderAroundIsNotMoved() {
    var plan = new EvenPlan(List.of(level(1, 1000, 600), level(2, 1000, 400)), 2);

    assertThat(plan.takers(new DeviceId(1), 100)).containsExactly(new DeviceId(2));
    assertThat(plan.takers(new DeviceId(1), 101)).isEmpty();
  }

  @Test
  void devicesOfDifferentSizesGetTheSameShare() {
    var plan = new EvenPlan(List.of(level(1, 1000, 800), level(2, 4000, 1200)), 1);

    var shares = plan.foreseen();

    assertThat(shares.get(0).bytes()).isEqualTo(-shares.get(1).bytes()).isNegative();
    assertThat((800 + shares.get(0).bytes()) / 1000.0).isCloseTo(0.4, within(0.011));
  }

  @Test
  void whatDidNotHappenIsTakenBack() {
    var plan = new EvenPlan(List.of(level(1, 1000, 600), level(2, 1000, 400)), 2);
    plan.move(new DeviceId(1), Optional.of(new DeviceId(2)), 100);
    assertThat(plan.isEven()).isTrue();

    plan.undo(new DeviceId(1), Optional.of(new DeviceId(2)), 100);

    assertThat(plan.deviation()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void noDevicesAreEven() {
    assertThat(new EvenPlan(List.of(), 2).isEven()).isTrue();
  }

  private record File(long length) {}

  /** Devices with files on them, moved as the plan allows in any order until it allows nothing. */
  private static final class Run {
    final Random random;
    final double threshold;
    final List<Level> levels = new ArrayList<>();
    final Map<DeviceId, List<File>> files = new HashMap<>();
    final Map<DeviceId, Long> used = new HashMap<>();
    final EvenPlan plan;
    int moves;

    Run(long seed, boolean small) {
      random = new Random(seed);
      threshold = 0.5 + random.nextInt(10);
      int devices = 1 + random.nextInt(8);
      for (int i = 1; i <= devices; i++) {
        long total = 100_000 + random.nextLong(400_000);
        var device = new DeviceId(i);
        long wanted = (long) ((double) total * random.nextDouble());
        long sum = 0;
        var some = new ArrayList<File>();
        while (sum < wanted) {
          long most = small ? (long) (threshold / 100 * 100_000 / 2) : total / 3;
          var file = new File(1 + random.nextLong(Math.max(1, most)));
          if (sum + file.length() > total) {
            break;
          }
          some.add(file);
          sum += file.length();
        }
        files.put(device, some);
        used.put(device, sum);
        levels.add(new Level(device, total, sum));
      }
      plan = new EvenPlan(levels, threshold);
    }

    /** The sum of used² / total: each move makes it smaller. */
    double tension() {
      return levels.stream()
          .mapToDouble(
              level -> {
                double now = (double) used.getOrDefault(level.device(), 0L);
                return now * now / (double) level.total();
              })
          .sum();
    }

    void toTheEnd() {
      boolean more = true;
      while (more) {
        more = step();
      }
    }

    private boolean step() {
      for (var giver : plan.givers()) {
        var some = files.getOrDefault(giver, List.of());
        for (int i = 0; i < some.size(); i++) {
          var file = some.get(i);
          var takers = plan.takers(giver, file.length());
          if (!takers.isEmpty()) {
            move(giver, takers.get(random.nextInt(takers.size())), file);
            return true;
          }
        }
      }
      return false;
    }

    private void move(DeviceId giver, DeviceId taker, File file) {
      double before = tension();
      files.computeIfAbsent(giver, _ -> new ArrayList<>()).remove(file);
      files.computeIfAbsent(taker, _ -> new ArrayList<>()).add(file);
      used.merge(giver, -file.length(), Long::sum);
      used.merge(taker, file.length(), Long::sum);
      plan.move(giver, Optional.of(taker), file.length());
      assertThat(tension()).as("each move makes it more even").isLessThan(before);
      assertThat(plan.takers(taker, file.length()))
          .as("nothing goes back where it came from")
          .doesNotContain(giver);
      assertThat(used.get(taker)).isLessThanOrEqualTo(levels.get(taker.value() - 1).total());
      moves++;
      assertThat(moves).as("it ends").isLessThan(100_000);
    }
  }

  @Property(tries = 300)
  void withSmallFilesAllDevicesComeNearToTheMean(@ForAll long seed) {
    var run = new Run(seed, true);
    run.toTheEnd();

    assertThat(run.plan.deviation()).isLessThanOrEqualTo(run.threshold / 100 + 1e-9);
  }

  @Property(tries = 300)
  void withFilesOfAnyLengthItEnds(@ForAll long seed) {
    var run = new Run(seed, false);
    double before = run.plan.deviation();
    run.toTheEnd();

    assertThat(run.plan.deviation()).isLessThanOrEqualTo(before + 1e-9);
  }

  @Property(tries = 300)
  void whatIsForeseenIsWhatHappens(@ForAll long seed) {
    var run = new Run(seed, true);
    var shares = run.plan.foreseen();

    assertThat(shares.stream().mapToLong(EvenPlan.Share::bytes).sum()).isZero();
    for (var share : shares) {
      double after =
          (double) (share.level().used() + share.bytes()) / (double) share.level().total();
      assertThat(Math.abs(after - run.plan.mean())).isLessThan(run.threshold / 100 + 0.01);
    }
  }
}
