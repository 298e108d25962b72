package io.hayloft.tracker.store.group;

import static java.util.Objects.requireNonNull;

import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers requests of one kind that come while others of that kind are carried out, and has those
 * that wait carried out together as soon as somebody is free to do it. There is no timer and no
 * thread: whoever finds a place free carries out what waits, his own request among it, and hands
 * the place to the first of those who came meanwhile. One client alone therefore waits for nobody,
 * and the more there are the more they share.
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

  /**
   * Who has waited that long for a database that is then found to be away hears of it now. Whoever
   * came later may be luckier: it may have been one connection only that broke.
   */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Batch<Q, A> batch;
  private final Function<Q, Collection<?>> touches;
  private final int mostTogether;
  private final int places;
  private final Time time;

  private final Object lock = new Object();
  private final Deque<Ticket<Q, A>> waiting = new ArrayDeque<>();
  private int taken;

  /** Somebody who waits for the outcome of a request. */
  private static final class Ticket<Q, A> {

    private final Q request;
    private final long since;
    private final Thread owner = Thread.currentThread();
    private @Nullable A outcome;
    private @Nullable RuntimeException failure;

    /** Whether the owner has a place to carry out what waits. Guarded by the lock. */
    private boolean leads;

    /** Whether nobody has begun to carry it out. Guarded by the lock. */
    private boolean waits = true;

    /** Written last by whoever carries it out, so that the outcome is seen with it. */
    private volatile boolean done;

    Ticket(Q request, long since) {
      this.request = request;
      this.since = since;
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
  }

  /**
   * @param touches what a request changes: those of one batch have nothing of it in common
   * @param mostTogether how many are carried out together
   * @param places how many batches may be under way at a time
   */
  public Gathering(
      Batch<Q, A> batch,
      Function<Q, Collection<?>> touches,
      int mostTogether,
      int places,
      Time time) {
    this.batch = batch;
    this.touches = touches;
    this.mostTogether = mostTogether;
    this.places = places;
    this.time = time;
  }

  /**
   * The outcome of a request, once it has been carried out. An interrupt does not end the waiting:
   * what the database has begun has an outcome, which whoever asked must hear.
   */
  public A ask(Q request) {
    try (var _ = Phases.begin(Phase.DATABASE)) {
      return outcome(request);
    }
  }

  private A outcome(Q request) {
    var mine = new Ticket<Q, A>(request, time.nanoTime());
    synchronized (lock) {
      waiting.add(mine);
      mine.leads = taken < places;
      if (mine.leads) {
        taken++;
      }
    }
    boolean interrupted = false;
    while (!mine.done) {
      lead(mine);
      if (!mine.done) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    // The place may have come together with the outcome, when another carried both out.
    lead(mine);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return mine.outcome();
  }

  /** With a place: carries out what waits until the own request was among it, and gives it away. */
  private void lead(Ticket<Q, A> mine) {
    if (!leads(mine)) {
      return;
    }
    List<Ticket<Q, A>> together = List.of();
    try {
      for (var some = next(mine); !some.isEmpty(); some = next(mine)) {
        wake(together);
        together = some;
        carryOut(together);
      }
    } finally {
      // First: the database shall not be idle while the others are woken.
      passOn(mine);
      wake(together);
    }
  }

  /** How many requests nobody has begun to carry out. */
  int waiting() {
    synchronized (lock) {
      return waiting.size();
    }
  }

  private boolean leads(Ticket<Q, A> mine) {
    synchronized (lock) {
      return mine.leads;
    }
  }

  /** The first that waits and those that can go with it; none when mine has been begun. */
  private List<Ticket<Q, A>> next(Ticket<Q, A> mine) {
    var together = new ArrayList<Ticket<Q, A>>();
    Set<Object> touched = new HashSet<>();
    synchronized (lock) {
      if (!mine.waits) {
        return List.of();
      }
      var passedOver = new ArrayList<Ticket<Q, A>>();
      while (together.size() < mostTogether
          && passedOver.size() < mostTogether
          && !waiting.isEmpty()) {
        var ticket = waiting.remove();
        var own = touches.apply(ticket.request);
        boolean free = own.stream().noneMatch(touched::contains);
        // Also what is passed over is touched: whoever comes later must not overtake it.
        touched.addAll(own);
        ticket.waits = !free;
        (free ? together : passedOver).add(ticket);
      }
      for (var ticket : passedOver.reversed()) {
        waiting.addFirst(ticket);
      }
    }
    return together;
  }

  private void passOn(Ticket<Q, A> mine) {
    Thread heir;
    synchronized (lock) {
      mine.leads = false;
      var first = waiting.stream().filter(ticket -> !ticket.leads).findFirst();
      if (first.isEmpty()) {
        taken--;
        return;
      }
      first.get().leads = true;
      heir = first.get().owner;
    }
    LockSupport.unpark(heir);
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
              ticket.waits = false;
              failed.add(ticket);
            }
            return isLong;
          });
    }
    failed.forEach(ticket -> ticket.fail(e));
    wake(failed);
  }

  private static <Q, A> void wake(List<Ticket<Q, A>> together) {
    var self = Thread.currentThread();
    for (var ticket : together) {
      if (ticket.owner != self) {
        LockSupport.unpark(ticket.owner);
      }
    }
  }
}
