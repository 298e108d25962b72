package io.hayloft.tracker.store.group;

import static java.util.Objects.requireNonNull;

import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.Hearer;
import io.hayloft.tracker.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers requests of one kind that come while others of that kind are carried out, and has those
 * that wait carried out together as soon as that has ended. There is no timer: what finds a place
 * free is carried out at once, so one client alone waits for nobody, and the more there are the
 * more they share.
 *
 * <h2>Who carries out</h2>
 *
 * <p>Whoever asks, waits and finds nobody there carries out his own request, and nothing else: he
 * may be interrupted, which must be nobody else's trouble. All others are carried out by a leader,
 * a thread that goes on as long as somebody waits. So of many requests that {@link #ask(Object,
 * Hearer)} none has to wake a thread.
 *
 * <p>A second place is taken when a whole batch waits, or when those under way take long, as on a
 * connection that hangs. Earlier it would only make two small batches of one.
 *
 * <h2>How long is too long</h2>
 *
 * <p>Whoever has waited for longer than a turn may take is refused ({@code BUSY}), and was not
 * begun: what was begun is waited for, however long it takes, because it may be done. Whoever comes
 * and whoever leads looks for those who are late; behind a batch that hangs nobody else may come,
 * and so {@link #lookAfter} is to be called now and then.
 *
 * <h2>What goes wrong</h2>
 *
 * <p>What fails together is tried again one by one, so that nobody suffers for another's request;
 * but not while the database is away, which is everybody's trouble: those who have waited for it a
 * while fail as well, or each batch of them would wait for it again.
 *
 * <p>Of requests that touch the same thing only one is in a batch; the others keep their order and
 * come with the next.
 *
 * @param <Q> a request
 * @param <A> its outcome
 */
public final class Gathering<Q, A> {

  private static final Logger log = LoggerFactory.getLogger(Gathering.class);

  /**
   * Who has waited that long for a database that is then found to be away hears of it now. Whoever
   * came later may be luckier: it may have been one connection only that broke.
   */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** A batch that takes longer than this keeps nobody waiting while there is another place. */
  private static final Duration LONG = Duration.ofMillis(50);

  private final Batch<Q, A> batch;
  private final Function<Q, Collection<?>> touches;
  private final Room room;
  private final Service service;
  private final Time time;

  private final Object lock = new Object();
  private final Deque<Ticket<Q, A>> waiting = new ArrayDeque<>();
  private final List<Place> taken = new ArrayList<>();

  /** Where batches are carried out, one after the other. */
  private static final class Place {

    /** When its batch was begun. Guarded by the lock. */
    private long since;

    Place(long since) {
      this.since = since;
    }
  }

  /**
   * How much is carried out at a time.
   *
   * @param together how many requests are in a batch
   * @param places how many batches may be under way
   */
  public record Room(int together, int places) {}

  /**
   * Who carries out the requests of others, and how long these may wait for it to begin.
   *
   * @param leaders runs them; best on threads of the operating system, which wait for a socket with
   *     the least to do
   */
  public record Service(Executor leaders, Duration turn) {}

  /** Somebody who waits for the outcome of a request: a thread or a hearer. */
  private static final class Ticket<Q, A> {

    private final Q request;
    private final long since;
    private final @Nullable Thread owner;
    private final @Nullable Hearer<A> hearer;
    private @Nullable A outcome;
    private @Nullable RuntimeException failure;

    /** Written last by whoever carries it out, so that the outcome is seen with it. */
    private volatile boolean done;

    Ticket(Q request, long since, @Nullable Hearer<A> hearer) {
      this.request = request;
      this.since = since;
      this.hearer = hearer;
      this.owner = hearer == null ? Thread.currentThread() : null;
    }

    void succeed(A outcome) {
      this.outcome = outcome;
      done = true;
    }

    void fail(RuntimeException failure) {
      this.failure = failure;
      done = true;
    }

    A outcome() {
      if (failure != null) {
        throw failure;
      }
      return requireNonNull(outcome);
    }

    void tell() {
      if (hearer == null) {
        LockSupport.unpark(owner);
        return;
      }
      try {
        hearer.hear(this::outcome);
      } catch (RuntimeException e) {
        log.error("whoever asked could not hear what came of it: {}", request, e);
      }
    }
  }

  /**
   * @param touches what a request changes: those of one batch have nothing of it in common
   */
  public Gathering(
      Batch<Q, A> batch,
      Function<Q, Collection<?>> touches,
      Room room,
      Service service,
      Time time) {
    this.batch = batch;
    this.touches = touches;
    this.room = room;
    this.service = service;
    this.time = time;
  }

  /**
   * The outcome of a request, once it has been carried out. An interrupt does not end the waiting:
   * what the database has begun has an outcome, which whoever asked must hear.
   *
   * @throws StoreException for {@code BUSY}, when it was not begun in time and never will be
   */
  public A ask(Q request) {
    try (var _ = Phases.begin(Phase.DATABASE)) {
      return outcome(request);
    }
  }

  /** Has a request carried out while the caller goes on. */
  public void ask(Q request, Hearer<A> hearer) {
    long now = time.nanoTime();
    List<Ticket<Q, A>> late;
    Optional<Place> place;
    synchronized (lock) {
      late = late(now);
      waiting.add(new Ticket<>(request, now, hearer));
      place = takePlace(now);
    }
    place.ifPresent(this::startLeader);
    refuse(late);
  }

  /** Sees to those who wait, should nobody else come who does. */
  void lookAfter() {
    long now = time.nanoTime();
    List<Ticket<Q, A>> late;
    Optional<Place> place;
    synchronized (lock) {
      late = late(now);
      place = waiting.isEmpty() ? Optional.empty() : takePlace(now);
    }
    place.ifPresent(this::startLeader);
    refuse(late);
  }

  /** With the lock held: those who have waited for too long, and do no more. */
  private List<Ticket<Q, A>> late(long now) {
    if (!isLate(waiting.peek(), now)) {
      return List.of();
    }
    var late = new ArrayList<Ticket<Q, A>>();
    while (isLate(waiting.peek(), now)) {
      late.add(waiting.remove());
    }
    return late;
  }

  private boolean isLate(@Nullable Ticket<Q, A> ticket, long now) {
    return ticket != null && now - ticket.since > service.turn().toNanos();
  }

  private static <Q, A> void refuse(List<Ticket<Q, A>> late) {
    if (!late.isEmpty()) {
      var busy = new StoreException(StoreException.Cause.BUSY, "others took too long before it");
      late.forEach(ticket -> ticket.fail(busy));
      tell(late);
    }
  }

  private A outcome(Q request) {
    long now = time.nanoTime();
    var mine = new Ticket<Q, A>(request, now, null);
    boolean alone;
    List<Ticket<Q, A>> late;
    Optional<Place> place;
    synchronized (lock) {
      late = late(now);
      alone = taken.isEmpty();
      if (!alone) {
        waiting.add(mine);
      }
      place = takePlace(now);
    }
    refuse(late);
    if (alone) {
      try {
        carryOut(List.of(mine));
      } finally {
        passOn(place.orElseThrow());
      }
    } else {
      place.ifPresent(this::startLeader);
    }
    boolean interrupted = false;
    while (!mine.done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return mine.outcome();
  }

  /** With the lock held: a place, if somebody more is to carry out what waits. */
  private Optional<Place> takePlace(long now) {
    if (!taken.isEmpty() && (taken.size() >= room.places() || areSeenTo(taken, now))) {
      return Optional.empty();
    }
    var place = new Place(now);
    taken.add(place);
    return Optional.of(place);
  }

  /**
   * With the lock held: whether those who wait can be left to these, as soon as one of them ends.
   */
  private boolean areSeenTo(Collection<Place> places, long now) {
    return waiting.isEmpty()
        || (waiting.size() < room.together()
            && places.stream().anyMatch(place -> now - place.since <= LONG.toNanos()));
  }

  private void startLeader(Place place) {
    try {
      service.leaders().execute(() -> lead(place));
    } catch (RejectedExecutionException stopping) {
      log.debug("no thread to carry out what waits", stopping);
      lead(place);
    }
  }

  /** Carries out what waits, until the place is needed no more. */
  private void lead(Place place) {
    boolean leaves = false;
    try {
      for (var together = nextOrLeave(place); !together.isEmpty(); together = nextOrLeave(place)) {
        try {
          carryOut(together);
        } finally {
          tell(together);
        }
      }
      leaves = true;
    } finally {
      if (!leaves) {
        passOn(place);
      }
    }
  }

  /** After a batch of one's own: gives the place to a leader, if anybody waits. */
  private void passOn(Place place) {
    boolean leads;
    synchronized (lock) {
      leads = !leave(place);
    }
    if (leads) {
      startLeader(place);
    }
  }

  /** With the lock held: whether the place was given up, because it is not needed. */
  private boolean leave(Place place) {
    long now = time.nanoTime();
    taken.remove(place);
    boolean leaves = areSeenTo(taken, now);
    if (!leaves) {
      place.since = now;
      taken.add(place);
    }
    return leaves;
  }

  /** How many requests nobody has begun to carry out. */
  int waiting() {
    synchronized (lock) {
      return waiting.size();
    }
  }

  /** The first that waits and those that can go with it; none when the place was given up. */
  private List<Ticket<Q, A>> nextOrLeave(Place place) {
    List<Ticket<Q, A>> late;
    List<Ticket<Q, A>> next;
    synchronized (lock) {
      late = late(time.nanoTime());
      next = leave(place) ? List.of() : next();
    }
    refuse(late);
    return next;
  }

  /** With the lock held. */
  private List<Ticket<Q, A>> next() {
    var together = new ArrayList<Ticket<Q, A>>();
    var passedOver = new ArrayList<Ticket<Q, A>>();
    Set<Object> touched = new HashSet<>();
    while (together.size() < room.together()
        && passedOver.size() < room.together()
        && !waiting.isEmpty()) {
      var ticket = waiting.remove();
      var own = touches.apply(ticket.request);
      boolean free = own.isEmpty() || own.stream().noneMatch(touched::contains);
      // Also what is passed over is touched: whoever comes later must not overtake it.
      touched.addAll(own);
      (free ? together : passedOver).add(ticket);
    }
    for (var ticket : passedOver.reversed()) {
      waiting.addFirst(ticket);
    }
    return together;
  }

  private void carryOut(List<Ticket<Q, A>> together) {
    try {
      var outcomes = batch.carryOut(together.stream().map(ticket -> ticket.request).toList());
      if (outcomes.size() != together.size()) {
        throw new IllegalStateException(
            "%d outcomes of %d requests".formatted(outcomes.size(), together.size()));
      }
      for (int i = 0; i < together.size(); i++) {
        together.get(i).succeed(outcomes.get(i));
      }
    } catch (StoreException e) {
      if (e.why() == StoreException.Cause.UNAVAILABLE) {
        together.forEach(ticket -> ticket.fail(e));
        failWhoHasWaitedLong(e);
      } else if (together.size() == 1) {
        together.getFirst().fail(e);
      } else {
        carryOutOneByOne(together);
      }
    } catch (RuntimeException e) {
      together.forEach(ticket -> ticket.fail(e));
    } catch (Error e) {
      together.forEach(
          ticket -> ticket.fail(new IllegalStateException("a request was not carried out", e)));
      throw e;
    }
  }

  /** When the database goes away meanwhile, it is not asked once more for each that is left. */
  private void carryOutOneByOne(List<Ticket<Q, A>> together) {
    RuntimeException away = null;
    for (var ticket : together) {
      if (away != null) {
        ticket.fail(away);
        continue;
      }
      carryOut(List.of(ticket));
      if (ticket.failure instanceof StoreException e
          && e.why() == StoreException.Cause.UNAVAILABLE) {
        away = e;
      }
    }
  }

  private void failWhoHasWaitedLong(StoreException e) {
    var failed = new ArrayList<Ticket<Q, A>>();
    synchronized (lock) {
      waiting.removeIf(
          ticket -> {
            boolean isLong = time.since(ticket.since).compareTo(PATIENCE) > 0;
            if (isLong) {
              failed.add(ticket);
            }
            return isLong;
          });
    }
    failed.forEach(ticket -> ticket.fail(e));
    tell(failed);
  }

  private static <Q, A> void tell(List<Ticket<Q, A>> together) {
    together.forEach(Ticket::tell);
  }
}
