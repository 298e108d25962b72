package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Caller;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** In which order a client should try the replicas of a file. */
public final class ReadChoice {

  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,6})?");
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
    var known = on.stream().distinct().map(cluster::device).flatMap(Optional::stream).toList();
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
    return PERCENT.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }
}
