package io.hayloft.tracker.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Puts things into a random order in which the heavier tend to come first: each next one is drawn
 * from those that remain, with a chance in proportion to its weight. What weighs nothing is left
 * out.
 *
 * <p>Instead of drawing one after the other, which takes time in proportion to the square of their
 * number, each thing is given a waiting time, exponentially distributed with its weight as the
 * rate, and they come in the order of these. The first to come is then each thing with a chance in
 * proportion to its weight; and since such times have no memory, so is the next among those that
 * remain (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
 */
final class WeightedOrder {

  private WeightedOrder() {}

  static <T> List<T> of(List<T> items, ToDoubleFunction<? super T> weight, RandomGenerator random) {
    var waiting = new ArrayList<Waiting<T>>(items.size());
    for (T item : items) {
      double heavy = weight.applyAsDouble(item);
      if (heavy > 0) {
        waiting.add(new Waiting<>(item, -Math.log(1 - random.nextDouble()) / heavy));
      }
    }
    waiting.sort(Comparator.comparingDouble(Waiting::time));
    var order = new ArrayList<T>(waiting.size());
    waiting.forEach(each -> order.add(each.item()));
    return List.copyOf(order);
  }

  private record Waiting<T>(T item, double time) {}
}
