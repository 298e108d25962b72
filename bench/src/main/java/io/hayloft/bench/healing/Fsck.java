package io.hayloft.bench.healing;

import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
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
  public List<Figure> measure(Stage stage) throws InterruptedException {
    stage.operator().ok("set_server_setting key=fsck_checksum&value=off");
    stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    return List.of(new Figure(Yardstick.FSCK, stage.repeat(() -> check(stage))));
  }

  /** One whole check. */
  static Sample check(Stage stage) throws InterruptedException {
    long files = stage.database().files();
    stage.operator().ok("fsck_reset");
    stage.operator().ok("fsck_clearlog");
    var watch = stage.begin();
    stage.operator().ok("fsck_start");
    double seconds =
        watch.await(
            "all checked", () -> !isRunning(stage) && stage.database().isUpkeepQueueEmpty());
    var sample = watch.rate(files, seconds);
    mustHaveFoundNothing(stage);
    return sample;
  }

  private static boolean isRunning(Stage stage) {
    return stage.database().hasSetting("fsck_host");
  }

  private static void mustHaveFoundNothing(Stage stage) {
    var status = stage.operator().ok("fsck_status");
    long checked = status.number("max_fid_checked");
    if (checked < status.number("end_fid")) {
      throw new IllegalStateException("the check ended at fid " + checked);
    }
    status
        .values()
        .forEach(
            (field, count) -> {
              if (field.startsWith("num_") && !count.equals("0")) {
                throw new IllegalStateException("files that are well: " + field + " " + count);
              }
            });
  }
}
