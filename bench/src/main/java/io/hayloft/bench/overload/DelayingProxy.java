package io.hayloft.bench.overload;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy on the loopback interface behind which a server is far away, at the end of a thin
 * line, or gone silent. What it is told holds at once, for connections that are there too. A delay
 * is one of each byte, as on a long line: it does not lessen how much gets through.
 */
final class DelayingProxy implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DelayingProxy.class);
  private static final Pattern SERVER = Pattern.compile("//([^:/?]+):([0-9]+)");
  private static final int CHUNK = 16 << 10;

  /** Chunks on their way in one direction; a sender waits beyond that, as at a full socket. */
  private static final int ON_THE_WAY = 64;

  private static final int CONNECT_MILLIS = 5_000;

  private final InetSocketAddress target;
  private final Time time;
  private final Tasks tasks = Tasks.virtual();
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger clients = new AtomicInteger();
  private final Object gate = new Object();
  private volatile Line line = Line.FREE;
  private boolean stalled;

  /**
   * How the line is.
   *
   * @param there how long bytes take to the server
   * @param back how long they take from it
   * @param bytesPerSecond in each direction of each connection; 0 for no bound
   */
  record Line(Duration there, Duration back, long bytesPerSecond) {

    static final Line FREE = new Line(Duration.ZERO, Duration.ZERO, 0);

    /** Half of a delay in each direction. */
    static Line of(Duration roundTrip) {
      return new Line(roundTrip.dividedBy(2), roundTrip.dividedBy(2), 0);
    }
  }

  /**
   * Bytes on their way.
   *
   * @param bytes none at the end
   */
  private record Chunk(ByteBuffer bytes, long due) {

    static final Chunk END = new Chunk(ByteBuffer.allocate(0), 0);
  }

  private DelayingProxy(InetSocketAddress target, Time time) throws IOException {
    this.target = target;
    this.time = time;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    tasks.start("proxy-accept", this::accept);
  }

  /** A proxy before a server. */
  static DelayingProxy before(InetSocketAddress target, Time time) {
    try {
      return new DelayingProxy(target, time);
    } catch (IOException e) {
      throw new UncheckedIOException("no port for a proxy", e);
    }
  }

  /** A proxy before the server of an address such as {@code jdbc:mysql://host:3306/name}. */
  static DelayingProxy before(String url, Time time) {
    var server = SERVER.matcher(url);
    if (!server.find()) {
      throw new IllegalArgumentException("no //host:port in " + url);
    }
    return before(new InetSocketAddress(server.group(1), Integer.parseInt(server.group(2))), time);
  }

  /** The same address, by way of this proxy. */
  String through(String url) {
    return SERVER.matcher(url).replaceFirst("//127.0.0.1:" + server.getLocalPort());
  }

  InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  /** How the line is from now on; what is stalled goes on. */
  void set(Line now) {
    line = now;
    stall(false);
  }

  /** No byte gets through from now on, and no connection ends. */
  void stall() {
    stall(true);
  }

  private void stall(boolean now) {
    synchronized (gate) {
      stalled = now;
      gate.notifyAll();
    }
  }

  /** How many connections clients keep open now; the server may not have heard of their end yet. */
  int clients() {
    return clients.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        connect(server.accept());
      } catch (IOException e) {
        log.debug("closed, or the server is away", e);
      }
    }
  }

  private void connect(Socket client) throws IOException {
    var upstream = new Socket();
    try {
      upstream.connect(target, CONNECT_MILLIS);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException e) {
      close(client);
      throw e;
    }
    sockets.add(client);
    sockets.add(upstream);
    clients.incrementAndGet();
    carry(client, upstream, true);
    carry(upstream, client, false);
  }

  private void carry(Socket from, Socket to, boolean isThere) {
    var way = new ArrayBlockingQueue<Chunk>(ON_THE_WAY);
    tasks.start("proxy-in", () -> take(from, way, isThere));
    tasks.start("proxy-out", () -> deliver(way, from, to));
  }

  private void take(Socket from, BlockingQueue<Chunk> way, boolean isThere)
      throws InterruptedException {
    try {
      InputStream in = from.getInputStream();
      while (true) {
        var bytes = new byte[CHUNK];
        int count = in.read(bytes);
        if (count < 0) {
          break;
        }
        var now = line;
        var delay = isThere ? now.there() : now.back();
        pace(count, now.bytesPerSecond());
        way.put(new Chunk(ByteBuffer.wrap(bytes, 0, count), time.nanoTime() + delay.toNanos()));
      }
    } catch (IOException e) {
      log.debug("a connection has ended", e);
    } finally {
      clients.addAndGet(isThere ? -1 : 0);
    }
    way.put(Chunk.END);
  }

  private void pace(int count, long bytesPerSecond) throws InterruptedException {
    if (bytesPerSecond > 0) {
      time.sleep(Duration.ofNanos(count * 1_000_000_000L / bytesPerSecond));
    }
  }

  private void deliver(BlockingQueue<Chunk> way, Socket from, Socket to)
      throws InterruptedException {
    try {
      OutputStream out = to.getOutputStream();
      for (var chunk = way.take(); chunk.bytes().hasRemaining(); chunk = way.take()) {
        time.sleep(Duration.ofNanos(Math.max(0, chunk.due() - time.nanoTime())));
        awaitThaw();
        out.write(chunk.bytes().array(), 0, chunk.bytes().remaining());
      }
    } catch (IOException e) {
      log.debug("a connection has ended", e);
    } finally {
      close(from);
      close(to);
      // Whoever would put more finds the socket closed, and room for saying so.
      way.clear();
    }
  }

  private void awaitThaw() throws InterruptedException {
    synchronized (gate) {
      while (stalled) {
        gate.wait();
      }
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("a socket that does not close", e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    sockets.forEach(this::close);
    stall(false);
    tasks.close();
  }
}
