package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.database.BenchDatabase.Laid;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import io.hayloft.protocol.ReplicaPath;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Files with two copies were deleted while nobody removed bytes; from starting the workers until
 * nothing of them is left, on disks and in tables.
 */
final class Delete implements Benchmark {

  private static final int CLIENTS = 8;

  @Override
  public String name() {
    return "delete";
  }

  @Override
  public int usualFiles() {
    return 10_000;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    var crew = stage.crew("delete");
    return List.of(new Figure(Yardstick.DELETE, stage.repeat(() -> once(stage, crew))));
  }

  private static Sample once(Stage stage, Stage.Crew crew) throws InterruptedException {
    crew.off();
    stage.database().forgetFiles();
    var files = stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    deleteAll(stage, files);
    var watch = stage.begin();
    crew.on();
    double seconds = watch.await("all removed", stage.database()::isDeletionQueueEmpty);
    var sample = watch.rate(files.size(), seconds);
    mustBeGone(stage, files);
    return sample;
  }

  private static void deleteAll(Stage stage, List<Laid> files) throws InterruptedException {
    stage
        .tasks()
        .forEach(
            IntStream.range(0, CLIENTS).boxed().toList(),
            CLIENTS,
            client -> {
              try (var line = stage.cluster().connect()) {
                for (int i = client; i < files.size(); i += CLIENTS) {
                  line.ok("delete domain=" + Cluster.DOMAIN + "&key=" + files.get(i).key());
                }
              }
              return client;
            });
  }

  private static void mustBeGone(Stage stage, List<Laid> files) {
    if (stage.database().copies() > 0) {
      throw new IllegalStateException("rows of deleted files are left");
    }
    for (var file : files) {
      for (var device : file.devices()) {
        var path = stage.cluster().nodeOf(device).file(new ReplicaPath(device, file.fid()));
        if (Files.exists(path)) {
          throw new IllegalStateException("bytes of a deleted file are left: " + path);
        }
      }
    }
  }
}
