package io.hayloft.bench.node;

import io.hayloft.bench.load.Load;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;

/** Files of one length are written one after the other, and then again over themselves. */
record Writing(Contest contest) implements Trial {

  /** A disk's syncs are shared by those who wait for them: how many that are belongs to a goal. */
  private static final List<Integer> WHERE_SYNCS_ARE_JUDGED = List.of(16);

  @Override
  public String name() {
    return contest.name();
  }

  @Override
  public void measure(Stage stage, NodeReport report) throws InterruptedException {
    var servers = stage.servers(contest.kind());
    var population = new Population(stage.newFiles(contest.files()), contest.bytes());
    var body = Population.block(contest.bytes());
    var file = stage.newPlace().resolve("body");
    try {
      Files.write(file, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var duel = new Duel(stage, servers, population, (files, _) -> Load.writing(files, file));
    duel.warmUp(Collections.max(connections(stage)));
    for (int connections : connections(stage)) {
      report.add(
          duel.compare(
              contest,
              connections,
              (server, sent, result) ->
                  population.mustBeWritten(server.docroot(), body, result.requests() - sent)));
    }
  }

  private List<Integer> connections(Stage stage) {
    return contest.kind() == Kind.DURABLE_PUT
        ? WHERE_SYNCS_ARE_JUDGED
        : stage.settings().connections();
  }
}
