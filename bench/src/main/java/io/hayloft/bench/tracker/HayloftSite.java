package io.hayloft.bench.tracker;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.database.BenchDatabase.Laid;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Consumption;
import io.hayloft.bench.tracker.talk.Deleting;
import io.hayloft.bench.tracker.talk.Fixed;
import io.hayloft.bench.tracker.talk.Listing;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Opening;
import io.hayloft.bench.tracker.talk.Pool;
import io.hayloft.bench.tracker.talk.Renaming;
import io.hayloft.bench.tracker.talk.Target;
import io.hayloft.runtime.task.Tasks;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Our tracker on a cluster of its own, in which files are laid past it. */
final class HayloftSite implements Site {

  static final String NAME = "Hayloft";

  /** Above all numbers of files that are laid. */
  private static final long FIRST_KEY = 1_000_000_000L;

  private static final int FEWEST_DOOMED = 5_000;
  private static final Duration UNDOING = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final Filler filler;
  private final Pool pool;
  private final Target target =
      new Target(Cluster.DOMAIN, Cluster.CLASS, new AtomicLong(FIRST_KEY));
  private final Made made;
  private @Nullable PathCache cache;

  /** The most that were deleted in a second so far. */
  private double fastestDeletion = FEWEST_DOOMED;

  private HayloftSite(Cluster cluster, Filler filler, Pool pool, int bytes) {
    this.cluster = cluster;
    this.filler = filler;
    this.pool = pool;
    this.made = new Made(cluster, target, bytes);
  }

  /**
   * Lays the files that it is asked for.
   *
   * @param files how many, each with two copies
   * @param bytes of each of them
   */
  static HayloftSite fill(Cluster cluster, Tasks tasks, int files, int bytes)
      throws InterruptedException {
    var filler = new Filler(cluster, tasks, bytes);
    var pool = pool(filler.fill(files, Filler.Manner.WHOLE), bytes);
    return new HayloftSite(cluster, filler, pool, bytes);
  }

  private static Pool pool(List<Laid> files, int bytes) {
    var fids = files.stream().mapToLong(each -> each.fid().value()).toArray();
    return new Pool(Cluster.DOMAIN, fids[0], fids, bytes);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public InetSocketAddress address() {
    return cluster.tracker().address();
  }

  @Override
  public boolean knows(Operation operation) {
    return true;
  }

  @Override
  public void enter(Operation operation) throws InterruptedException {
    if (operation == Operation.PATHS_CACHED) {
      cache = PathCache.open(cluster, pool);
    }
  }

  @Override
  public void leave(Operation operation) {
    if (cache != null) {
      cache.close();
      cache = null;
    }
  }

  @Override
  public Act prepare(Operation operation, LookUp.Draw draw, Duration length) {
    return switch (operation) {
      case NOOP -> Act.of(Fixed.noop());
      case PATHS, PATHS_CACHED -> Act.of(LookUp.paths(pool, false, draw));
      case PATHS_VERIFYING -> Act.of(LookUp.paths(pool, true, draw));
      case FILE_INFO -> Act.of(LookUp.info(pool, draw));
      case LIST_KEYS -> Act.of(new Listing(pool, Settings.KEYS_OF_A_PAGE, draw));
      case RENAME -> new RenameAct(new Renaming(pool, draw.clients()));
      case DELETE -> delete(length);
      case CREATE_OPEN -> new OpenAct(new Opening(target));
      case CREATE -> made.prepare(draw.clients());
    };
  }

  /** After it all files have their names again. */
  record RenameAct(Renaming dialogue) implements Act {

    @Override
    public void after(Outcome outcome, ClosedLoop loop) {
      var _ = loop.run(dialogue.back(), UNDOING);
    }
  }

  private final class OpenAct implements Act {

    private final Opening dialogue;

    OpenAct(Opening dialogue) {
      this.dialogue = dialogue;
    }

    @Override
    public Dialogue dialogue() {
      return dialogue;
    }

    @Override
    public void after(Outcome outcome, ClosedLoop loop) {
      cluster.database().forgetUploads();
    }
  }

  private Act delete(Duration length) {
    cluster.database().forgetQueues();
    int count = (int) (1.5 * fastestDeletion * Math.max(1, length.toMillis() / 1000.0));
    var doomed = pool(filler.fillRows(count), pool.bytes());
    return new DeleteAct(new Deleting(doomed), cluster.database().files());
  }

  private final class DeleteAct implements Act {

    private final Deleting dialogue;
    private final long before;

    DeleteAct(Deleting dialogue, long before) {
      this.dialogue = dialogue;
      this.before = before;
    }

    @Override
    public Dialogue dialogue() {
      return dialogue;
    }

    @Override
    public void after(Outcome outcome, ClosedLoop loop) {
      fastestDeletion = Math.max(fastestDeletion, outcome.perSecond());
      long gone = before - cluster.database().files();
      if (gone != outcome.operations()) {
        throw new IllegalStateException(
            outcome.operations() + " files were deleted, but " + gone + " are gone");
      }
      var _ = loop.run(dialogue, UNDOING);
    }
  }

  @Override
  public Consumption consumption() {
    return cluster.consumption();
  }

  @Override
  public void close() {
    leave(Operation.PATHS_CACHED);
  }
}
