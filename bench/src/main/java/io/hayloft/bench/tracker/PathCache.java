package io.hayloft.bench.tracker;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.server.MemcachedServer;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** The tracker keeps look-ups, in its memory or in a memcached, and has all files there. */
final class PathCache implements AutoCloseable {

  private static final String TTL = "path_cache_ttl";

  /** Longer than any measurement. */
  private static final String LONG = "3600";

  private static final String SERVERS = "memcache_servers";

  /** A tracker does not trust what a memcached has before it has known it for half a minute. */
  private static final Duration TRUSTING = Duration.ofSeconds(90);

  private static final Duration FILLING = Duration.ofMinutes(2);
  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final int CLIENTS = 8;

  private final Cluster cluster;
  private final Optional<MemcachedServer> memcached;

  private PathCache(Cluster cluster, Optional<MemcachedServer> memcached) {
    this.cluster = cluster;
    this.memcached = memcached;
  }

  /** In the tracker's own memory. */
  static PathCache inMemory(Cluster cluster, Pool pool) {
    var cache = new PathCache(cluster, Optional.empty());
    cache.set(TTL, LONG);
    cache.fill(pool);
    return cache;
  }

  /** In a memcached of its own. */
  static PathCache inMemcached(Cluster cluster, Pool pool) throws InterruptedException {
    var log = cluster.directory().resolve("memcached.log");
    var server = MemcachedServer.start(log, cluster.time());
    var cache = new PathCache(cluster, Optional.of(server));
    try {
      var address = server.address();
      cache.set(SERVERS, address.getAddress().getHostAddress() + "%3A" + address.getPort());
      var question = "get_paths noverify=1&domain=" + pool.domain() + "&key=" + pool.key(0);
      cluster.await(
          TRUSTING,
          GLANCE,
          "look-ups answered from memcached",
          () -> {
            var _ = cluster.operator().ok(question);
            return hits(server) > 0;
          });
      cache.fill(pool);
      return cache;
    } catch (RuntimeException | InterruptedException e) {
      cache.close();
      throw e;
    }
  }

  private static long hits(MemcachedServer server) {
    try {
      return server.hits();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill(Pool pool) {
    try (var loop = ClosedLoop.open(cluster.tracker().address(), CLIENTS, cluster.time())) {
      var _ = loop.run(LookUp.all(pool, CLIENTS), FILLING);
    }
  }

  private void set(String key, String value) {
    var _ = cluster.operator().ok("set_server_setting key=" + key + "&value=" + value);
    var _ = cluster.operator().ok("clear_cache");
  }

  @Override
  public void close() {
    if (memcached.isPresent()) {
      set(SERVERS, "");
      memcached.get().close();
    } else {
      set(TTL, "0");
    }
  }
}
