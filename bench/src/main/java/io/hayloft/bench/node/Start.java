package io.hayloft.bench.node;

import io.hayloft.bench.cluster.DaemonProcess;
import io.hayloft.bench.cluster.NodeLine;
import io.hayloft.bench.cluster.NodeOrder;
import io.hayloft.bench.load.Span;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.server.HayloftServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/** From the start of the process to the first file that it has sent. */
record Start() implements Trial {

  /** Where {@code bench/run} tells which launcher is beside it. */
  static final String LAUNCHER = "hayloft.launcher";

  private static final double MOST_MILLIS = 1000;
  private static final Duration GLANCE = Duration.ofMillis(1);

  /** The launcher may have to build first. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public void measure(Stage stage, NodeReport report) throws InterruptedException {
    var docroot = stage.newPlace();
    var file = new Span(1, 1);
    try {
      Files.createDirectories(file.file(docroot, 0).getParent());
      Files.write(file.file(docroot, 0), Population.block(1024));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The first one after a build reads its classes from the disk, or even builds.
    once(stage, docroot, file);
    var millis = new ArrayList<Double>();
    for (int run = 0; run < stage.settings().runs(); run++) {
      millis.add(once(stage, docroot, file));
    }
    report.add(
        new Fact(
            "start to the first GET, ms",
            Spread.of(millis),
            Optional.empty(),
            Optional.of(Goal.atMost(MOST_MILLIS)),
            Stage.load()));
  }

  private static double once(Stage stage, Path docroot, Span file) throws InterruptedException {
    var order = HayloftServer.order(docroot, "full", stage.settings().daemonFlags());
    long started = stage.time().nanoTime();
    try (var process = launch(order, stage.newPlace().resolve("hayloft.log"))) {
      while (!answers(order.http(), file)) {
        if (!process.isAlive() || stage.time().since(started).compareTo(PATIENCE) > 0) {
          throw new IllegalStateException("it does not start:\n" + process.log());
        }
        stage.time().sleep(GLANCE);
      }
      double millis = stage.time().since(started).toNanos() / 1e6;
      stage.say("  started in %.0f ms".formatted(millis));
      return millis;
    }
  }

  private static DaemonProcess launch(NodeOrder order, Path log) {
    var launcher = System.getProperty(LAUNCHER);
    return launcher == null ? order.launch(log) : order.launchBy(Path.of(launcher), log);
  }

  private static boolean answers(InetSocketAddress address, Span file) {
    try (var line = NodeLine.open(address)) {
      line.get(file.path(0));
      return true;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }
}
