package io.hayloft.tracker.server;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.command.Places;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that take time: so many are answered at once, the others wait in the order they came,
 * and those beyond a bound are refused. Closed at first: requests then wait until {@link #open}.
 */
public final class RequestQueue implements Places {

  private static final Logger log = LoggerFactory.getLogger(RequestQueue.class);
  private static final Duration GLANCE = Duration.ofMillis(10);

  private final Executor executor;
  private final Time time;
  private final int mostWaiting;
  private final long mostBytes;

  private final Object lock = new Object();
  private final Queue<Ticket> waiting = new ArrayDeque<>();
  private int parallel;
  private boolean isOpen;
  private int running;
  private int aside;
  private long waitingBytes;
  private long waited;
  private long refused;

  /** A request in the queue. */
  record Ticket(String clientIp, String line, Work work) {

    /** The line, what it was cut from, and what it was cut into. */
    long bytes() {
      return 3L * line.length();
    }
  }

  /** Answers a request. Must not throw. */
  @FunctionalInterface
  interface Work {

    /**
     * @param startedNanos when the request left the queue
     */
    void run(long startedNanos);
  }

  /**
   * The queue at one moment.
   *
   * @param waited requests, ever, that could not be answered at once
   * @param refused requests, ever, that found the queue full
   */
  public record State(int waiting, int running, int idle, long waited, long refused) {}

  /**
   * @param executor runs what may block
   * @param parallel how many requests are answered at once
   * @param mostWaiting how many others may wait, as long as they are short: all together may take a
   *     sixteenth of the heap
   */
  public RequestQueue(Executor executor, Time time, int parallel, int mostWaiting) {
    this(executor, time, parallel, mostWaiting, Runtime.getRuntime().maxMemory() / 16);
  }

  RequestQueue(Executor executor, Time time, int parallel, int mostWaiting, long mostBytes) {
    this.executor = executor;
    this.time = time;
    this.parallel = parallel;
    this.mostWaiting = mostWaiting;
    this.mostBytes = mostBytes;
  }

  /** Starts answering. */
  public void open() {
    synchronized (lock) {
      isOpen = true;
    }
    startWaiting();
  }

  public boolean isOpen() {
    synchronized (lock) {
      return isOpen;
    }
  }

  /** Sets how many requests are answered at once; those being answered are not touched. */
  public void allow(int requests) {
    synchronized (lock) {
      parallel = requests;
    }
    startWaiting();
  }

  public int allowed() {
    synchronized (lock) {
      return parallel;
    }
  }

  /** Takes a request; false when there are too many already. */
  boolean submit(Ticket ticket) {
    synchronized (lock) {
      if (!isOpen || running >= parallel) {
        if (waiting.size() >= mostWaiting || waitingBytes + ticket.bytes() > mostBytes) {
          refused++;
          return false;
        }
        waited++;
        waiting.add(ticket);
        waitingBytes += ticket.bytes();
        return true;
      }
      running++;
    }
    start(ticket);
    return true;
  }

  public State state() {
    synchronized (lock) {
      return new State(waiting.size(), running, Math.max(0, parallel - running), waited, refused);
    }
  }

  /** The requests that wait, in their order. */
  List<Ticket> waiting() {
    synchronized (lock) {
      return List.copyOf(waiting);
    }
  }

  private void startWaiting() {
    while (true) {
      Ticket next;
      synchronized (lock) {
        if (!isOpen || running >= parallel || waiting.isEmpty()) {
          return;
        }
        next = take();
        running++;
      }
      start(next);
    }
  }

  private void start(Ticket ticket) {
    try {
      executor.execute(() -> runAndGoOn(ticket));
    } catch (RejectedExecutionException | IllegalStateException stopping) {
      synchronized (lock) {
        running--;
      }
      throw stopping;
    }
  }

  private void runAndGoOn(Ticket first) {
    var ticket = Optional.of(first);
    while (ticket.isPresent()) {
      try {
        ticket.get().work().run(time.nanoTime());
      } catch (RuntimeException e) {
        log.error("a request was not answered: {}", ticket.get().line(), e);
      }
      ticket = nextOrLeave();
    }
  }

  private Optional<Ticket> nextOrLeave() {
    synchronized (lock) {
      if (running > parallel || waiting.isEmpty()) {
        running--;
        return Optional.empty();
      }
      return Optional.of(take());
    }
  }

  private int unanswered() {
    synchronized (lock) {
      return running + aside;
    }
  }

  /** The next that waits; with the lock held. */
  private Ticket take() {
    var next = waiting.remove();
    waitingBytes -= next.bytes();
    return next;
  }

  @Override
  public <T> T aside(Wait<T> wait) throws InterruptedException {
    synchronized (lock) {
      running--;
      aside++;
    }
    try {
      startWaiting();
      return wait.await();
    } finally {
      synchronized (lock) {
        aside--;
        running++;
      }
    }
  }

  /**
   * Lets the requests that are being answered end; those that wait are given up.
   *
   * @return false when some still run after the limit
   */
  public boolean drain(Duration limit) throws InterruptedException {
    long started = time.nanoTime();
    synchronized (lock) {
      isOpen = false;
      waiting.clear();
      waitingBytes = 0;
    }
    while (unanswered() > 0) {
      if (time.since(started).compareTo(limit) > 0) {
        return false;
      }
      time.sleep(GLANCE);
    }
    return true;
  }
}
