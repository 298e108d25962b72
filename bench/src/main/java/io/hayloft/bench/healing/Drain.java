package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import java.util.List;

/** All copies of one device move to the others, because it is to be taken out. */
final class Drain implements Benchmark {

  @Override
  public String name() {
    return "drain";
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
    return List.of(new Figure(Yardstick.DRAIN, stage.repeat(() -> once(stage))));
  }

  private static Sample once(Stage stage) throws InterruptedException {
    stage.database().forgetFiles();
    var files = stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    var node = stage.cluster().liveNodes().getLast();
    var source = node.devices().getLast();
    long moved = stage.database().copiesOn(List.of(source));
    var operator = stage.operator();
    var device = "host=%s&device=%s".formatted(node.name(), source);
    var watch = stage.begin();
    var job = operator.ok("hayloft_move_start kind=drain&" + device).text("job");
    double seconds =
        watch.await("all moved", () -> !stage.database().isAnythingOn(List.of(source)));
    var sample = watch.rate(moved, seconds);
    stage.mustBeWhole(files, 2);
    // The job waits a while for what may still come; whether it has ended or not, it is to end
    // here.
    var _ = operator.ask("hayloft_move_stop job=" + job);
    operator.ok("set_state state=alive&" + device);
    stage.cluster().awaitWriteable();
    return sample;
  }
}
