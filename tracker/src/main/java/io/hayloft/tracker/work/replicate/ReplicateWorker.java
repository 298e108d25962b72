package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.ReplicationStore.Queued;
import io.hayloft.tracker.store.ReplicationStore.Settlement;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.work.Settling;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * Takes files from the replication queue and starts {@link Replication} on each. A step does not
 * wait for the copies: a long one would hold up all others. The number under way is bounded; what
 * is claimed beyond what can be done would only keep other trackers from doing it.
 */
public final class ReplicateWorker implements Worker {

  /**
   * How long a claim lasts: as long as an unlucky file may take, and no longer than a new file
   * should wait for its second copy when a tracker dies.
   */
  static final Duration CLAIM = Duration.ofMinutes(5);

  private static final int UNDER_WAY = 128;
  private static final int BATCH = 64;
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration FULL = Duration.ofMillis(20);
  private static final Duration PARTLY = Duration.ofMillis(200);

  private final Replication replication;
  private final Stores stores;
  private final Tasks tasks;
  private final Workload load;
  private final Settling<Settlement> settling;

  public ReplicateWorker(Replication replication, Stores stores, Tasks tasks, Workload load) {
    this.replication = replication;
    this.stores = stores;
    this.tasks = tasks;
    this.load = load;
    this.settling =
        new Settling<>(
            group -> stores.replication().settle(group),
            (group, e) ->
                replication
                    .causes()
                    .warn(
                        "cannot record what was replicated; it will be done again",
                        group.size() + " files: " + e.getMessage()));
  }

  @Override
  public Pace step() {
    replication.causes().flushDue();
    int room = Math.min(BATCH, UNDER_WAY - replication.underWay());
    if (room <= 0) {
      return Pace.rest(FULL);
    }
    var claimed = stores.replication().claim(room, CLAIM);
    if (claimed.isEmpty()) {
      return Pace.rest(IDLE);
    }
    var fids = claimed.stream().map(Queued::fid).toList();
    var located = stores.files().locate(fids);
    var checksums = stores.files().checksums(located.keySet());
    claimed.forEach(each -> begin(each, located, checksums));
    return claimed.size() == room ? Pace.again() : Pace.rest(PARTLY);
  }

  private void begin(Queued claimed, Map<Fid, Located> located, Map<Fid, Checksum> checksums) {
    var found = located.get(claimed.fid());
    if (found == null) {
      settling.add(new Settlement.Done(claimed));
      return;
    }
    if (!replication.begin(claimed.fid())) {
      settling.add(replication.busy(claimed));
      return;
    }
    var task = new Task(found.file(), Set.copyOf(found.devices()), claimed.from());
    var checksum = Optional.ofNullable(checksums.get(claimed.fid()));
    load.take(1);
    try {
      var _ =
          tasks.start("replicate fid " + claimed.fid(), () -> replicate(claimed, task, checksum));
    } catch (RejectedExecutionException stopping) {
      end(claimed.fid());
      throw stopping;
    }
  }

  private void replicate(Queued claimed, Task task, Optional<Checksum> checksum)
      throws InterruptedException {
    Optional<Settlement> outcome = Optional.empty();
    try {
      outcome = replication.replicate(claimed, task, checksum);
    } catch (StoreException e) {
      replication
          .causes()
          .warn("the database failed while replicating: " + e.getMessage(), "fid " + claimed.fid());
    } catch (RuntimeException e) {
      // One file's trouble, an installed policy that fails for one, waits like any other.
      replication.causes().warn("cannot replicate: " + e, "fid " + claimed.fid(), e);
      outcome = Optional.of(replication.failed(claimed));
    } finally {
      end(claimed.fid());
    }
    outcome.ifPresent(settling::add);
  }

  private void end(Fid fid) {
    replication.end(fid);
    load.end(1);
  }
}
