package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The order in which devices are offered for writing: of the emptiest few, the emptier tend to come
 * first. A device that is full, or whose space is not known yet, is not offered.
 */
final class Emptiest {

  /** As many as the original looks at: the others are left alone until these fill up. */
  static final int CONSIDERED = 20;

  private static final Comparator<Device> EMPTIEST_FIRST =
      Comparator.comparingDouble(Device::freeFraction).reversed();

  private Emptiest() {}

  static List<Device> first(List<Device> devices, RandomGenerator random) {
    var best = devices.stream().sorted(EMPTIEST_FIRST).limit(CONSIDERED).toList();
    return WeightedOrder.of(best, Device::freeFraction, random);
  }

  /** The emptiest few as {@link #first} has them, then the others in the same manner. */
  static List<Device> all(List<Device> devices, RandomGenerator random) {
    var ordered = new ArrayList<>(first(devices, random));
    var sorted = devices.stream().sorted(EMPTIEST_FIRST).skip(CONSIDERED).toList();
    ordered.addAll(WeightedOrder.of(sorted, Device::freeFraction, random));
    return ordered;
  }
}
