package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/** In which order a client should try the replicas of a file. */
public final class ReadChoice {

  private static final double USUAL = 100;

  private ReadChoice() {}

  /**
   * The known ones of these devices in a random order in which idle ones tend to come first. Where
   * it is not known how busy a device is, the weight that its operator gave it counts, 0 meaning
   * the usual 100 and a negative one that it is not to be read. Where near is told from far,
   * devices in the client's zone come before all others.
   *
   * <p>Says nothing about whether a device can be read at this moment.
   */
  public static List<Device> order(
      ClusterView cluster, List<DeviceId> on, Caller client, RandomGenerator random) {
    var known = new ArrayList<Device>(on.size());
    for (var id : on) {
      cluster.device(id).filter(device -> !known.contains(device)).ifPresent(known::add);
    }
    return Nearness.first(
        cluster,
        cluster.nearest(client),
        known,
        part -> WeightedOrder.of(part, device -> weight(cluster, device), random));
  }

  /**
   * As the original: 102 less the utilization, so that a fully busy disk is still used a little.
   */
  private static double weight(ClusterView cluster, Device device) {
    var busy = percent(cluster.observation(device.id()).utilization());
    if (busy.isPresent()) {
      return Math.max(1, 102 - busy.getAsDouble());
    }
    return device.weight() == 0 ? USUAL : device.weight();
  }

  private static OptionalDouble percent(String text) {
    return isPercent(text) ? OptionalDouble.of(Double.parseDouble(text)) : OptionalDouble.empty();
  }

  /** One to three digits, and up to six behind a point; without a regular expression: it is hot. */
  private static boolean isPercent(String text) {
    int point = text.indexOf('.');
    int whole = point < 0 ? text.length() : point;
    int behind = point < 0 ? 0 : text.length() - point - 1;
    return whole >= 1
        && whole <= 3
        && behind <= 6
        && (point < 0 || behind >= 1)
        && areDigits(text, 0, whole)
        && areDigits(text, whole + 1, text.length());
  }

  private static boolean areDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
