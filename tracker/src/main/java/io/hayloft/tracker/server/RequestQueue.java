package io.hayloft.tracker.server;

import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.command.Places;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that take time: so many are answered at once, the others wait in the order they came,
 * and those beyond a bound are refused ({@link WaitingLine}). Look-ups have some places to
 * themselves ({@link Lane}). Closed at first: requests then wait until {@link #open}.
 */
public final class RequestQueue implements Places, Worker {

  private static final Logger log = LoggerFactory.getLogger(RequestQueue.class);
  private static final Duration GLANCE = Duration.ofMillis(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Executor executor;
  private final Time time;
  private final WaitingLine waiting;

  private final Object lock = new Object();
  private int parallel;
  private boolean isOpen;
  private int running;

  /** Of those that run, how many are no look-ups. */
  private int others;

  private int aside;
  private long waited;
  private long refused;

  /** A request in the queue. */
  record Ticket(String clientIp, String line, Lane lane, Work work) {

    Ticket(String clientIp, String line, Work work) {
      this(clientIp, line, Lane.OTHERS, work);
    }

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

    /**
     * Begins to answer it, where no thread has to wait for that. Must not wait.
     *
     * @param turn its place, which it keeps until it says that it has ended
     * @return false when nothing was begun, and {@link #run} is to be called
     */
    default boolean begin(long startedNanos, Turn turn) {
      return false;
    }

    /** Its turn came too late: refuses it. Must not throw either, nor wait. */
    default void giveUp() {}
  }

  /** The place of a request that was begun. */
  interface Turn {

    /** It was answered. */
    void ended();

    /** It was not, and a thread has to wait for it after all: {@link Work#run} will be called. */
    void goesOn();
  }

  /**
   * The queue at one moment.
   *
   * @param waited requests, ever, that could not be answered at once
   * @param refused requests, ever, that found the queue full or waited in it for too long
   */
  public record State(int waiting, int running, int idle, long waited, long refused) {}

  /**
   * @param executor runs what may block
   * @param parallel how many requests are answered at once
   * @param mostWaiting how many others may wait, as long as they are short: all together may take a
   *     sixteenth of the heap
   * @param turn how long they may wait
   */
  public RequestQueue(Executor executor, Time time, int parallel, int mostWaiting, Duration turn) {
    this(
        executor,
        time,
        parallel,
        new WaitingLine.Bounds(mostWaiting, Runtime.getRuntime().maxMemory() / 16, turn));
  }

  RequestQueue(Executor executor, Time time, int parallel, WaitingLine.Bounds bounds) {
    this.executor = executor;
    this.time = time;
    this.parallel = parallel;
    this.waiting = new WaitingLine(bounds);
  }

  /** Starts answering. */
  public void open() {
    synchronized (lock) {
      isOpen = true;
      waiting.open(time.nanoTime());
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

  /** Takes a request; false when it cannot be expected to be answered in time. */
  boolean submit(Ticket ticket) {
    long now = time.nanoTime();
    synchronized (lock) {
      if (!isOpen || !hasPlace(ticket.lane())) {
        return join(ticket, now);
      }
      occupy(ticket.lane(), 1);
    }
    start(new WaitingLine.Place(ticket, now), now);
    return true;
  }

  /** With the lock held. */
  private boolean hasPlace(Lane lane) {
    return running < parallel
        && switch (lane) {
          case LOOK_UPS -> true;
          case OTHERS -> others < Lane.mostOthers(parallel);
        };
  }

  /** With the lock held: so many more places are taken. */
  private void occupy(Lane lane, int places) {
    running += places;
    others += lane == Lane.OTHERS ? places : 0;
  }

  /** With the lock held: whose turn it is, who has a place from now on. */
  private Optional<WaitingLine.Place> nextPlaced() {
    if (!hasPlace(Lane.LOOK_UPS)) {
      return Optional.empty();
    }
    var next = waiting.next(hasPlace(Lane.OTHERS));
    next.ifPresent(place -> occupy(place.ticket().lane(), 1));
    return next;
  }

  /** With the lock held. */
  private boolean join(Ticket ticket, long now) {
    boolean joined = waiting.join(ticket, now);
    waited += joined ? 1 : 0;
    refused += joined ? 0 : 1;
    return joined;
  }

  /**
   * Refuses those who have waited for too long while nobody's turn came, or some of them.
   *
   * @return how many it were
   */
  int refuseLate() {
    List<Ticket> late;
    synchronized (lock) {
      late = waiting.late(time.nanoTime());
      refused += late.size();
    }
    late.forEach(ticket -> ticket.work().giveUp());
    return late.size();
  }

  /**
   * Those who come later do not see to those that wait: in an overload there are many, and when
   * requests hang there may be none.
   */
  @Override
  public Pace step() {
    return refuseLate() > 0 ? Pace.again() : Pace.rest(BETWEEN_LOOKS);
  }

  public State state() {
    synchronized (lock) {
      return new State(waiting.size(), running, Math.max(0, parallel - running), waited, refused);
    }
  }

  /** The requests that wait, in their order. */
  List<Ticket> waiting() {
    synchronized (lock) {
      return waiting.tickets();
    }
  }

  private void startWaiting() {
    while (true) {
      Optional<WaitingLine.Place> next;
      synchronized (lock) {
        next = isOpen ? nextPlaced() : Optional.empty();
      }
      if (next.isEmpty()) {
        return;
      }
      start(next.get(), time.nanoTime());
    }
  }

  private void start(WaitingLine.Place place, long now) {
    if (!begins(place, now)) {
      startThread(place);
    }
  }

  /** Whether it needs no thread. */
  private boolean begins(WaitingLine.Place place, long now) {
    return !isLate(place, now) && place.ticket().work().begin(now, new Begun(place));
  }

  private boolean isLate(WaitingLine.Place place, long now) {
    if (place.sinceNanos() == now) {
      return false;
    }
    synchronized (lock) {
      return waiting.isLate(place, now);
    }
  }

  private final class Begun implements Turn {

    private final WaitingLine.Place place;

    Begun(WaitingLine.Place place) {
      this.place = place;
    }

    @Override
    public void ended() {
      nextAfter(place).ifPresent(next -> start(next, time.nanoTime()));
    }

    @Override
    public void goesOn() {
      startThread(place);
    }
  }

  private void startThread(WaitingLine.Place place) {
    try {
      executor.execute(() -> runAndGoOn(place));
    } catch (RejectedExecutionException | IllegalStateException stopping) {
      synchronized (lock) {
        occupy(place.ticket().lane(), -1);
      }
      throw stopping;
    }
  }

  private void runAndGoOn(WaitingLine.Place first) {
    var place = Optional.of(first);
    while (place.isPresent()) {
      try {
        run(place.get());
      } catch (RuntimeException e) {
        log.error("a request was not answered: {}", place.get().ticket().line(), e);
      }
      place = nextAfter(place.get()).filter(next -> !begins(next, time.nanoTime()));
    }
  }

  private void run(WaitingLine.Place place) {
    long now = time.nanoTime();
    boolean late;
    synchronized (lock) {
      late = waiting.isLate(place, now);
      refused += late ? 1 : 0;
    }
    if (late) {
      place.ticket().work().giveUp();
    } else {
      place.ticket().work().run(now);
    }
  }

  /** Leaves the place of one that is done; whoever comes into one by that. */
  private Optional<WaitingLine.Place> nextAfter(WaitingLine.Place done) {
    synchronized (lock) {
      occupy(done.ticket().lane(), -1);
      return nextPlaced();
    }
  }

  private int unanswered() {
    synchronized (lock) {
      return running + aside;
    }
  }

  /** No look-up waits aside. */
  @Override
  public <T> T aside(Wait<T> wait) throws InterruptedException {
    synchronized (lock) {
      occupy(Lane.OTHERS, -1);
      aside++;
    }
    try {
      startWaiting();
      try (var _ = Phases.begin(Phase.COPIES)) {
        return wait.await();
      }
    } finally {
      synchronized (lock) {
        aside--;
        occupy(Lane.OTHERS, 1);
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
      waiting.close();
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
