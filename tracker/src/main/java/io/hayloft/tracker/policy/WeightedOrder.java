package io.hayloft.tracker.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Puts things into a random order in which the heavier tend to come first: each next one is drawn
 * from those that remain, with a chance in proportion to its weight. What weighs nothing is left
 * out.
 */
final class WeightedOrder {

  private WeightedOrder() {}

  static <T> List<T> of(List<T> items, ToDoubleFunction<? super T> weight, RandomGenerator random) {
    var remaining = new ArrayList<Weighed<T>>(items.size());
    for (T item : items) {
      double heavy = weight.applyAsDouble(item);
      if (heavy > 0) {
        remaining.add(new Weighed<>(item, heavy));
      }
    }
    var ordered = new ArrayList<T>(remaining.size());
    while (!remaining.isEmpty()) {
      ordered.add(remaining.remove(draw(remaining, random)).item());
    }
    return ordered;
  }

  private static <T> int draw(List<Weighed<T>> items, RandomGenerator random) {
    if (items.size() == 1) {
      return 0;
    }
    double sum = 0;
    for (var item : items) {
      sum += item.weight();
    }
    double left = random.nextDouble() * sum;
    for (int i = 0; i < items.size() - 1; i++) {
      left -= items.get(i).weight();
      if (left < 0) {
        return i;
      }
    }
    // Rounding can leave a rest: it belongs to the last.
    return items.size() - 1;
  }

  private record Weighed<T>(T item, double weight) {}
}
