package io.hayloft.tracker.store.group;

import java.util.List;

/** Carries out requests of one kind together. */
@FunctionalInterface
public interface Batch<Q, A> {

  /**
   * @param requests at least one, in the order they came
   * @return the outcome of each, in the same order
   * @throws io.hayloft.tracker.store.StoreException when nothing of it was done, for whatever
   *     reason; or, when the reason is {@code UNAVAILABLE}, when nobody knows
   */
  List<A> carryOut(List<Q> requests);
}
