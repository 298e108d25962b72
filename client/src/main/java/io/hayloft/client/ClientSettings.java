package io.hayloft.client;

import io.hayloft.client.net.World;
import java.util.List;

/** What a client was built with, whichever kind it is. */
record ClientSettings(
    List<TrackerAddress> trackers, Timeouts timeouts, Limits limits, World world) {

  ClientSettings {
    trackers = List.copyOf(trackers);
    if (trackers.isEmpty()) {
      throw new IllegalArgumentException("no tracker was named; at least one is needed");
    }
  }
}
