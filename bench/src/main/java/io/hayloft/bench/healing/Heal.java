package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.cluster.NodeHost;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of three dies with its two devices: from marking them dead until every file has two copies
 * again on the others. Before the next run a new node takes its place.
 */
final class Heal implements Benchmark {

  private static final Duration NOTICING = Duration.ofSeconds(30);
  private static final Duration GLANCE = Duration.ofMillis(50);

  private final String name;
  private final int files;
  private final Yardstick time;

  /**
   * @param files two thirds of them have a copy on each node
   * @param time what the time is compared with
   */
  Heal(String name, int files, Yardstick time) {
    this.name = name;
    this.files = files;
    this.time = time;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int usualFiles() {
    return files;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    var rates = new ArrayList<Sample>();
    var times = stage.repeat(() -> once(stage, rates));
    var counted = rates.subList(rates.size() - times.size(), rates.size());
    return List.of(new Figure(time, times), new Figure(Yardstick.HEAL_RATE, counted));
  }

  private static Sample once(Stage stage, List<Sample> rates) throws InterruptedException {
    stage.database().forgetFiles();
    var files = stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    var victim = stage.cluster().liveNodes().getLast();
    long lost = stage.database().copiesOn(victim.devices());
    victim.process().kill();
    awaitUnreachable(stage, victim);
    var watch = stage.begin();
    stage.cluster().markDead(victim);
    double seconds =
        watch.await(
            "all healed",
            () ->
                !stage.database().isAnythingOn(victim.devices())
                    && stage.database().isReplicationQueueEmpty()
                    && stage.database().copies() == 2L * files.size());
    rates.add(watch.rate(lost, seconds));
    var sample = watch.sample(seconds, lost);
    stage.mustBeWhole(files, 2);
    stage.cluster().addNode();
    return sample;
  }

  private static void awaitUnreachable(Stage stage, NodeHost victim) throws InterruptedException {
    var device = "observed_state=writeable";
    stage
        .cluster()
        .await(
            NOTICING,
            GLANCE,
            "the dead node noticed",
            () ->
                victim.devices().stream()
                    .noneMatch(
                        each ->
                            stage.operator().ask("get_devices devid=" + each).contains(device)));
  }
}
