package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import java.util.List;

/** Many files with one copy each get their second, from starting the workers to the last copy. */
final class Replicate implements Benchmark {

  @Override
  public String name() {
    return "replicate";
  }

  @Override
  public int usualFiles() {
    return 10_000;
  }

  @Override
  public int usualWarmUps() {
    return 12;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    var crew = stage.crew("replicate");
    var samples = stage.repeat(() -> once(stage, crew));
    return List.of(
        new Figure(Yardstick.REPLICATE, samples),
        new Figure(
            Yardstick.REPLICATE_CPU, samples.stream().map(Replicate::centralPerFile).toList()));
  }

  private static Sample once(Stage stage, Stage.Crew crew) throws InterruptedException {
    crew.off();
    stage.database().forgetFiles();
    var files = stage.filler().fill(stage.scale().files(), Filler.Manner.LACKING_ONE);
    var watch = stage.begin();
    crew.on();
    double seconds = watch.await("all replicated", stage.database()::isReplicationQueueEmpty);
    var sample = watch.rate(files.size(), seconds);
    stage.mustBeWhole(files, 2);
    return sample;
  }

  private static Sample centralPerFile(Sample sample) {
    return new Sample(
        sample.perFile(sample.used().central()),
        sample.operations(),
        sample.used(),
        sample.trackerKib(),
        sample.load());
  }
}
