package io.hayloft.bench.node;

import io.hayloft.bench.load.Load;
import io.hayloft.bench.load.LoadResult;
import io.hayloft.bench.node.Duel.Asking;
import io.hayloft.bench.server.Contender;
import io.hayloft.bench.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Files of one length are written, each to a path of its own, as a store does; when all have been
 * written, and only then, over those that are there.
 */
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
    // Before anything is measured: that it can be done at all.
    for (var server : servers.all()) {
      new Population(stage.newFiles(1), contest.bytes()).store(server, stage.tasks());
    }
    var place = stage.newPlace();
    var duel = new Duel(stage, servers, new OneAfterTheOther(population, place));
    duel.warmUp(Collections.max(connections(stage)));
    for (int connections : connections(stage)) {
      report.add(duel.compare(contest, connections));
    }
    stage.discard(contest.kind());
  }

  private List<Integer> connections(Stage stage) {
    return contest.kind() == Kind.DURABLE_PUT
        ? WHERE_SYNCS_ARE_JUDGED
        : stage.settings().connections();
  }

  /** Goes on for each server where it ended, and sees that what was acknowledged is there. */
  private static final class OneAfterTheOther implements Asking {

    private final Population population;
    private final byte[] body;
    private final Path bodyFile;
    private final Map<Contender, Long> written = new EnumMap<>(Contender.class);

    OneAfterTheOther(Population population, Path place) {
      this.population = population;
      this.body = Population.block(population.bytes());
      this.bodyFile = place.resolve("body");
      try {
        Files.write(bodyFile, body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<String> arguments(Server server, long seed) {
      return Load.writing(population.files(), bodyFile, begin(server));
    }

    private long begin(Server server) {
      return written.getOrDefault(server.contender(), 0L);
    }

    @Override
    public void asked(Server server, int connections, LoadResult result) {
      population.mustBeWritten(
          server.docroot(),
          body,
          new Population.Written(begin(server), result.requests(), connections));
      written.merge(server.contender(), result.requests() + connections, Long::sum);
    }
  }
}
