package io.hayloft.bench.tracker;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.Filler;
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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Our tracker on a cluster of its own, in which files are laid past it. */
final class HayloftSite implements Site {

  static final String NAME = "Hayloft";

  /** Above all numbers of files that are laid. */
  private static final long FIRST_KEY = 1_000_000_000L;

  /** Until it is known how many are deleted in a second. */
  private static final double SOME_DOOMED = 5_000;

  /** More than were deleted lately: it may become faster. */
  private static final double MARGIN = 1.5;

  private static final Duration UNDOING = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final Filler filler;
  private final Pool pool;
  private final Target target =
      new Target(Cluster.DOMAIN, Cluster.CLASS, new AtomicLong(FIRST_KEY));
  private final Made made;
  private @Nullable PathCache cache;

  /** The most that were deleted in a second so far. */
  private double fastestDeletion = SOME_DOOMED;

  /** What was laid to be deleted, and is left. */
  private @Nullable Pool doomed;

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
    var pool = Pool.of(filler.fill(files, Filler.Manner.WHOLE), bytes);
    return new HayloftSite(cluster, filler, pool, bytes);
  }

  /** What it is asked for. */
  Pool pool() {
    return pool;
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
      cache = PathCache.inMemory(cluster, pool);
    } else if (operation == Operation.PATHS_MEMCACHED) {
      cache = PathCache.inMemcached(cluster, pool);
    }
  }

  @Override
  public void leave(Operation operation) {
    forget();
  }

  private void forget() {
    if (cache != null) {
      cache.close();
      cache = null;
    }
  }

  @Override
  public Act prepare(Operation operation, LookUp.Draw draw, Duration length) {
    return switch (operation) {
      case NOOP -> Act.of(Fixed.noop());
      case PATHS, PATHS_CACHED, PATHS_MEMCACHED -> Act.of(LookUp.paths(pool, false, draw));
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
    int count = (int) (MARGIN * fastestDeletion * length.toMillis() / 1000) + 1;
    if (doomed == null || doomed.count() < count) {
      doomed = Pool.of(filler.fillRows(count), pool.bytes());
    }
    return new DeleteAct(doomed, cluster.database().files());
  }

  private final class DeleteAct implements Act {

    private final Pool files;
    private final Deleting dialogue;
    private final long before;

    DeleteAct(Pool files, long before) {
      this.files = files;
      this.dialogue = new Deleting(files);
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
      int asked = dialogue.asked();
      doomed = asked < files.count() ? files.part(asked, files.count() - asked) : null;
    }
  }

  @Override
  public Consumption consumption() {
    return cluster.consumption();
  }

  @Override
  public void close() {
    forget();
  }
}
