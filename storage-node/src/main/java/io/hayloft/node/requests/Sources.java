package io.hayloft.node.requests;

import io.hayloft.runtime.time.Time;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The servers that files are fetched from: few connections to each at a time, kept for a moment for
 * the next file.
 */
public final class Sources implements AutoCloseable {

  /** More would disturb the source's clients. */
  private static final int CONNECTIONS_PER_SOURCE = 4;

  /** Shorter than any server keeps idle connections, so that few die under a request. */
  private static final Duration KEPT = Duration.ofSeconds(5);

  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final Duration stall;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<InetSocketAddress, Source> sources = new HashMap<>();
  private boolean closed;

  private static final class Source {
    private final Semaphore places = new Semaphore(CONNECTIONS_PER_SOURCE, true);
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    private int users;
  }

  private record Idle(SourceConnection connection, long sinceNanos) {}

  /**
   * @param stall how long to wait for a source's next byte
   */
  public Sources(Duration stall, Time time) {
    this.stall = stall;
    this.time = time;
  }

  /** A file that is being fetched. */
  final class Fetch implements AutoCloseable {

    private final InetSocketAddress address;
    private final Source source;
    private @Nullable SourceConnection connection;
    private SourceConnection.@Nullable Head head;
    private boolean open = true;

    private Fetch(InetSocketAddress address, Source source) {
      this.address = address;
      this.source = source;
    }

    SourceConnection.Head head() {
      return java.util.Objects.requireNonNull(head);
    }

    void readFully(byte[] into, int length) throws IOException {
      try {
        java.util.Objects.requireNonNull(connection).readFully(into, length);
      } catch (IOException e) {
        throw plain(e);
      }
    }

    /** Ends the fetch: the connection is kept when all of the body was read, else closed. */
    @Override
    public void close() {
      if (open) {
        open = false;
        leave(address, source, connection);
      }
    }

    /** A kept connection that turns out to be closed is replaced once: a GET changes nothing. */
    private void begin(SourceUrl url, boolean wantsDigest) throws IOException {
      var kept = takeIdle(source);
      if (kept != null) {
        connection = kept;
        try {
          head = kept.get(url, wantsDigest);
          return;
        } catch (EOFException | SocketException died) {
          kept.close();
          if (Thread.currentThread().isInterrupted()) {
            throw died;
          }
        }
      }
      connection = SourceConnection.open(address, CONNECT, stall);
      head = connection.get(url, wantsDigest);
    }
  }

  /**
   * Asks a source for a file; waits for a place among its connections.
   *
   * @param wantsDigest whether to ask for the checksum that it keeps as well
   */
  Fetch fetch(SourceUrl url, boolean wantsDigest) throws IOException, InterruptedException {
    var source = join(url.address());
    boolean placed = false;
    try {
      source.places.acquire();
      placed = true;
    } finally {
      if (!placed) {
        leave(url.address(), source, null, false);
      }
    }
    var fetch = new Fetch(url.address(), source);
    try {
      fetch.begin(url, wantsDigest);
      return fetch;
    } catch (IOException e) {
      fetch.close();
      throw plain(e);
    }
  }

  private Source join(InetSocketAddress address) {
    lock.lock();
    try {
      var source = sources.computeIfAbsent(address, _ -> new Source());
      source.users++;
      return source;
    } finally {
      lock.unlock();
    }
  }

  private void leave(
      InetSocketAddress address, Source source, @Nullable SourceConnection connection) {
    boolean reusable = connection != null && connection.isReusable();
    if (connection != null && !reusable) {
      connection.close();
    }
    leave(address, source, reusable ? connection : null, true);
  }

  private void leave(
      InetSocketAddress address,
      Source source,
      @Nullable SourceConnection reusable,
      boolean placed) {
    boolean keep;
    lock.lock();
    try {
      source.users--;
      keep = reusable != null && !closed;
      if (keep && reusable != null) {
        source.idle.push(new Idle(reusable, time.nanoTime()));
      }
      if (source.users == 0 && source.idle.isEmpty()) {
        sources.remove(address, source);
      }
    } finally {
      lock.unlock();
    }
    if (placed) {
      source.places.release();
    }
    if (!keep && reusable != null) {
      reusable.close();
    }
  }

  private @Nullable SourceConnection takeIdle(Source source) {
    lock.lock();
    try {
      var newest = source.idle.peek();
      if (newest == null || isOld(newest)) {
        return null;
      }
      source.idle.pop();
      return newest.connection();
    } finally {
      lock.unlock();
    }
  }

  private boolean isOld(Idle idle) {
    return time.since(idle.sinceNanos()).compareTo(KEPT) >= 0;
  }

  /** Closes connections that nobody used for a while. To be called now and then. */
  public void closeUnused() {
    closeIdle(false);
  }

  private void closeIdle(boolean all) {
    List<SourceConnection> closing = new ArrayList<>();
    lock.lock();
    try {
      closed |= all;
      for (var source : sources.values()) {
        while (!source.idle.isEmpty() && (all || isOld(source.idle.getLast()))) {
          closing.add(source.idle.removeLast().connection());
        }
      }
      sources.values().removeIf(source -> source.users == 0 && source.idle.isEmpty());
    } finally {
      lock.unlock();
    }
    closing.forEach(SourceConnection::close);
  }

  @Override
  public void close() {
    closeIdle(true);
  }

  /** What the JDK throws, in words for an answer. */
  private static IOException plain(IOException thrown) {
    return thrown instanceof SocketTimeoutException
        ? new SourceException("no byte in time")
        : thrown;
  }
}
