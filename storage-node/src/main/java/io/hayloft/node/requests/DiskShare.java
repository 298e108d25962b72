package io.hayloft.node.requests;

import io.hayloft.node.blob.DiskException;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The share of each disk's lane that native requests may take: half of it at most, so that clients
 * always find the other half. Work of bounded size is run on the lane while the caller waits; a
 * disk that hangs keeps its callers waiting for a while, and refuses those who come later at once
 * until it moves again.
 */
public final class DiskShare {

  /** How long a disk usually has to do what it was asked. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
  private static final Duration GIVES_WAY = Duration.ofMillis(250);

  private final DiskLanes lanes;
  private final int width;
  private final Duration patience;
  private final Time time;
  private final Map<DeviceId, Turns> turns = new ConcurrentHashMap<>();

  /** Work on a disk. */
  @FunctionalInterface
  public interface DiskWork<T> {
    T run() throws DiskException;
  }

  /** Who works for a device or waits to. */
  private static final class Turns {
    private final Semaphore places;
    private int users;
    private volatile long movedNanos;

    Turns(int width, long now) {
      places = new Semaphore(width, true);
      movedNanos = now;
    }
  }

  /**
   * @param width how many pieces of work may be on the lane of one disk
   * @param patience how long a disk has to do what it was asked
   */
  public DiskShare(DiskLanes lanes, int width, Duration patience, Time time) {
    this.lanes = lanes;
    this.width = width;
    this.patience = patience;
    this.time = time;
  }

  /** Runs the work on the disk's lane and waits for it. */
  public <T> T run(DeviceId device, DiskWork<T> work) throws DiskException, InterruptedException {
    return await(device, submit(device, work));
  }

  /**
   * The same for work that has time: it gives way to clients for a while, as long as any wait for
   * the disk or more threads work there than this share has.
   */
  public <T> T runAfterClients(DeviceId device, DiskWork<T> work)
      throws DiskException, InterruptedException {
    long since = time.nanoTime();
    var pause = FIRST_PAUSE;
    while (!lanes.isQuiet(device, width) && time.since(since).compareTo(GIVES_WAY) < 0) {
      time.sleep(pause);
      pause = pause.multipliedBy(2);
    }
    return run(device, work);
  }

  /** Has the work run on the disk's lane; waits only for a place there. */
  public <T> CompletableFuture<T> submit(DeviceId device, DiskWork<T> work)
      throws DiskException, InterruptedException {
    var mine = turns.compute(device, (_, known) -> joined(known));
    boolean entered = false;
    try {
      enter(device, mine);
      entered = true;
      var done = new CompletableFuture<T>();
      lanes.resume(device, () -> carryOut(device, mine, work, done));
      return done;
    } catch (RejectedExecutionException stopping) {
      mine.places.release();
      entered = false;
      throw new InterruptedException("the node is stopping");
    } finally {
      if (!entered) {
        leave(device);
      }
    }
  }

  private Turns joined(@org.jspecify.annotations.Nullable Turns known) {
    var turns = known == null ? new Turns(width, time.nanoTime()) : known;
    turns.users++;
    return turns;
  }

  private void enter(DeviceId device, Turns mine) throws DiskException, InterruptedException {
    if (mine.places.tryAcquire()) {
      return;
    }
    boolean stuck = time.since(mine.movedNanos).compareTo(patience) > 0;
    if (stuck || !mine.places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw silent(device);
    }
  }

  private <T> void carryOut(
      DeviceId device, Turns mine, DiskWork<T> work, CompletableFuture<T> done) {
    try {
      done.complete(work.run());
    } catch (DiskException | RuntimeException e) {
      done.completeExceptionally(e);
    } finally {
      mine.movedNanos = time.nanoTime();
      mine.places.release();
      leave(device);
    }
  }

  private void leave(DeviceId device) {
    turns.computeIfPresent(
        device,
        (_, known) -> {
          known.users--;
          return known.users == 0 ? null : known;
        });
  }

  /** For how many disks work is under way. */
  int disks() {
    return turns.size();
  }

  /** Waits for work that was begun. */
  public <T> T await(DeviceId device, CompletableFuture<T> work)
      throws DiskException, InterruptedException {
    try {
      return work.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw silent(device);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DiskException failure) {
        throw failure;
      }
      throw new IllegalStateException("work for dev" + device + " failed", e.getCause());
    }
  }

  /** Runs what tidies up, on the lane, whoever else is there; by the caller when none is left. */
  void tidy(DeviceId device, Runnable work) {
    try {
      lanes.resume(device, work);
    } catch (RejectedExecutionException stopping) {
      work.run();
    }
  }

  private static DiskException silent(DeviceId device) {
    return new DiskException(
        DiskException.Code.BROKEN, device.directory() + " does not answer in time");
  }
}
