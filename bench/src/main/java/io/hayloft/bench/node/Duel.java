package io.hayloft.bench.node;

import io.hayloft.bench.load.Load;
import io.hayloft.bench.load.LoadResult;
import io.hayloft.bench.load.Span;
import io.hayloft.bench.server.Contender;
import io.hayloft.bench.server.Server;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Servers that are asked for the same, in turn: so what else the machine does meets all of them
 * alike.
 */
final class Duel {

  /** Until nginx has opened its files; there is nothing in it to compile. */
  private static final int OPENING = 2;

  /** Before each measurement: files that nobody asked for meanwhile may have been closed. */
  private static final int RUN_UP = 1;

  private final Stage stage;
  private final Servers servers;
  private final Population population;
  private final Asking asking;

  /** What a script is told to ask for. */
  @FunctionalInterface
  interface Asking {
    List<String> arguments(Span files, long seed);
  }

  Duel(Stage stage, Servers servers, Population population, Asking asking) {
    this.stage = stage;
    this.servers = servers;
    this.population = population;
    this.asking = asking;
  }

  /** What is looked at after each run. */
  @FunctionalInterface
  interface Check {

    Check NONE = (_, _, _) -> {};

    /**
     * @throws IllegalStateException when a server did not do what it said
     */
    void look(Server server, int connections, LoadResult result);
  }

  /** Puts the servers under load until they are as fast as they become. */
  void warmUp(int connections) throws InterruptedException {
    if (stage.settings().warmUp() == 0) {
      return;
    }
    for (var server : servers.all()) {
      int seconds =
          server.contender().isOurs()
              ? stage.settings().warmUp()
              : Math.min(OPENING, stage.settings().warmUp());
      ask(server, connections, seconds, 0);
    }
  }

  /** Measures each server as often as the settings say. */
  Comparison compare(Contest contest, int connections, Check check) throws InterruptedException {
    var rounds = new ArrayList<Map<Contender, Measurement>>();
    for (int round = 1; round <= stage.settings().runs(); round++) {
      var order = new ArrayList<>(servers.all());
      // None is always first after a pause.
      Collections.rotate(order, round);
      var measured = new EnumMap<Contender, Measurement>(Contender.class);
      for (var server : order) {
        measured.put(server.contender(), measure(contest, server, connections, round, check));
      }
      rounds.add(measured);
    }
    return new Comparison(contest, connections, rounds);
  }

  private Measurement measure(
      Contest contest, Server server, int connections, int round, Check check)
      throws InterruptedException {
    if (stage.settings().warmUp() > 0) {
      ask(server, connections, RUN_UP, 0);
    }
    var meter = server.meter();
    long before = meter.cpuMicros();
    var result = ask(server, connections, stage.settings().seconds(), round);
    long used = meter.cpuMicros() - before;
    result.mustBeRight(contest.kind().writes() ? 0 : population.bytes(), connections);
    check.look(server, connections, result);
    var measurement = Measurement.of(result, used, Stage.load());
    stage.say(
        "  %s c=%d %-13s %,9.0f/s %9.1f µs CPU  p99 %.1f ms  load %.1f"
            .formatted(
                contest.name(),
                connections,
                server.contender().title(),
                measurement.perSecond(),
                measurement.cpuMicros(),
                measurement.p99Millis(),
                measurement.load()));
    return measurement;
  }

  private LoadResult ask(Server server, int connections, int seconds, long seed)
      throws InterruptedException {
    return stage
        .wrk()
        .run(
            new Load(
                server.address(),
                connections,
                seconds,
                asking.arguments(population.files(), seed)));
  }
}
