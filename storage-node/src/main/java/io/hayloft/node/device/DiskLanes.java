package io.hayloft.node.device;

import io.hayloft.protocol.DeviceId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps disks apart: work that waits for one of them takes at most a set number of threads, so that
 * a disk that hangs holds up its own requests and no others. What cannot run at once waits in its
 * disk's line; when that is full, new work is refused.
 */
public final class DiskLanes {

  private static final Logger log = LoggerFactory.getLogger(DiskLanes.class);

  /** What is done around each piece of work. */
  @FunctionalInterface
  public interface Around {
    void run(DeviceId device, Runnable work);
  }

  private final Executor threads;
  private final int width;
  private final int line;
  private final Around around;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<DeviceId, Lane> lanes = new HashMap<>();

  private static final class Lane {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /** Of these: how many threads have nothing to do just now. */
    private int resting;

    private int busy() {
      return running - resting;
    }
  }

  /**
   * @param width how many threads may work for one disk
   * @param line how many pieces of work may wait for one
   */
  public DiskLanes(Executor threads, int width, int line, Around around) {
    this.threads = threads;
    this.width = width;
    this.line = line;
    this.around = around;
  }

  public DiskLanes(Executor threads, int width, int line) {
    this(threads, width, line, (_, work) -> work.run());
  }

  /** How many pieces of work may wait for one disk. */
  public int line() {
    return line;
  }

  /** Runs the work on another thread soon; false when too much waits for that disk. */
  public boolean offer(DeviceId device, Runnable work) {
    return enter(device, around(device, work), line, width);
  }

  /** The same for work that consists of many pieces, each of which it runs as a {@link #turn}. */
  public boolean offerInTurns(DeviceId device, Runnable work) {
    return enter(device, work, line, width);
  }

  /** Runs one such piece, here and now. */
  public void turn(DeviceId device, Runnable piece) {
    around.run(device, piece);
  }

  /**
   * Waits between two such pieces: the disk is no busier for it, though the thread is still one of
   * those that may work for it.
   */
  public void rest(DeviceId device, Runnable waiting) {
    count(device, 1);
    try {
      waiting.run();
    } finally {
      count(device, -1);
    }
  }

  private void count(DeviceId device, int resting) {
    lock.lock();
    try {
      lane(device).resting += resting;
    } finally {
      lock.unlock();
    }
  }

  private Lane lane(DeviceId device) {
    var lane = lanes.get(device);
    if (lane == null) {
      throw new IllegalStateException("a lane was removed while in use: " + device);
    }
    return lane;
  }

  private Runnable around(DeviceId device, Runnable work) {
    return () -> around.run(device, work);
  }

  /**
   * Goes on with work that was taken in before. It is never refused: what was begun must end, and
   * how much can be begun is limited where it begins.
   */
  public void resume(DeviceId device, Runnable work) {
    enter(device, around(device, work), Integer.MAX_VALUE, width);
  }

  /**
   * Runs the work if nothing waits for that disk and fewer than so many threads work for it; else
   * false, and it is not taken in.
   */
  boolean offerIfQuiet(DeviceId device, Runnable work, int few) {
    return enter(device, around(device, work), 0, few);
  }

  /** Whether nothing waits for that disk and at most so many threads work for it. */
  public boolean isQuiet(DeviceId device, int most) {
    lock.lock();
    try {
      var lane = lanes.get(device);
      return lane == null || (lane.waiting.isEmpty() && lane.busy() <= most);
    } finally {
      lock.unlock();
    }
  }

  /** How many pieces of work wait, over all disks. */
  public int waiting() {
    lock.lock();
    try {
      return lanes.values().stream().mapToInt(lane -> lane.waiting.size()).sum();
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param limit how much may wait for the disk
   * @param most how many threads may work for the disk, this one included
   */
  private boolean enter(DeviceId device, Runnable work, int limit, int most) {
    lock.lock();
    try {
      var lane = lanes.computeIfAbsent(device, _ -> new Lane());
      if (lane.running >= width || lane.busy() >= most) {
        if (lane.waiting.size() >= limit) {
          return false;
        }
        lane.waiting.add(work);
        return true;
      }
      lane.running++;
    } finally {
      lock.unlock();
    }
    try {
      threads.execute(() -> drain(device, work));
    } catch (RejectedExecutionException stopping) {
      leave(device);
      throw stopping;
    }
    return true;
  }

  private void drain(DeviceId device, Runnable first) {
    boolean hasLeft = false;
    try {
      for (var work = Optional.of(first); work.isPresent(); work = next(device)) {
        try {
          work.get().run();
        } catch (RuntimeException e) {
          log.error("work for dev{} failed in a way that was not foreseen", device, e);
        }
      }
      hasLeft = true;
    } finally {
      if (!hasLeft) {
        leave(device);
      }
    }
  }

  private void leave(DeviceId device) {
    lock.lock();
    try {
      lanes.computeIfPresent(
          device,
          (_, lane) -> {
            lane.running--;
            return lane.running == 0 && lane.waiting.isEmpty() ? null : lane;
          });
    } finally {
      lock.unlock();
    }
  }

  private Optional<Runnable> next(DeviceId device) {
    lock.lock();
    try {
      var lane = lane(device);
      var next = Optional.ofNullable(lane.waiting.poll());
      if (next.isEmpty()) {
        leave(device);
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
