package io.hayloft.bench.node;

import io.hayloft.bench.load.LowWork;
import io.hayloft.bench.load.PacedReaders;
import io.hayloft.bench.load.Span;
import io.hayloft.bench.measure.PageCache;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.server.Server;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether clients wait for work that has time: how long the slowest hundredth of reads takes beside
 * digests, listings and copies, and alone. The clients ask at a steady rate that leaves the machine
 * most of its time; one file in four the kernel was made to forget, so the slowest hundredth is of
 * reads that need the disk, as that work does.
 *
 * @param perSecond reads of all clients together
 * @param others files that the work is done with
 */
record Yield(int perSecond, int others) implements Trial {

  private static final int READ_BYTES = 16 << 10;
  private static final int OTHER_BYTES = 256 << 10;
  private static final int CLIENTS = 16;
  private static final int ONE_COLD_IN = 4;

  @Override
  public String name() {
    return "yield";
  }

  /** In milliseconds. */
  private record Waits(double median, double slowest) {

    static Waits of(List<Double> all) {
      var spread = Spread.of(all);
      return new Waits(spread.median(), spread.percentile(99));
    }
  }

  @Override
  public void measure(Stage stage, NodeReport report) throws InterruptedException {
    try (var servers = stage.newServers(Kind.PUT)) {
      var server = servers.ours();
      var read = new Population(stage.newFiles(perSecond * stage.settings().seconds()), READ_BYTES);
      read.store(server, stage.tasks());
      var other = new Population(stage.newFiles(others), OTHER_BYTES);
      other.store(server, stage.tasks());
      var ground =
          new LowWork.Ground(server.address(), other.files(), OTHER_BYTES, stage.newFiles(others));
      warmUp(stage, server, read, ground);
      var alone = new ArrayList<Waits>();
      var beside = new EnumMap<LowWork.Kind, List<Waits>>(LowWork.Kind.class);
      for (int run = 0; run < stage.settings().runs(); run++) {
        alone.add(reads(stage, server, read));
        for (var kind : LowWork.Kind.values()) {
          beside
              .computeIfAbsent(kind, _ -> new ArrayList<>())
              .add(beside(stage, server, read, kind, ground));
        }
      }
      tell(report, alone, beside);
    }
  }

  private void warmUp(Stage stage, Server server, Population read, LowWork.Ground ground)
      throws InterruptedException {
    if (stage.settings().warmUp() > 0) {
      for (var kind : LowWork.Kind.values()) {
        beside(stage, server, read, kind, ground);
      }
    }
  }

  private Waits beside(
      Stage stage, Server server, Population read, LowWork.Kind kind, LowWork.Ground ground)
      throws InterruptedException {
    forget(server, ground.files(), 1);
    try (var work = LowWork.start(kind, ground, stage.tasks())) {
      work.awaitBegun(stage.time());
      long before = work.done();
      var waits = reads(stage, server, read);
      long done = work.done() - before;
      stage.say(
          "  beside %s, of %,d files: p50 %.2f ms, p99 %.2f ms"
              .formatted(kind.title(), done, waits.median(), waits.slowest()));
      return waits;
    }
  }

  private Waits reads(Stage stage, Server server, Population read) throws InterruptedException {
    forget(server, read.files(), ONE_COLD_IN);
    return Waits.of(
        new PacedReaders(CLIENTS, perSecond)
            .read(server.address(), read.files(), stage.tasks(), stage.time()));
  }

  private static void forget(Server server, Span files, int oneIn) {
    for (int i = 0; i < files.count(); i += oneIn) {
      PageCache.forget(files.file(server.docroot(), i));
    }
  }

  private void tell(NodeReport report, List<Waits> alone, Map<LowWork.Kind, List<Waits>> beside) {
    report.add(
        fact("p50 of %d reads a second, ms", "", alone.stream().map(Waits::median).toList()));
    report.add(
        fact("p99 of %d reads a second, ms", "", alone.stream().map(Waits::slowest).toList()));
    beside.forEach(
        (kind, waits) ->
            report.add(
                fact(
                    "p99 of %d reads a second, ms",
                    " beside " + kind.title(), waits.stream().map(Waits::slowest).toList())));
  }

  private Fact fact(String what, String beside, List<Double> values) {
    return new Fact(
        what.formatted(perSecond) + beside,
        Spread.of(values),
        Optional.empty(),
        Optional.empty(),
        Stage.load());
  }
}
