package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.NativeNodes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which devices of a host take no changes since a sync failed there. A trial to write shows that as
 * well, but only when it is time for one, and without the reason. Only Hayloft's own nodes tell.
 */
final class Distrusted {

  private static final Logger log = LoggerFactory.getLogger(Distrusted.class);

  private final Optional<NativeNodes> nodes;

  Distrusted(Optional<NativeNodes> nodes) {
    this.nodes = nodes;
  }

  /**
   * Asks a host that answers.
   *
   * @return why, for each such device; empty when nothing could be found out and what was known
   *     holds on
   */
  Optional<Map<DeviceId, String>> of(Host host) {
    if (nodes.isEmpty() || !nodes.get().isNative(host)) {
      return Optional.of(Map.of());
    }
    try {
      var why = new HashMap<DeviceId, String>();
      nodes
          .get()
          .devices(host)
          .forEach((id, answer) -> answer.distrusted().ifPresent(it -> why.put(id, it)));
      return Optional.of(why);
    } catch (IOException e) {
      log.debug("{} does not tell of its devices", host.name(), e);
      return Optional.empty();
    }
  }
}
