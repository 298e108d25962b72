package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The order in which devices are offered for writing: the emptiest few come before all others, and
 * within each part the emptier tend to come first. A device that is full, or whose space is not
 * known yet, is not offered.
 */
final class Emptiest {

  /** As many as the original looks at: the others are left alone until these fill up. */
  static final int CONSIDERED = 20;

  private static final Comparator<Device> EMPTIEST_FIRST =
      Comparator.comparingDouble(Device::freeFraction).reversed();

  private Emptiest() {}

  static List<Device> order(List<Device> devices, RandomGenerator random) {
    var sorted = devices.stream().sorted(EMPTIEST_FIRST).toList();
    int few = Math.min(CONSIDERED, sorted.size());
    var ordered = new ArrayList<Device>(sorted.size());
    ordered.addAll(WeightedOrder.of(sorted.subList(0, few), Device::freeFraction, random));
    ordered.addAll(
        WeightedOrder.of(sorted.subList(few, sorted.size()), Device::freeFraction, random));
    return ordered;
  }
}
