package io.hayloft.tracker.store.replica;

import io.hayloft.tracker.model.ClusterView;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a replica on a machine may be asked: any, or only those of this tracker's own zone. */
public record NearHosts(Supplier<ClusterView> view) implements Predicate<String> {

  private static final Logger log = LoggerFactory.getLogger(NearHosts.class);

  @Override
  public boolean test(String host) {
    var now = view.get();
    var home = now.home();
    return home.isEmpty() || zoneOf(now, host).equals(home);
  }

  private static Optional<String> zoneOf(ClusterView view, String host) {
    try {
      return view.zones().of(InetAddress.getByName(host).getHostAddress());
    } catch (UnknownHostException e) {
      log.debug("a read replica's host is not known", e);
      return Optional.empty();
    }
  }
}
