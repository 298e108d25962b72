package io.hayloft.tracker.policy;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which replica a further copy is made from. */
public final class SourceChoice {

  private SourceChoice() {}

  /**
   * Any of these, of which there must be one; one in this tracker's own zone if there is one and
   * near is told from far.
   */
  public static Device of(ClusterView cluster, List<Device> sources, RandomGenerator random) {
    var home = cluster.home();
    var near =
        sources.stream()
            .filter(device -> home.isPresent() && cluster.zoneOf(device).equals(home))
            .toList();
    var from = near.isEmpty() ? sources : near;
    return from.get(random.nextInt(from.size()));
  }
}
