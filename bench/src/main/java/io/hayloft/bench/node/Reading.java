package io.hayloft.bench.node;

import io.hayloft.bench.node.Duel.Asking;
import java.util.Collections;

/** Files of one length are read at random. */
record Reading(Contest contest) implements Trial {

  @Override
  public String name() {
    return contest.name();
  }

  @Override
  public void measure(Stage stage, NodeReport report) throws InterruptedException {
    var servers = stage.servers(contest.kind());
    var population = new Population(stage.newFiles(contest.files()), contest.bytes());
    population.store(servers.ours(), stage.tasks());
    servers.all().forEach(population::mustBeServedBy);
    var duel = new Duel(stage, servers, Asking.reading(population.files()));
    duel.warmUp(Collections.max(stage.settings().connections()));
    for (int connections : stage.settings().connections()) {
      report.add(duel.compare(contest, connections));
    }
  }
}
