package io.hayloft.bench.tracker;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.server.MemcachedServer;
import io.hayloft.bench.tracker.talk.LookUp;
import io.hayloft.bench.tracker.talk.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** The tracker keeps look-ups in a memcached, and has all files there. */
final class PathCache implements AutoCloseable {

  /** A tracker does not trust what a memcached has before it has known it for half a minute. */
  private static final Duration TRUSTING = Duration.ofSeconds(90);

  private static final Duration FILLING = Duration.ofMinutes(2);
  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final int CLIENTS = 8;

  private final Cluster cluster;
  private final MemcachedServer memcached;

  private PathCache(Cluster cluster, MemcachedServer memcached) {
    this.cluster = cluster;
    this.memcached = memcached;
  }

  static PathCache open(Cluster cluster, Pool pool) throws InterruptedException {
    var log = cluster.directory().resolve("memcached.log");
    var cache = new PathCache(cluster, MemcachedServer.start(log, cluster.time()));
    try {
      var address = cache.memcached.address();
      cache.set(address.getAddress().getHostAddress() + "%3A" + address.getPort());
      var question = "get_paths noverify=1&domain=" + pool.domain() + "&key=" + pool.key(0);
      cluster.await(
          TRUSTING,
          GLANCE,
          "look-ups answered from memcached",
          () -> {
            cluster.operator().ok(question);
            return cache.hits() > 0;
          });
      try (var loop = ClosedLoop.open(cluster.tracker().address(), CLIENTS, cluster.time())) {
        var _ = loop.run(LookUp.all(pool, CLIENTS), FILLING);
      }
      return cache;
    } catch (RuntimeException | InterruptedException e) {
      cache.close();
      throw e;
    }
  }

  private long hits() {
    try {
      return memcached.hits();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void set(String servers) {
    cluster.operator().ok("set_server_setting key=memcache_servers&value=" + servers);
    cluster.operator().ok("clear_cache");
  }

  @Override
  public void close() {
    set("");
    memcached.close();
  }
}
