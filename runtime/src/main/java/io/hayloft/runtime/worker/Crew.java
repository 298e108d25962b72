package io.hayloft.runtime.worker;

import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loops of one job: as many as are wanted, each with a worker of its own. More are started at
 * once, fewer is reached as loops end the step they are in. A loop that has got stuck, or that an
 * error has ended, is replaced when {@link #replaceStuck} is called, as a {@link Watchdog} does.
 */
public final class Crew implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Crew.class);
  private static final Duration STOPPING = Duration.ofSeconds(10);
  private static final Duration INTERRUPTED = Duration.ofSeconds(1);

  private final String job;
  private final Supplier<? extends Worker> workers;
  private final LoopSupport support;

  private final Object lock = new Object();
  private final Deque<WorkerLoop> loops = new ArrayDeque<>();
  private final List<WorkerLoop> leaving = new ArrayList<>();
  private int desired;
  private long nextId = 1;

  /** A crew that nobody measures. */
  public Crew(
      String job,
      Supplier<? extends Worker> workers,
      Tasks tasks,
      Time time,
      RandomGenerator random) {
    this(job, workers, tasks, time, random, new CompositeMeterRegistry());
  }

  /**
   * @param workers makes the worker of a new loop; one may be made that is not used after all
   */
  public Crew(
      String job,
      Supplier<? extends Worker> workers,
      Tasks tasks,
      Time time,
      RandomGenerator random,
      MeterRegistry registry) {
    this.job = job;
    this.workers = workers;
    var meter = new StepMeter(registry, job);
    this.support = new LoopSupport(tasks, time, random, meter, new RepeatedCauses(log, time));
    gauge(registry, "hayloft.worker.loops.wanted", Crew::desired);
    gauge(registry, "hayloft.worker.loops.running", crew -> crew.running().size());
  }

  private void gauge(MeterRegistry registry, String name, ToDoubleFunction<Crew> value) {
    Gauge.builder(name, this, value).tag("job", job).register(registry);
  }

  public String job() {
    return job;
  }

  /**
   * Sets how many loops there should be.
   *
   * @throws java.util.concurrent.RejectedExecutionException when no tasks can be started any more
   */
  public void want(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("cannot want " + count + " of " + job);
    }
    synchronized (lock) {
      desired = count;
      forgetEnded();
      while (loops.size() > count) {
        var surplus = loops.removeLast();
        surplus.stopSoon();
        leaving.add(surplus);
      }
    }
    fill();
  }

  /** Starts what is missing. Workers are made outside of the lock: they are not our code. */
  private void fill() {
    while (isShort()) {
      var worker = workers.get();
      synchronized (lock) {
        if (loops.size() < desired) {
          var loop = new WorkerLoop(nextId, job + "-" + nextId, worker, support);
          loop.start();
          nextId++;
          loops.addLast(loop);
        }
      }
    }
  }

  private boolean isShort() {
    synchronized (lock) {
      return loops.size() < desired;
    }
  }

  public int desired() {
    synchronized (lock) {
      return desired;
    }
  }

  /** The ids of the loops that run, ascending; an id is not used again. */
  public List<Long> running() {
    return states().stream().map(LoopState::id).toList();
  }

  /**
   * How the loops that run are getting on, by ascending id; those that are to end are among them.
   */
  public List<LoopState> states() {
    synchronized (lock) {
      return Stream.concat(loops.stream(), leaving.stream())
          .filter(WorkerLoop::isRunning)
          .map(WorkerLoop::state)
          .sorted(Comparator.comparingLong(LoopState::id))
          .toList();
    }
  }

  /** The loops that have been in one step for longer than that. */
  public List<LoopState> stuck(Duration limit) {
    return states().stream().filter(state -> isStuck(state, limit)).toList();
  }

  private static boolean isStuck(LoopState state, Duration limit) {
    return state.inStep() && state.silentFor().compareTo(limit) > 0;
  }

  /**
   * Interrupts loops that have been in one step for longer than that, and starts others in their
   * place; the same for loops that ended by themselves. A step that does not heed the interrupt
   * keeps its thread, so there are never more such threads than loops are wanted: beyond that
   * nothing is replaced, and an error is logged.
   *
   * @return those that were replaced, as they were found
   */
  public List<LoopState> replaceStuck(Duration limit) {
    var replaced = new ArrayList<LoopState>();
    int abandoned;
    synchronized (lock) {
      forgetEnded();
      for (var loop : List.copyOf(loops)) {
        var state = loop.state();
        boolean isRunning = loop.isRunning();
        if (isRunning && (!isStuck(state, limit) || leaving.size() >= desired)) {
          continue;
        }
        loops.remove(loop);
        if (isRunning) {
          loop.stopNow();
          leaving.add(loop);
        }
        replaced.add(state);
      }
      abandoned = leaving.size();
    }
    replaced.forEach(
        state ->
            log.error(
                "{}-{} {}; starting another",
                job,
                state.id(),
                state.inStep() ? "hangs in a step since " + state.since() : "has ended by itself"));
    if (abandoned > 0 && abandoned >= desired() && replaced.isEmpty()) {
      support.causes().warn(job + " hangs", abandoned + " steps do not heed an interrupt");
    }
    fill();
    support.causes().flushDue();
    return replaced;
  }

  /**
   * Lets the loops end after the step they are in and starts others, each with a worker of its own,
   * in their place. Those that are still ending are never more than are wanted: a loop whose
   * successor would be one too many stays.
   */
  public void renew() {
    synchronized (lock) {
      forgetEnded();
      while (!loops.isEmpty() && leaving.size() < desired) {
        var old = loops.removeFirst();
        old.stopSoon();
        leaving.add(old);
      }
    }
    fill();
  }

  /** Ends the rests of all loops: there is work. */
  public void wake() {
    synchronized (lock) {
      loops.forEach(WorkerLoop::wake);
    }
  }

  /** Stops all loops, interrupting those that do not end their step within 10 s. */
  @Override
  public void close() {
    want(0);
    List<WorkerLoop> all;
    synchronized (lock) {
      all = List.copyOf(leaving);
    }
    long started = support.time().nanoTime();
    try {
      var late = new ArrayList<WorkerLoop>();
      for (var loop : all) {
        if (!loop.join(STOPPING.minus(support.time().since(started)))) {
          log.warn("{} does not end its step; interrupting it", loop.name());
          loop.stopNow();
          late.add(loop);
        }
      }
      for (var loop : late) {
        loop.join(INTERRUPTED);
      }
    } catch (InterruptedException e) {
      all.forEach(WorkerLoop::stopNow);
      Thread.currentThread().interrupt();
    }
    support.causes().flush();
  }

  private void forgetEnded() {
    leaving.removeIf(loop -> !loop.isRunning());
  }
}
