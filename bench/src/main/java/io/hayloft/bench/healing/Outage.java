package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.cluster.NodeHost;
import io.hayloft.bench.cluster.TrackerLine;
import io.hayloft.bench.database.BenchDatabase.Laid;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import io.hayloft.runtime.task.Tasks.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One node hangs, then comes back; then it is killed. How long is it still named as a place to read
 * from, and how long does the slowest of all other requests take meanwhile?
 */
final class Outage implements Benchmark {

  private static final Duration GLANCE = Duration.ofMillis(5);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final int CLIENTS = 4;

  private final Duration watched;

  /**
   * @param watched how long requests are timed, from the beginning of an outage or without one
   */
  Outage(Duration watched) {
    this.watched = watched;
  }

  @Override
  public String name() {
    return "outage";
  }

  @Override
  public int usualFiles() {
    return 300;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    var quiet = new ArrayList<Sample>();
    var hung = new ArrayList<Found>();
    var killed = new ArrayList<Found>();
    int runs = stage.scale().warmUps() + stage.scale().runs();
    for (int run = 0; run < runs; run++) {
      var found = new Found[3];
      var files = lay(stage);
      found[0] = during(stage, files, NOTHING);
      found[1] = during(stage, files, node -> node.process().freeze());
      stage.cluster().liveNodes().getLast().process().thaw();
      awaitNamed(stage, files);
      var victim = stage.cluster().liveNodes().getLast();
      found[2] = during(stage, files, node -> node.process().kill());
      // Else the tracker takes more and more silent devices for a fault of the network.
      stage.cluster().markDead(victim);
      stage.cluster().addNode();
      if (run >= stage.scale().warmUps()) {
        quiet.add(found[0].slowest());
        hung.add(found[1]);
        killed.add(found[2]);
      }
    }
    return List.of(
        new Figure(Yardstick.KILLED, killed.stream().map(Found::gone).toList()),
        new Figure(Yardstick.HUNG, hung.stream().map(Found::gone).toList()),
        new Figure(Yardstick.SLOWEST_KILLED, killed.stream().map(Found::slowest).toList()),
        new Figure(Yardstick.SLOWEST_HUNG, hung.stream().map(Found::slowest).toList()),
        new Figure(Yardstick.SLOWEST_QUIET, quiet));
  }

  /**
   * What was seen.
   *
   * @param gone seconds until the node was not named any more
   * @param slowest milliseconds of the slowest request
   */
  private record Found(Sample gone, Sample slowest) {}

  /** What is done to a node. */
  @FunctionalInterface
  private interface Fault {
    void befall(NodeHost node) throws InterruptedException;
  }

  private static final Fault NOTHING = _ -> {};

  private static List<Laid> lay(Stage stage) throws InterruptedException {
    stage.database().forgetFiles();
    return stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
  }

  private Found during(Stage stage, List<Laid> files, Fault fault) throws InterruptedException {
    var victim = stage.cluster().liveNodes().getLast();
    var file = fileOn(victim, files);
    var clients = new Clients(stage, files);
    try {
      var watch = stage.begin();
      fault.befall(victim);
      double seconds =
          fault == NOTHING
              ? 0
              : watch.await("node gone", GLANCE, () -> !isNamed(stage, victim, file));
      stage.time().sleep(watched.minusNanos((long) (seconds * 1e9)));
      var latencies = clients.stop();
      return new Found(watch.sample(seconds, 0), watch.sample(Spread.of(latencies).most(), 0));
    } finally {
      var _ = clients.stop();
    }
  }

  private static Laid fileOn(NodeHost node, List<Laid> files) {
    return files.stream()
        .filter(each -> each.devices().stream().anyMatch(node.devices()::contains))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitNamed(Stage stage, List<Laid> files) throws InterruptedException {
    var victim = stage.cluster().liveNodes().getLast();
    var watched = fileOn(victim, files);
    stage
        .cluster()
        .await(Duration.ofMinutes(1), PAUSE, "node back", () -> isNamed(stage, victim, watched));
  }

  private static boolean isNamed(Stage stage, NodeHost node, Laid file) {
    var host = "//" + node.address().getHostString() + ":";
    return stage
        .operator()
        .ok("get_paths domain=" + Cluster.DOMAIN + "&noverify=1&key=" + file.key())
        .values()
        .values()
        .stream()
        .anyMatch(path -> path.contains(host));
  }

  /** Clients that ask all kinds of things and note how long each answer took. */
  private static final class Clients {

    private final Stage stage;
    private final List<Laid> files;
    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Task> running = new ArrayList<>();

    Clients(Stage stage, List<Laid> files) {
      this.stage = stage;
      this.files = files;
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        running.add(stage.tasks().start("client", () -> run(number)));
      }
    }

    private void run(int client) throws InterruptedException {
      try (var line = stage.cluster().connect()) {
        for (int i = client; !isOver.get(); i += CLIENTS) {
          long started = stage.time().nanoTime();
          ask(line, i);
          millis.add(stage.time().since(started).toNanos() / 1e6);
          stage.time().sleep(PAUSE);
        }
      }
    }

    private void ask(TrackerLine line, int turn) {
      var key = "domain=" + Cluster.DOMAIN + "&key=" + files.get(turn % files.size()).key();
      switch (turn / CLIENTS % 4) {
        case 0 -> line.ok("get_paths " + key);
        case 1 -> line.ok("get_paths noverify=1&" + key);
        case 2 -> line.ok("file_info " + key);
        default -> line.ok("create_open domain=" + Cluster.DOMAIN + "&key=outage-" + turn);
      }
    }

    /** Ends them; how long each request took. */
    List<Double> stop() throws InterruptedException {
      isOver.set(true);
      for (var task : running) {
        if (!task.join(Duration.ofMinutes(2))) {
          throw new IllegalStateException("a request was not answered within two minutes");
        }
      }
      return List.copyOf(millis);
    }
  }
}
