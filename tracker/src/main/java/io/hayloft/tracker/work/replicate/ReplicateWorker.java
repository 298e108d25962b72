package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.store.ClaimStore.Queue;
import io.hayloft.tracker.store.FileStore.Located;
import io.hayloft.tracker.store.ReplicationStore.Queued;
import io.hayloft.tracker.store.ReplicationStore.Settlement;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.work.HeldClaims;
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
 * wait for the copies: a long one would hold up all others. The number that one worker has under
 * way is bounded, so more workers have more under way; what is claimed beyond what can be done
 * would only keep other trackers from doing it.
 *
 * <p>While much is under way the next claim waits, a moment at most, until it can be for several: a
 * claim costs the database the same for one row as for many. With nothing under way a new file is
 * claimed as soon as the close that stored it wakes the worker.
 */
public final class ReplicateWorker implements Worker {

  private static final int UNDER_WAY = 256;
  private static final int WORTH_A_CLAIM = 64;
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final Replication replication;
  private final Stores stores;
  private final HeldClaims claims;
  private final Tasks tasks;
  private final Workload load;
  private final Places places = new Places(UNDER_WAY);
  private final Settling<Settlement> settling;

  public ReplicateWorker(
      Replication replication, Stores stores, HeldClaims claims, Tasks tasks, Workload load) {
    this.replication = replication;
    this.stores = stores;
    this.claims = claims;
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
  public Pace step() throws InterruptedException {
    replication.causes().flushDue();
    int room = places.await(WORTH_A_CLAIM, MOMENT);
    if (room == 0) {
      return Pace.again();
    }
    var claimed = stores.replication().claim(room, HeldClaims.LENGTH);
    if (claimed.isEmpty()) {
      return Pace.rest(IDLE);
    }
    var fids = claimed.stream().map(Queued::fid).toList();
    var located = stores.files().locate(fids);
    var checksums = stores.files().checksums(located.keySet());
    claimed.forEach(each -> begin(each, located, checksums));
    return claimed.size() == room ? Pace.again() : Pace.rest(IDLE);
  }

  private void begin(Queued claimed, Map<Fid, Located> located, Map<Fid, Checksum> checksums) {
    var fid = claimed.fid();
    var found = located.get(fid);
    if (found == null) {
      settling.add(new Settlement.Done(claimed));
      return;
    }
    if (!replication.begin(fid)) {
      settling.add(replication.busy(claimed));
      return;
    }
    claims.hold(Queue.REPLICATION, fid, claimed.until());
    var task = new Task(found.file(), Set.copyOf(found.devices()), claimed.from());
    var checksum = Optional.ofNullable(checksums.get(fid));
    load.take(1);
    places.take();
    try {
      var _ = tasks.start("replicate fid " + fid, () -> replicate(claimed, task, checksum));
    } catch (RejectedExecutionException stopping) {
      end(fid);
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
      outcome = outcome.map(replication::current);
      end(claimed.fid());
    }
    outcome.ifPresent(settling::add);
  }

  private void end(Fid fid) {
    claims.drop(Queue.REPLICATION, fid);
    replication.end(fid);
    places.give();
    load.end(1);
  }
}
