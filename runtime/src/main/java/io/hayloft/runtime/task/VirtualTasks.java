package io.hayloft.runtime.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks on virtual threads. */
final class VirtualTasks implements Tasks {

  private static final Logger log = LoggerFactory.getLogger(VirtualTasks.class);

  private final Duration closing;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param closing how long {@link #close} waits at most
   */
  VirtualTasks(Duration closing) {
    this.closing = closing;
  }

  @Override
  public Task start(String name, Body body) {
    return new StartedTask(launch(name, () -> runLogged(name, body)));
  }

  private static void runLogged(String name, Body body) {
    try {
      body.run();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("task {} ended by itself", name, e);
    }
  }

  @Override
  public <T, R> List<R> forEach(
      Collection<T> items, int inFlight, Function<? super T, ? extends R> apply)
      throws InterruptedException {
    if (inFlight < 1) {
      throw new IllegalArgumentException("at least one item must be in flight, not " + inFlight);
    }
    if (items.size() == 1) {
      return List.of(apply.apply(items.iterator().next()));
    }
    var places = new Semaphore(inFlight);
    var name = Thread.currentThread().getName() + "/each";
    var started = new ArrayList<FutureTask<R>>(items.size());
    var threads = new ArrayList<Thread>(items.size());
    try {
      for (T item : items) {
        places.acquire();
        var call = new FutureTask<R>(() -> applyAndRelease(item, apply, places));
        started.add(call);
        threads.add(launch(name, call));
      }
      return results(started);
    } finally {
      threads.forEach(Thread::interrupt);
    }
  }

  private static <T, R> R applyAndRelease(
      T item, Function<? super T, ? extends R> apply, Semaphore places) {
    try {
      return apply.apply(item);
    } finally {
      places.release();
    }
  }

  private static <R> List<R> results(List<FutureTask<R>> calls) throws InterruptedException {
    var results = new ArrayList<R>(calls.size());
    RuntimeException failure = null;
    for (var call : calls) {
      try {
        results.add(call.get());
      } catch (ExecutionException e) {
        failure = failure == null ? unchecked(e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private static RuntimeException unchecked(ExecutionException thrown) {
    var cause = thrown.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }

  @Override
  public <T> T within(Duration limit, Callable<T> call) throws Exception {
    var future = new FutureTask<>(call);
    var thread = launch(Thread.currentThread().getName() + "/within", future);
    try {
      return future.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw unchecked(e);
    } catch (TimeoutException e) {
      throw new TimeoutException("no answer within " + limit.toMillis() + " ms");
    } finally {
      thread.interrupt();
    }
  }

  @Override
  public Executor executor(String name) {
    return command -> launch(name, () -> runLogged(name, command::run));
  }

  private Thread launch(String name, Runnable body) {
    var thread = Thread.ofVirtual().name(name).unstarted(() -> runAndForget(body));
    // Noted before the second look at closed: either close() finds the thread or this sees it.
    running.add(thread);
    if (closed) {
      running.remove(thread);
      throw new RejectedExecutionException("stopping: no new task " + name);
    }
    thread.start();
    return thread;
  }

  private void runAndForget(Runnable body) {
    try {
      body.run();
    } finally {
      running.remove(Thread.currentThread());
    }
  }

  @Override
  public void close() {
    closed = true;
    var left = new ArrayList<>(running);
    left.remove(Thread.currentThread());
    left.forEach(Thread::interrupt);
    long end = System.nanoTime() + closing.toNanos();
    for (var thread : left) {
      try {
        if (!join(thread, end)) {
          log.warn("task {} did not stop within {} ms", thread.getName(), closing.toMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static boolean join(Thread thread, long end) throws InterruptedException {
    while (thread.getState() == Thread.State.NEW && System.nanoTime() < end) {
      Thread.onSpinWait(); // noted, and about to be started by the thread that made it
    }
    return thread.getState() == Thread.State.NEW
        || thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
  }

  private record StartedTask(Thread thread) implements Task {

    @Override
    public void cancel() {
      thread.interrupt();
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
      return thread.join(limit);
    }

    @Override
    public boolean isRunning() {
      return thread.isAlive();
    }
  }
}
