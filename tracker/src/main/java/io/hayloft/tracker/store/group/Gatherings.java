package io.hayloft.tracker.store.group;

import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Makes the gatherings of a tracker's stores, and is the worker that sees to those who wait in
 * them: when a database hangs nobody else may come who does. Those of a store that is gone, as a
 * replica's, go with it.
 */
public final class Gatherings implements Worker {

  /** Clients give up after three seconds, and what it waits for has to be done as well. */
  public static final Duration USUAL_TURN = Duration.ofSeconds(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Gathering.Service service;
  private final Time time;
  private final Set<Gathering<?, ?>> made = Collections.newSetFromMap(new WeakHashMap<>());

  public Gatherings(Gathering.Service service, Time time) {
    this.service = service;
    this.time = time;
  }

  /** Whose requests wait as long as is usual. */
  public static Gatherings usual(Executor leaders, Time time) {
    return new Gatherings(new Gathering.Service(leaders, USUAL_TURN), time);
  }

  /**
   * @param touches what a request changes: those of one batch have nothing of it in common
   */
  public <Q, A> Gathering<Q, A> gathering(
      Batch<Q, A> batch, Function<Q, Collection<?>> touches, Gathering.Room room) {
    var gathering = new Gathering<>(batch, touches, room, service, time);
    synchronized (made) {
      made.add(gathering);
    }
    return gathering;
  }

  @Override
  public Pace step() {
    List<Gathering<?, ?>> all;
    synchronized (made) {
      all = List.copyOf(made);
    }
    all.forEach(Gathering::lookAfter);
    return Pace.rest(BETWEEN_LOOKS);
  }
}
