package io.hayloft.tracker.store.cache;

import io.hayloft.tracker.model.ServerSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** The servers of one list, and what this tracker knows of each. */
final class Ring implements AutoCloseable {

  private static final int LIST_DIGITS = 8;

  private final CacheRing servers;
  private final Map<String, Server> known;
  private final String list;
  private final List<Gauge> gauges;
  private final MeterRegistry meters;

  private Ring(
      CacheRing servers,
      Map<String, Server> known,
      String list,
      List<Gauge> gauges,
      MeterRegistry meters) {
    this.servers = servers;
    this.known = known;
    this.list = list;
    this.gauges = gauges;
    this.meters = meters;
  }

  static Ring of(List<String> names, CacheRing servers, LookupCache cache, MeterRegistry meters) {
    var known = new LinkedHashMap<String, Server>();
    var gauges = new ArrayList<Gauge>();
    for (var name : names) {
      var server = new Server(name, cache.limits(), cache.time());
      known.put(name, server);
      gauges.add(
          Gauge.builder("hayloft.cache.server", () -> server.isAway() ? 0 : 1)
              .description("Whether a memcached answers; 0 while it is left alone")
              .tag("server", name)
              .register(meters));
    }
    var list = EntryNames.digest(String.join(",", names)).substring(0, LIST_DIGITS);
    return new Ring(servers, known, list, gauges, meters);
  }

  /**
   * The servers of a list with commas between. As in the original, each must have a port.
   *
   * @param leftOut told of those that have none
   */
  static List<String> listed(String text, Consumer<String> leftOut) {
    var names = new ArrayList<String>();
    for (var entry : Arrays.stream(text.split(",", -1)).map(String::strip).distinct().toList()) {
      if (entry.matches("[^\\s:]+:[0-9]{1,5}")) {
        names.add(entry);
      } else if (!entry.isEmpty()) {
        leftOut.accept(entry);
      }
    }
    return List.copyOf(names);
  }

  CacheRing servers() {
    return servers;
  }

  Collection<Server> all() {
    return known.values();
  }

  Server serverOf(String entry) {
    return Objects.requireNonNull(known.get(servers.serverOf(entry)), "a server of the list");
  }

  /** A Perl tracker's entries do not begin like this, so neither reads the other's. */
  CacheRing.Key key(String entry, ServerSettings settings) {
    long epoch = settings.number(serverOf(entry).setting(), 0);
    return new CacheRing.Key("hayloft-" + list + "-" + epoch, entry);
  }

  @Override
  public void close() {
    gauges.forEach(meters::remove);
    servers.close();
  }
}
