package io.hayloft.bench.node;

import io.hayloft.bench.load.IdleLines;
import io.hayloft.bench.load.Load;
import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Goal;
import io.hayloft.bench.server.Contender;
import io.hayloft.bench.server.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/**
 * What memory connections cost that were used once and stay open. The servers are asked for a while
 * before, so that memory which they take anyway, such as the young generation of a JVM, is not
 * taken for that of connections.
 *
 * @param connections as many as a node takes by default
 * @param settling before each look
 */
record Idle(int connections, Duration settling) implements Trial {

  private static final double MOST_MIB = 60;
  private static final int FILES = 100;
  private static final int BYTES = 1024;
  private static final int BUSY = 64;
  private static final int BUSY_SECONDS = 5;

  @Override
  public String name() {
    return "idle";
  }

  /**
   * In MiB.
   *
   * @param more with the connections
   */
  private record Memory(double idle, double more) {}

  @Override
  public void measure(Stage stage, NodeReport report) throws InterruptedException {
    var ours = new ArrayList<Memory>();
    var theirs = new ArrayList<Memory>();
    for (int run = 0; run < stage.settings().runs(); run++) {
      try (var servers = stage.newServers(Kind.GET)) {
        var population = new Population(stage.newFiles(FILES), BYTES);
        population.store(servers.ours(), stage.tasks());
        ours.add(look(stage, servers.ours(), population));
        theirs.add(look(stage, servers.of(Contender.NGINX_SENDFILE), population));
      }
    }
    report.add(
        new Fact(
            "idle after %d s of load, MiB".formatted(BUSY_SECONDS),
            Spread.of(ours.stream().map(Memory::idle).toList()),
            Optional.of(Spread.of(theirs.stream().map(Memory::idle).toList())),
            Optional.empty(),
            Stage.load()));
    report.add(
        new Fact(
            "%,d idle connections, MiB above the idle server".formatted(connections),
            Spread.of(ours.stream().map(Memory::more).toList()),
            Optional.of(Spread.of(theirs.stream().map(Memory::more).toList())),
            Optional.of(Goal.atMost(MOST_MIB)),
            Stage.load()));
  }

  private Memory look(Stage stage, Server server, Population population)
      throws InterruptedException {
    if (stage.settings().warmUp() > 0) {
      stage
          .wrk()
          .run(new Load(server.address(), BUSY, BUSY_SECONDS, Load.reading(population.files(), 0)));
    }
    stage.time().sleep(settling);
    double before = server.meter().residentKib() / 1024.0;
    var path = population.files().path(0);
    try (var lines = IdleLines.open(server.address(), connections, path)) {
      stage.time().sleep(settling);
      double more = server.meter().residentKib() / 1024.0 - before;
      lines.mustBeOpen(path);
      stage.say(
          "  %s: %.1f MiB idle, %.1f more with %,d connections"
              .formatted(server.contender().title(), before, more, connections));
      return new Memory(before, more);
    }
  }
}
