package io.hayloft.tracker.store.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.tracker.store.cache.CacheException;
import io.hayloft.tracker.store.cache.CacheRing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import net.rubyeye.xmemcached.CASOperation;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.rubyeye.xmemcached.transcoders.StringTranscoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers of memcached, a connection to each. Values are texts: the library's usual values, Java
 * objects, would let whoever can write to a server run code here.
 *
 * <p>Which server has an entry is chosen here and not by the library (by the greatest of the
 * digests of each server's name with the entry, so that a server more or less moves only its own
 * share): it must depend on nothing but the list. Libraries go on to the next server when one is
 * away, or hash addresses as they happen to be printed, and then two trackers disagree.
 */
public final class MemcachedRing implements CacheRing {

  private static final Logger log = LoggerFactory.getLogger(MemcachedRing.class);

  /** One request makes up to four calls that read, and two that put. */
  private static final Duration READ = Duration.ofMillis(12);

  private static final Duration PUT = Duration.ofMillis(24);

  private static final Duration CONNECT = Duration.ofMillis(500);
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  private final Map<String, MemcachedClient> clients;
  private final Timeouts timeouts;

  /** How long a call may take. */
  public record Timeouts(Duration read, Duration put) {

    /** Such that no request waits longer than 50 ms. */
    public static final Timeouts USUAL = new Timeouts(READ, PUT);
  }

  private MemcachedRing(Map<String, MemcachedClient> clients, Timeouts timeouts) {
    this.clients = clients;
    this.timeouts = timeouts;
  }

  /**
   * @param servers each as host:port
   */
  public static MemcachedRing open(List<String> servers, Timeouts timeouts) throws CacheException {
    var clients = new LinkedHashMap<String, MemcachedClient>();
    var ring = new MemcachedRing(clients, timeouts);
    try {
      for (var server : servers) {
        clients.put(server, connect(server, timeouts));
      }
    } catch (IOException | RuntimeException e) {
      ring.close();
      throw new CacheException("cannot use memcached on " + servers + ": " + e.getMessage(), e);
    }
    return ring;
  }

  /** A server that is away is connected to later: that is the library's failure mode. */
  private static MemcachedClient connect(String server, Timeouts timeouts) throws IOException {
    int colon = server.lastIndexOf(':');
    var address =
        new InetSocketAddress(
            server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
    var builder = new XMemcachedClientBuilder(List.of(address));
    builder.setName("memcached " + server);
    builder.setFailureMode(true);
    builder.setSelectorPoolSize(1);
    builder.setConnectTimeout(CONNECT.toMillis());
    builder.setHealSessionInterval(RECONNECT.toMillis());
    builder.setOpTimeout(timeouts.read().toMillis());
    builder.setTranscoder(new StringTranscoder("ISO-8859-1"));
    return builder.build();
  }

  @Override
  public String serverOf(String entry) {
    return place(clients.keySet(), entry);
  }

  static String place(Iterable<String> servers, String entry) {
    String best = "";
    long most = 0;
    for (var server : servers) {
      long digest = digest(server + " " + entry);
      if (best.isEmpty() || digest > most) {
        best = server;
        most = digest;
      }
    }
    return best;
  }

  private static long digest(String text) {
    try {
      var md5 = MessageDigest.getInstance("MD5");
      return ByteBuffer.wrap(md5.digest(text.getBytes(UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** A call to the library. */
  @FunctionalInterface
  private interface Call<T> {
    T to(MemcachedClient client, String key)
        throws TimeoutException, InterruptedException, MemcachedException;
  }

  private <T> T call(Key key, Call<T> call) throws CacheException {
    var client = Objects.requireNonNull(clients.get(serverOf(key.entry())), "a server");
    try {
      return call.to(client, key.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException("interrupted", e);
    } catch (TimeoutException e) {
      throw new CacheException("no answer in time", e);
    } catch (MemcachedException | RuntimeException e) {
      throw new CacheException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Optional<Held> gets(Key key) throws CacheException {
    return call(key, this::held);
  }

  private Optional<Held> held(MemcachedClient client, String key)
      throws TimeoutException, InterruptedException, MemcachedException {
    return Optional.ofNullable(client.<String>gets(key, timeouts.read().toMillis()))
        .map(found -> new Held(found.getValue(), found.getCas()));
  }

  /** Both go out together; a server does what comes on a connection in its order. */
  @Override
  public Optional<Held> addAndGets(Key key, String value, Duration keep) throws CacheException {
    return call(
        key,
        (client, name) -> {
          client.addWithNoReply(name, seconds(keep), value);
          return held(client, name);
        });
  }

  @Override
  public void replace(Key key, Held held, String value, Duration keep) throws CacheException {
    call(
        key,
        (client, name) -> {
          client.casWithNoReply(
              name,
              seconds(keep),
              new GetsResponse<>(held.token(), held.value()),
              new ReplaceOnce(value));
          return true;
        });
  }

  private record ReplaceOnce(String value) implements CASOperation<String> {

    @Override
    public int getMaxTries() {
      return 1;
    }

    @Override
    public String getNewValue(long token, String held) {
      return value;
    }
  }

  @Override
  public void put(Key key, String value, Duration keep) throws CacheException {
    boolean stored =
        call(
            key,
            (client, name) -> client.set(name, seconds(keep), value, timeouts.put().toMillis()));
    if (!stored) {
      throw new CacheException("it stores nothing");
    }
  }

  /** More than 30 days would be taken for a date; a second more, since it counts begun ones. */
  private static int seconds(Duration keep) {
    return (int) Math.min(keep.plusSeconds(1).toSeconds(), Duration.ofDays(30).toSeconds());
  }

  @Override
  public void close() {
    for (var client : clients.values()) {
      try {
        client.shutdown();
      } catch (IOException e) {
        log.warn("a connection to memcached was not closed properly", e);
      }
    }
  }
}
