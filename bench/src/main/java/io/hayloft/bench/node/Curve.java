package io.hayloft.bench.node;

import io.hayloft.bench.load.Span;
import io.hayloft.bench.node.Contest.Goals;
import io.hayloft.bench.node.Duel.Asking;

/**
 * Small files at random out of ever more of them: those beyond what a server keeps open cost it an
 * open each time, those beyond the kernel's tables a read of directories. Each is a file of its
 * own, on the disk as a node leaves it.
 */
record Curve() implements Trial {

  private static final int BYTES = 4096;

  @Override
  public String name() {
    return "population";
  }

  @Override
  public boolean isLong() {
    return true;
  }

  @Override
  public void measure(Stage stage, NodeReport report) throws InterruptedException {
    var servers = stage.servers(Kind.GET);
    Span all = stage.newFiles(stage.settings().populations().getLast());
    long begun = stage.time().nanoTime();
    new Population(all, BYTES).lay(servers.ours().docroot(), stage.tasks());
    stage.say(
        "  %,d files laid in %d s".formatted(all.count(), stage.time().since(begun).toSeconds()));
    int connections = stage.settings().connections().getFirst();
    for (int files : stage.settings().populations()) {
      var population = new Population(all.begin(files), BYTES);
      servers.all().forEach(population::mustBeServedBy);
      var contest = new Contest("get-4k", Kind.GET, BYTES, files, Goals.NONE);
      var duel = new Duel(stage, servers, Asking.reading(population.files()));
      duel.warmUp(connections);
      report.add(duel.compare(contest, connections));
    }
    stage.discard(Kind.GET);
  }
}
