package io.hayloft.bench.node;

import io.hayloft.bench.load.Load;
import io.hayloft.bench.load.LoadResult;
import io.hayloft.bench.load.PacedReaders;
import io.hayloft.bench.load.Span;
import io.hayloft.bench.measure.PageCache;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.node.Duel.Asking;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.server.Contender;
import io.hayloft.bench.server.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether those who read what is in memory wait for those who read what is not: the slowest
 * hundredth of hot reads alone, and beside readers of files that the kernel was made to forget.
 * These read each file once, at a steady rate, and it is looked at in the kernel's books that the
 * bytes came from the disk.
 */
record Cold(int hotFiles, int coldPerSecond) implements Trial {

  private static final int HOT_BYTES = 16 << 10;
  private static final int COLD_BYTES = 64 << 10;
  private static final int READERS = 8;
  private static final double MOST = 2;
  private static final Duration ENDING = Duration.ofSeconds(60);

  /**
   * Files are read by turns, so that what a server keeps open of one turn is closed by its next.
   */
  private static final int TURNS = 3;

  @Override
  public String name() {
    return "cold";
  }

  private record Pair(double alone, double beside) {
    double ratio() {
      return beside / alone;
    }
  }

  @Override
  public void measure(Stage stage, NodeReport report) throws InterruptedException {
    var servers = stage.servers(Kind.GET);
    var hot = new Population(stage.newFiles(hotFiles), HOT_BYTES);
    hot.store(servers.ours(), stage.tasks());
    var turns = new ArrayList<Population>();
    for (int turn = 0; turn < Math.min(TURNS, stage.settings().runs()); turn++) {
      var cold =
          new Population(stage.newFiles(coldPerSecond * stage.settings().seconds()), COLD_BYTES);
      cold.store(servers.ours(), stage.tasks());
      turns.add(cold);
    }
    int connections = stage.settings().connections().getFirst();
    new Duel(stage, servers, Asking.reading(hot.files())).warmUp(connections);
    var pairs = new EnumMap<Contender, List<Pair>>(Contender.class);
    for (int run = 0; run < stage.settings().runs(); run++) {
      var cold = turns.get(run % turns.size());
      for (var contender : List.of(Contender.HAYLOFT, Contender.NGINX_SENDFILE)) {
        pairs
            .computeIfAbsent(contender, _ -> new ArrayList<>())
            .add(pair(stage, servers.of(contender), hot, cold));
      }
    }
    tell(report, pairs);
  }

  private static void tell(NodeReport report, Map<Contender, List<Pair>> pairs) {
    var ours = pairs.getOrDefault(Contender.HAYLOFT, List.of());
    var theirs = pairs.getOrDefault(Contender.NGINX_SENDFILE, List.of());
    double load = Stage.load();
    report.add(
        new Fact(
            "p99 of hot reads alone, ms",
            Spread.of(ours.stream().map(Pair::alone).toList()),
            Optional.of(Spread.of(theirs.stream().map(Pair::alone).toList())),
            Optional.empty(),
            load));
    report.add(
        new Fact(
            "p99 of hot reads beside cold ones, of that alone",
            Spread.of(ours.stream().map(Pair::ratio).toList()),
            Optional.of(Spread.of(theirs.stream().map(Pair::ratio).toList())),
            Optional.of(Goal.atMost(MOST)),
            load));
  }

  private Pair pair(Stage stage, Server server, Population hot, Population cold)
      throws InterruptedException {
    double alone = millis(hotReads(stage, server, hot.files()));
    for (int i = 0; i < cold.files().count(); i++) {
      PageCache.forget(cold.files().file(server.docroot(), i));
    }
    long before = server.meter().diskReadBytes();
    var readers =
        stage
            .tasks()
            .start(
                "cold readers",
                () ->
                    new PacedReaders(READERS, coldPerSecond)
                        .read(server.address(), cold.files(), stage.tasks(), stage.time()));
    double beside = millis(hotReads(stage, server, hot.files()));
    if (!readers.join(ENDING)) {
      throw new IllegalStateException("the cold reads do not end");
    }
    mustComeFromTheDisk(server.meter().diskReadBytes() - before, cold);
    stage.say(
        "  %s: hot p99 %.2f ms alone, %.2f ms beside cold reads"
            .formatted(server.contender().title(), alone, beside));
    return new Pair(alone, beside);
  }

  /** A reader that failed has read less. */
  private static void mustComeFromTheDisk(long read, Population cold) {
    long whole = (long) cold.files().count() * cold.bytes();
    if (read < whole * 9 / 10) {
      throw new IllegalStateException(
          "of %,d bytes that were to be cold only %,d came from the disk".formatted(whole, read));
    }
  }

  private static double millis(LoadResult result) {
    return result.p99Micros() / 1000.0;
  }

  private static LoadResult hotReads(Stage stage, Server server, Span hot)
      throws InterruptedException {
    int connections = stage.settings().connections().getFirst();
    var result =
        stage
            .wrk()
            .run(
                new Load(
                    server.address(),
                    connections,
                    stage.settings().seconds(),
                    Load.reading(hot, 1)));
    result.mustBeRight(HOT_BYTES, connections);
    return result;
  }
}
