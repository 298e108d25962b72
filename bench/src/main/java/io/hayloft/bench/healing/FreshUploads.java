package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.NodeLine;
import io.hayloft.bench.cluster.TrackerLine;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import io.hayloft.protocol.Fid;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Clients store a hundred files a second; how long after the tracker's OK does each have its second
 * copy? Uploads begin by the clock, whatever became of those before, so that a slow one does not
 * hide behind itself. Copies are looked for every few milliseconds, which is how exact this is.
 */
final class FreshUploads implements Benchmark {

  private static final int PER_SECOND = 100;

  /** Uploads a second, and how many times as many files, of a run that only warms up. */
  private static final int WARM_UP = 1000;

  private static final int WARM_UP_TIMES = 4;
  private static final int CLIENTS = 16;
  private static final Duration GLANCE = Duration.ofMillis(3);

  @Override
  public String name() {
    return "fresh";
  }

  @Override
  public int usualFiles() {
    return 2000;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    var spreads = new ArrayList<Spread>();
    if (stage.scale().warmUps() > 0) {
      once(stage, WARM_UP, stage.scale().files() * WARM_UP_TIMES, new ArrayList<>());
    }
    var samples = stage.repeat(() -> once(stage, PER_SECOND, stage.scale().files(), spreads));
    var counted = spreads.subList(spreads.size() - samples.size(), spreads.size());
    return List.of(
        figure(Yardstick.SECOND_COPY_MEDIAN, samples, counted, Spread::median),
        figure(Yardstick.SECOND_COPY_P99, samples, counted, each -> each.percentile(99)),
        figure(Yardstick.SECOND_COPY_LAST, samples, counted, Spread::most));
  }

  private static Figure figure(
      Yardstick yardstick,
      List<Sample> samples,
      List<Spread> spreads,
      Function<Spread, Double> value) {
    return new Figure(
        yardstick,
        IntStream.range(0, samples.size())
            .mapToObj(
                i ->
                    new Sample(
                        value.apply(spreads.get(i)),
                        samples.get(i).operations(),
                        samples.get(i).used(),
                        samples.get(i).trackerKib(),
                        samples.get(i).load()))
            .toList());
  }

  private static Sample once(Stage stage, int perSecond, int files, List<Spread> spreads)
      throws InterruptedException {
    stage.database().forgetFiles();
    var closed = new ConcurrentHashMap<Fid, Long>();
    var watch = stage.begin();
    var uploads = new Uploads(stage, perSecond, files, closed);
    var clients = IntStream.range(0, CLIENTS).boxed().toList();
    var uploading =
        stage
            .tasks()
            .start(
                "uploads",
                () -> {
                  var _ = stage.tasks().forEach(clients, CLIENTS, uploads::run);
                });
    var seconds = new HashMap<Fid, Double>();
    watch.await(
        "second copies",
        GLANCE,
        () -> {
          seconds.putAll(waited(stage, closed));
          return seconds.size() == files || (!uploading.isRunning() && closed.size() < 1);
        });
    if (seconds.size() != files) {
      throw new IllegalStateException("only " + seconds.size() + " of " + files + " were stored");
    }
    spreads.add(Spread.of(seconds.values()));
    return watch.sample(0, files);
  }

  /** Milliseconds that those files have waited that have their second copy now. */
  private static Map<Fid, Double> waited(Stage stage, Map<Fid, Long> closed) {
    var found = new HashMap<Fid, Double>();
    for (var fid : stage.database().withTwoCopies(closed.keySet())) {
      var since = closed.remove(fid);
      if (since != null) {
        found.put(fid, stage.time().since(since).toNanos() / 1e6);
      }
    }
    return found;
  }

  /** The clients, which share one clock of beginnings. */
  private static final class Uploads {

    private final Stage stage;
    private final int perSecond;
    private final int files;
    private final Map<Fid, Long> closed;
    private final AtomicInteger next = new AtomicInteger();
    private final long started;

    Uploads(Stage stage, int perSecond, int files, Map<Fid, Long> closed) {
      this.stage = stage;
      this.perSecond = perSecond;
      this.files = files;
      this.closed = closed;
      this.started = stage.time().nanoTime();
    }

    int run(int client) {
      var lines = new HashMap<InetSocketAddress, NodeLine>();
      try (var tracker = stage.cluster().connect()) {
        for (int i = next.getAndIncrement(); i < files; i = next.getAndIncrement()) {
          var begin = Duration.ofNanos(1_000_000_000L / perSecond * i);
          stage.time().sleep(begin.minus(stage.time().since(started)));
          upload(tracker, lines, "fresh-" + client + "-" + started + "-" + i);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        lines.values().forEach(NodeLine::close);
      }
      return client;
    }

    private void upload(TrackerLine tracker, Map<InetSocketAddress, NodeLine> lines, String key) {
      var names = "domain=%s&class=%s&key=%s".formatted(Cluster.DOMAIN, Cluster.CLASS, key);
      var open = tracker.ok("create_open " + names);
      var fid = new Fid(open.number("fid"));
      var path = URI.create(open.text("path"));
      var bytes = stage.filler().bytes(fid);
      lines
          .computeIfAbsent(new InetSocketAddress(path.getHost(), path.getPort()), NodeLine::open)
          .put(path.getPath(), bytes);
      tracker.ok(
          "create_close %s&fid=%s&devid=%s&size=%d&path=%s"
              .formatted(names, fid, open.text("devid"), bytes.length, path));
      closed.put(fid, stage.time().nanoTime());
    }
  }
}
