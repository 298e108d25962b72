package io.hayloft.client;

import io.hayloft.client.net.World;
import java.util.List;

/** Collects what a {@link HayloftAdmin} needs: at least the trackers. For one thread. */
public final class HayloftAdminBuilder {

  private List<TrackerAddress> trackers = List.of();
  private Timeouts timeouts = Timeouts.DEFAULT;
  private Limits limits = Limits.DEFAULT;
  private World world = World.real();

  HayloftAdminBuilder() {}

  /** Trackers as {@code host} or {@code host:port}, separated by commas. */
  public HayloftAdminBuilder trackers(String list) {
    return trackers(TrackerAddress.parseList(list));
  }

  public HayloftAdminBuilder trackers(List<TrackerAddress> list) {
    trackers = List.copyOf(list);
    return this;
  }

  public HayloftAdminBuilder timeouts(Timeouts values) {
    timeouts = values;
    return this;
  }

  public HayloftAdminBuilder limits(Limits values) {
    limits = values;
    return this;
  }

  HayloftAdminBuilder world(World other) {
    world = other;
    return this;
  }

  /**
   * Makes the client. It connects only when it is used.
   *
   * @throws IllegalArgumentException when there is no tracker
   */
  public HayloftAdmin build() {
    return new HayloftAdmin(new ClientSettings(trackers, timeouts, limits, world));
  }
}
