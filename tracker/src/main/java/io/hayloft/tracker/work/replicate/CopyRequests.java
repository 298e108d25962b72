package io.hayloft.tracker.work.replicate;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Copies for files that each wait for their own, made in few requests: one to a destination host
 * has a line for each file.
 *
 * <h2>How requests are made</h2>
 *
 * <p>There is no timer. A host is sent {@link Limits#requests} requests at a time; what comes
 * meanwhile gathers, and goes together when one of them ends. A copy that comes alone therefore
 * goes at once, and many go in long requests. A request of which only a few lines are left, or that
 * is old, does not count: one slow disk does not hold up the host's others.
 *
 * <h2>Who comes first</h2>
 *
 * <p>What has the fewest copies, then what came first; a copy whose device is busy lets those after
 * it pass. Each device is read from and written to by so many copies at a time and no more.
 */
public final class CopyRequests {

  /** How long a copy waits for its turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How often those who wait look whether what they wait for is still good. */
  private static final Duration GLANCE = Duration.ofMillis(250);

  private static final Duration OLD = Duration.ofSeconds(1);

  /**
   * How many at a time.
   *
   * @param perDevice copies that read from one device, and as many that write to it
   * @param lines in one request
   * @param requests to one host
   */
  public record Limits(int perDevice, int lines, int requests) {

    public static final Limits USUAL = new Limits(16, 64, 2);

    public Limits {
      if (perDevice < 1 || lines < 1 || requests < 1) {
        throw new IllegalArgumentException("at least one copy at a time");
      }
    }
  }

  /** What became of a copy. */
  public sealed interface Answer {

    /**
     * @param took how long it was being made, without the wait
     */
    record Ended(Copy copy, Duration took) implements Answer {}

    /** Not begun: what was decided before the wait is not good any more. */
    record Stale() implements Answer {}

    /** Not begun: its turn did not come. */
    record Crowded() implements Answer {}
  }

  private final StorageNodes nodes;
  private final Limits limits;
  private final Tasks tasks;
  private final Time time;

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeSet<Waiting> queue = new TreeSet<>();
  private final Map<HostId, Integer> waitingFor = new HashMap<>();
  private final Map<DeviceId, Integer> reading = new HashMap<>();
  private final Map<DeviceId, Integer> writing = new HashMap<>();
  private final Map<HostId, List<Request>> underWay = new HashMap<>();
  private long arrivals;

  public CopyRequests(StorageNodes nodes, Limits limits, Tasks tasks, Time time) {
    this.nodes = nodes;
    this.limits = limits;
    this.tasks = tasks;
    this.time = time;
  }

  /** A copy that waits for its turn, or is being made. */
  private static final class Waiting implements Comparable<Waiting> {
    private final Order order;
    private final int copies;
    private final long number;
    private final BooleanSupplier stillGood;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    Waiting(Order order, int copies, long number, BooleanSupplier stillGood) {
      this.order = order;
      this.copies = copies;
      this.number = number;
      this.stillGood = stillGood;
    }

    DeviceId from() {
      return order.from().path().device();
    }

    DeviceId to() {
      return order.to().path().device();
    }

    HostId host() {
      return order.to().host().id();
    }

    @Override
    public int compareTo(Waiting other) {
      int byCopies = Integer.compare(copies, other.copies);
      return byCopies == 0 ? Long.compare(number, other.number) : byCopies;
    }
  }

  /** Copies that go to one host together. */
  private static final class Request {
    private final long begunNanos;
    private final Map<Order, Waiting> left = new LinkedHashMap<>();
    private int lines;

    Request(long begunNanos) {
      this.begunNanos = begunNanos;
    }

    void add(Waiting waiting) {
      left.put(waiting.order, waiting);
      lines++;
    }
  }

  /**
   * Makes a copy when its turn has come.
   *
   * @param copies how many live ones the file has: those with the fewest come first
   * @param stillGood whether source and destination may be used by now; must not block
   */
  public Answer copy(Order order, int copies, BooleanSupplier stillGood)
      throws InterruptedException {
    Waiting waiting;
    lock.lock();
    try {
      waiting = new Waiting(order, copies, arrivals++, stillGood);
      queue.add(waiting);
      waitingFor.merge(waiting.host(), 1, Integer::sum);
    } finally {
      lock.unlock();
    }
    long since = time.nanoTime();
    try {
      while (true) {
        sendWhatMayGo();
        var answer = await(waiting);
        if (answer.isPresent()) {
          return answer.get();
        }
        boolean late = time.since(since).compareTo(PATIENCE) > 0;
        if ((late || !stillGood.getAsBoolean()) && withdraw(waiting)) {
          return late ? new Answer.Crowded() : new Answer.Stale();
        }
      }
    } catch (InterruptedException e) {
      withdraw(waiting);
      throw e;
    }
  }

  private static Optional<Answer> await(Waiting waiting) throws InterruptedException {
    try {
      return Optional.of(waiting.answer.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** False when it is not waiting any more. */
  private boolean withdraw(Waiting waiting) {
    lock.lock();
    try {
      boolean waited = queue.remove(waiting);
      if (waited) {
        give(waitingFor, waiting.host());
      }
      return waited;
    } finally {
      lock.unlock();
    }
  }

  private void sendWhatMayGo() {
    Collection<Request> requests;
    lock.lock();
    try {
      requests = pick();
    } finally {
      lock.unlock();
    }
    requests.forEach(this::start);
  }

  /**
   * Takes from the queue what may go now; one request for each host at most. Asked with every copy
   * that comes and every one that ends, so it does not look through the queue for hosts that are
   * busy.
   */
  private Collection<Request> pick() {
    long now = time.nanoTime();
    var free = new HashSet<HostId>();
    for (var host : waitingFor.keySet()) {
      if (!busy(host, now)) {
        free.add(host);
      }
    }
    var picked = new HashMap<HostId, Request>();
    for (var each = queue.iterator(); !free.isEmpty() && each.hasNext(); ) {
      var next = each.next();
      var host = next.host();
      if (!free.contains(host) || full(reading, next.from()) || full(writing, next.to())) {
        continue;
      }
      each.remove();
      give(waitingFor, host);
      var request = picked.computeIfAbsent(host, _ -> begin(host, now));
      request.add(next);
      if (request.lines >= limits.lines()) {
        free.remove(host);
      }
      reading.merge(next.from(), 1, Integer::sum);
      writing.merge(next.to(), 1, Integer::sum);
    }
    return picked.values();
  }

  private Request begin(HostId host, long now) {
    var request = new Request(now);
    underWay.computeIfAbsent(host, _ -> new ArrayList<>()).add(request);
    return request;
  }

  private boolean full(Map<DeviceId, Integer> copies, DeviceId device) {
    return copies.getOrDefault(device, 0) >= limits.perDevice();
  }

  private boolean busy(HostId host, long now) {
    int counted = 0;
    for (var request : underWay.getOrDefault(host, List.of())) {
      boolean nearlyDone = 4 * request.left.size() <= request.lines;
      if (!nearlyDone && now - request.begunNanos < OLD.toNanos()) {
        counted++;
      }
    }
    return counted >= limits.requests();
  }

  private void start(Request request) {
    for (var each : List.copyOf(request.left.values())) {
      if (!each.stillGood.getAsBoolean()) {
        end(request, each.order, new Answer.Stale());
      }
    }
    if (request.left.isEmpty()) {
      return;
    }
    try {
      var _ = tasks.start("copies", () -> send(request));
    } catch (RejectedExecutionException stopping) {
      endAll(request, new Answer.Crowded());
    }
  }

  private void send(Request request) throws InterruptedException {
    var orders = List.copyOf(request.left.keySet());
    Copy rest = new Copy.DestinationFailed("it told nothing of this copy");
    try {
      nodes.copyAll(orders, (order, copy) -> end(request, order, ended(request, copy)));
    } catch (RuntimeException e) {
      rest = new Copy.DestinationFailed(e.toString());
    } finally {
      endAll(request, ended(request, rest));
    }
  }

  private Answer ended(Request request, Copy copy) {
    return new Answer.Ended(copy, time.since(request.begunNanos));
  }

  private void end(Request request, Order order, Answer answer) {
    Waiting ended;
    lock.lock();
    try {
      ended = request.left.remove(order);
      if (ended != null) {
        give(reading, ended.from());
        give(writing, ended.to());
      }
      if (request.left.isEmpty()) {
        var host = order.to().host().id();
        underWay.computeIfPresent(
            host,
            (_, requests) -> {
              requests.remove(request);
              return requests.isEmpty() ? null : requests;
            });
      }
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      ended.answer.complete(answer);
      sendWhatMayGo();
    }
  }

  private void endAll(Request request, Answer answer) {
    List<Order> rest;
    lock.lock();
    try {
      rest = List.copyOf(request.left.keySet());
    } finally {
      lock.unlock();
    }
    rest.forEach(order -> end(request, order, answer));
  }

  private static <K> void give(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }

  /** How many copies wait for their turn. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }
}
