package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import io.hayloft.protocol.Arguments;
import java.util.List;

/** A check of all files, which are all well, by lengths alone: from its start to its end. */
final class Fsck implements Benchmark {

  @Override
  public String name() {
    return "fsck";
  }

  @Override
  public int usualFiles() {
    return 100_000;
  }

  @Override
  public int usualWarmUps() {
    return 10;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    return List.of(new Figure(Yardstick.FSCK, stage.repeat(() -> check(stage, false))));
  }

  /** One whole check, by lengths alone or of all contents. */
  static Sample check(Stage stage, boolean ofContents) throws InterruptedException {
    long files = stage.database().files();
    var watch = stage.begin();
    var run =
        stage.operator().ok("hayloft_fsck_start checksums=" + (ofContents ? 1 : 0)).text("run");
    double seconds = watch.await("all checked", () -> isEverythingChecked(stage));
    var sample = watch.rate(files, seconds);
    watch.await("the report closed", () -> report(stage, run).text("outcome").equals("finished"));
    mustHaveFoundNothing(stage, run, files);
    return sample;
  }

  private static boolean isEverythingChecked(Stage stage) {
    return !stage.database().hasSetting("fsck_host") && stage.database().isUpkeepQueueEmpty();
  }

  private static Arguments report(Stage stage, String run) {
    return stage.operator().ok("hayloft_fsck_report run=" + run);
  }

  private static void mustHaveFoundNothing(Stage stage, String run, long files) {
    var report = report(stage, run);
    var found =
        report.values().entrySet().stream()
            .filter(each -> each.getKey().startsWith("num_") && !each.getValue().equals("0"))
            .map(Object::toString)
            .sorted()
            .toList();
    long checked = report.number("checked");
    if (checked != files || report.number("stalled") != 0 || !found.isEmpty()) {
      throw new IllegalStateException(
          "of " + files + " files " + checked + " were checked, and this was found: " + found);
    }
  }
}
