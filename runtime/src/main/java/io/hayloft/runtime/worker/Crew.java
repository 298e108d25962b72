package io.hayloft.runtime.worker;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The loops of one job: as many as are wanted, each with a worker of its own. More are started at
 * once, fewer is reached as loops end the step they are in.
 */
public final class Crew implements AutoCloseable {

  private static final Duration STOPPING = Duration.ofSeconds(10);

  private final String job;
  private final Supplier<Worker> workers;
  private final LoopSupport support;
  private final Deque<WorkerLoop> loops = new ArrayDeque<>();
  private final List<WorkerLoop> leaving = new ArrayList<>();
  private int desired;
  private long nextId;

  public Crew(
      String job, Supplier<Worker> workers, Tasks tasks, Time time, RandomGenerator random) {
    this.job = job;
    this.workers = workers;
    this.support = new LoopSupport(tasks, time, random);
    this.nextId = 1;
  }

  public String job() {
    return job;
  }

  /** Sets how many loops there should be. */
  public synchronized void want(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("cannot want " + count + " of " + job);
    }
    desired = count;
    leaving.removeIf(loop -> !loop.isRunning());
    while (loops.size() > count) {
      var surplus = loops.removeLast();
      surplus.stopSoon();
      leaving.add(surplus);
    }
    while (loops.size() < count) {
      var loop = new WorkerLoop(nextId, job + "-" + nextId, workers.get(), support);
      nextId++;
      loops.addLast(loop);
      loop.start();
    }
  }

  public synchronized int desired() {
    return desired;
  }

  /** The ids of the loops that run, ascending; an id is not used again. */
  public synchronized List<Long> running() {
    leaving.removeIf(loop -> !loop.isRunning());
    var ids = new ArrayList<Long>();
    loops.forEach(loop -> ids.add(loop.id()));
    leaving.forEach(loop -> ids.add(loop.id()));
    ids.sort(null);
    return List.copyOf(ids);
  }

  /** Ends the rests of all loops: there is work. */
  public synchronized void wake() {
    loops.forEach(WorkerLoop::wake);
  }

  /** Stops all loops, interrupting those that do not end their step in time. */
  @Override
  public void close() {
    List<WorkerLoop> all;
    synchronized (this) {
      want(0);
      all = List.copyOf(leaving);
    }
    all.forEach(loop -> loop.stopWithin(STOPPING));
  }
}
