package io.hayloft.runtime.lifecycle;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a process. They are started in order; when one fails, those before it are closed.
 * Closing goes backwards, goes on when one part fails or hangs, and takes a bounded time in all.
 *
 * <p>Used by one thread that starts, and one that closes afterwards or after a failure.
 */
public final class Lifecycle implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  /** What a part gets to close even when those before it used up the time. */
  private static final Duration LEAST = Duration.ofMillis(100);

  private final Time time;
  private final Duration limit;
  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean closed;

  private record Part(String name, AutoCloseable close) {}

  /**
   * @param limit how long closing may take in all
   */
  public Lifecycle(Time time, Duration limit) {
    this.time = time;
    this.limit = limit;
  }

  /**
   * Starts a part, which is closed with the others.
   *
   * @throws Exception what the start threw, after the parts before it were closed
   */
  public <C extends AutoCloseable> C start(String name, Callable<C> start) throws Exception {
    C component;
    try {
      component = start.call();
    } catch (Exception e) {
      log.error("{} does not start", name);
      closeAll();
      throw e;
    }
    return add(name, component);
  }

  /** Takes over a part that runs already. */
  public <C extends AutoCloseable> C add(String name, C component) {
    synchronized (parts) {
      if (!closed) {
        parts.push(new Part(name, component));
        return component;
      }
    }
    close(List.of(new Part(name, component)));
    throw new IllegalStateException("stopping: " + name + " was not started");
  }

  /** Whether closing has begun: a process that is no longer ready for requests. */
  public boolean isClosing() {
    synchronized (parts) {
      return closed;
    }
  }

  /** Closes all parts; what goes wrong is logged. Does nothing the second time. */
  @Override
  public void close() {
    closeAll();
  }

  /** Closes all parts, and returns the names of those that failed or did not end in time. */
  List<String> closeAll() {
    List<Part> all;
    synchronized (parts) {
      closed = true;
      all = List.copyOf(parts);
      parts.clear();
    }
    return close(all);
  }

  private List<String> close(List<Part> all) {
    if (all.isEmpty()) {
      return List.of();
    }
    var failed = new ArrayList<String>();
    long started = time.nanoTime();
    try (var tasks = Tasks.virtual(LEAST)) {
      for (var part : all) {
        var left = limit.minus(time.since(started));
        if (!close(part, left.compareTo(LEAST) > 0 ? left : LEAST, tasks)) {
          failed.add(part.name());
        }
      }
    }
    return failed;
  }

  private static boolean close(Part part, Duration left, Tasks tasks) {
    try {
      return tasks.within(
          left,
          () -> {
            part.close().close();
            return true;
          });
    } catch (TimeoutException e) {
      log.warn("{} was not closed in time: {}", part.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.warn("interrupted while {} was closing", part.name());
    } catch (Exception e) {
      log.warn("{} was not closed properly", part.name(), e);
    }
    return false;
  }
}
