package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import io.hayloft.protocol.DeviceId;
import java.util.List;

/** All copies of one device move to the others, by a rebalance from that device. */
final class Rebalance implements Benchmark {

  @Override
  public String name() {
    return "rebalance";
  }

  @Override
  public int usualFiles() {
    return 12_000;
  }

  @Override
  public int usualWarmUps() {
    return 5;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    return List.of(new Figure(Yardstick.REBALANCE, stage.repeat(() -> once(stage))));
  }

  private static Sample once(Stage stage) throws InterruptedException {
    stage.database().forgetFiles();
    var files = stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    var source = List.of(lastDevice(stage));
    long moved = stage.database().copiesOn(source);
    var operator = stage.operator();
    operator.ok("rebalance_reset");
    operator.ok("rebalance_set_policy policy=from_devices%3D" + source.getFirst());
    var watch = stage.begin();
    operator.ok("rebalance_start");
    double seconds =
        watch.await(
            "all moved",
            () -> !stage.database().isAnythingOn(source) && stage.database().isUpkeepQueueEmpty());
    var sample = watch.rate(moved, seconds);
    stage.mustBeWhole(files, 2);
    // The run itself notices a little later that nothing is left.
    watch.await("rebalance ended", () -> !stage.database().hasSetting("rebal_host"));
    return sample;
  }

  private static DeviceId lastDevice(Stage stage) {
    return stage.cluster().liveNodes().getLast().devices().getLast();
  }
}
