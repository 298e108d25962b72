package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import java.util.List;

/**
 * How large the tracker gets while very many files are checked. The files share their bytes on the
 * disks, because only names and lengths are looked at.
 */
final class Memory implements Benchmark {

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public int usualFiles() {
    return 1_000_000;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    stage.filler().fillWithNames(stage.scale().files(), Filler.Manner.WHOLE);
    var samples = stage.repeat(() -> memory(Fsck.check(stage, false)));
    return List.of(new Figure(Yardstick.TRACKER_MEMORY, samples));
  }

  private static Sample memory(Sample check) {
    return new Sample(
        check.trackerKib() / 1024.0,
        check.operations(),
        check.used(),
        check.trackerKib(),
        check.load());
  }
}
