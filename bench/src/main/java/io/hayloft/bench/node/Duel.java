package io.hayloft.bench.node;

import io.hayloft.bench.load.Load;
import io.hayloft.bench.load.LoadResult;
import io.hayloft.bench.load.Span;
import io.hayloft.bench.load.WarmUp;
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
  private final Asking asking;

  /** What servers are asked for. */
  @FunctionalInterface
  interface Asking {

    /** Each server is asked for files at random, the same ones in the same order. */
    static Asking reading(Span files) {
      return (_, seed) -> Load.reading(files, seed);
    }

    /** What the script is told. */
    List<String> arguments(Server server, long seed);

    /**
     * Takes note of what came of it.
     *
     * @throws IllegalStateException when a server did not do what it said
     */
    default void asked(Server server, int connections, LoadResult result) {}
  }

  Duel(Stage stage, Servers servers, Asking asking) {
    this.stage = stage;
    this.servers = servers;
    this.asking = asking;
  }

  /** Puts the servers under load until they are as fast as they become. */
  void warmUp(int connections) throws InterruptedException {
    if (stage.settings().warmUp() == 0) {
      return;
    }
    for (var server : servers.all()) {
      if (server.contender().isOurs()) {
        var warmUp = new WarmUp(stage.settings().warmUp());
        while (warmUp.goesOn(cost(server, connections, warmUp.chunk()))) {
          // It is not steady yet.
        }
      } else {
        ask(server, connections, Math.min(OPENING, stage.settings().warmUp()), 0);
      }
    }
  }

  /** Microseconds of processor time for each request. */
  private double cost(Server server, int connections, int seconds) throws InterruptedException {
    long before = server.meter().cpuMicros();
    var result = ask(server, connections, seconds, 0);
    return (double) (server.meter().cpuMicros() - before) / Math.max(1, result.requests());
  }

  /** Measures each server as often as the settings say. */
  Comparison compare(Contest contest, int connections) throws InterruptedException {
    var rounds = new ArrayList<Map<Contender, Measurement>>();
    for (int round = 1; round <= stage.settings().runs(); round++) {
      var order = new ArrayList<>(servers.all());
      // None is always first after a pause.
      Collections.rotate(order, round);
      var measured = new EnumMap<Contender, Measurement>(Contender.class);
      for (var server : order) {
        measured.put(server.contender(), measure(contest, server, connections, round));
      }
      rounds.add(measured);
    }
    return new Comparison(contest, connections, rounds);
  }

  private Measurement measure(Contest contest, Server server, int connections, int round)
      throws InterruptedException {
    if (stage.settings().warmUp() > 0) {
      ask(server, connections, RUN_UP, 0);
    }
    var meter = server.meter();
    long before = meter.cpuMicros();
    var result = ask(server, connections, stage.settings().seconds(), round);
    long used = meter.cpuMicros() - before;
    result.mustBeRight(contest.kind().writes() ? 0 : contest.bytes(), connections);
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
    var load = new Load(server.address(), connections, seconds, asking.arguments(server, seed));
    var result = stage.wrk().run(load);
    asking.asked(server, connections, result);
    return result;
  }
}
