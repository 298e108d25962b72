package io.hayloft.bench.healing;

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
    return 6000;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    return List.of(new Figure(Yardstick.DRAIN, stage.repeat(() -> once(stage))));
  }

  private static Sample once(Stage stage) throws InterruptedException {
    stage.database().forgetFiles();
    var files = stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    var node = stage.cluster().liveNodes().getLast();
    var source = List.of(node.devices().getLast());
    var device = "host=" + node.name() + "&device=" + source.getFirst();
    long moved = stage.database().copiesOn(source);
    var watch = stage.begin();
    var job = stage.operator().ok("hayloft_move_start kind=drain&" + device).text("job");
    double seconds = watch.await("all moved", () -> !stage.database().isAnythingOn(source));
    var sample = watch.rate(moved, seconds);
    watch.await("the job ended", () -> isDone(stage, job));
    stage.mustBeWhole(files, 2);
    stage.operator().ok("set_state " + device + "&state=alive");
    stage.cluster().awaitWriteable();
    return sample;
  }

  private static boolean isDone(Stage stage, String job) {
    return stage
        .operator()
        .ok("hayloft_move_status job=" + job)
        .values()
        .getOrDefault("job1_state", "")
        .equals("done");
  }
}
