package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FileStore;
import io.hayloft.tracker.work.replicate.ReplicatePlan.Task;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Those who wait until a file has so many copies. They are told at once of copies that this tracker
 * records; those that another one records are seen by looking, for all who wait in one statement.
 * At most {@link #MOST} wait.
 */
public final class CopyWaits implements Worker, AutoCloseable {

  static final int MOST = 1000;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Cluster cluster;
  private final FileStore files;
  private final ReplicatePlan plan;
  private final RandomGenerator random;

  private final Object lock = new Object();
  private final Map<Fid, Waiting> waiting = new HashMap<>();
  private boolean closed;

  private static final class Waiting {
    private final int wanted;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile int copies;

    Waiting(int wanted, int copies) {
      this.wanted = wanted;
      this.copies = copies;
    }

    void see(int now) {
      copies = now;
      if (now >= wanted) {
        ended.complete(true);
      }
    }
  }

  public CopyWaits(
      Cluster cluster, FileStore files, ReplicationPolicies policies, RandomGenerator random) {
    this.cluster = cluster;
    this.files = files;
    this.plan = new ReplicatePlan(policies);
    this.random = random;
  }

  /** The most copies that a file with one copy gets by its class and the devices that are there. */
  public int attainable(StoredFile file, DeviceId on) {
    return plan.attainable(new Task(file, Set.of(on), Optional.empty()), cluster.view(), random);
  }

  /**
   * Waits until a file that has one copy has so many.
   *
   * @return how many it has: fewer after the limit, and at once when too many wait already
   */
  public int await(Fid fid, int copies, Duration limit) throws InterruptedException {
    var mine = new Waiting(copies, 1);
    synchronized (lock) {
      if (closed || waiting.size() >= MOST || waiting.putIfAbsent(fid, mine) != null) {
        return 1;
      }
    }
    try {
      // What was recorded before we were here nobody tells us.
      look(List.of(fid));
      var _ = mine.ended.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return mine.copies;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      synchronized (lock) {
        waiting.remove(fid);
      }
    }
    return mine.copies;
  }

  /** A file has copies on these devices by now. */
  void recorded(Fid fid, Collection<DeviceId> on) {
    Waiting concerned;
    synchronized (lock) {
      concerned = waiting.get(fid);
    }
    if (concerned != null) {
      concerned.see(live(on, cluster.view()));
    }
  }

  private static int live(Collection<DeviceId> on, ClusterView view) {
    return (int) on.stream().filter(view::countsAsCopy).count();
  }

  @Override
  public Pace step() {
    List<Fid> fids;
    synchronized (lock) {
      fids = List.copyOf(waiting.keySet());
    }
    look(fids);
    return Pace.rest(BETWEEN_LOOKS);
  }

  private void look(List<Fid> fids) {
    files.locate(fids).forEach((fid, found) -> recorded(fid, found.devices()));
  }

  /** Ends all waits. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      waiting.values().forEach(each -> each.ended.complete(false));
    }
  }
}
