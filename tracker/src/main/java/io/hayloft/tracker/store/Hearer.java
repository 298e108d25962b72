package io.hayloft.tracker.store;

import java.util.function.Supplier;

/** Whoever asked for something and did not wait for it. */
@FunctionalInterface
public interface Hearer<A> {

  /**
   * Hears what came of it, once. On a thread that others depend on: it must not be kept waiting,
   * and not be thrown at.
   *
   * @param outcome tells it, or throws what asking and waiting would have thrown
   */
  void hear(Supplier<A> outcome);
}
