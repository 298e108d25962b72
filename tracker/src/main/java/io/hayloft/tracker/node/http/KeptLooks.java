package io.hayloft.tracker.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.node.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Hayloft's own nodes whether replicas are there, over connections that are kept, with as
 * little around the question as can be: each upload that is closed asks one, and each client who
 * wants to read and does not forgo verification. Whoever asks writes, and one thread reads all
 * answers.
 *
 * <p>Only the usual is done here: a connection that is free takes the question, the node has the
 * file. Where none is free, where the node says anything else or where the connection breaks, the
 * general client asks, from the beginning; a look may be repeated. So connections are made beside
 * the questions, and of how nodes fail there is one account.
 *
 * <p>A connection has one question at a time, and is closed after whatever was not as it should be,
 * so an answer cannot be taken for that to another question.
 */
final class KeptLooks implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KeptLooks.class);

  private static final int CONNECTIONS_PER_NODE = 64;
  private static final int LONGEST_HEAD = 1024;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(25);

  private final Duration connectPatience;
  private final Time time;
  private final Selector selector;

  /** Connections that the reading thread has not taken over yet. */
  private final Queue<Line> fresh = new ConcurrentLinkedQueue<>();

  private final Object lock = new Object();
  private final Map<HostAddresses, Lines> nodes = new HashMap<>();
  private long nextRound;

  /** How a question ended. */
  enum End {
    PRESENT,
    /** It must be asked another way. */
    UNUSUAL,
    /** The node took too long. */
    LATE
  }

  /**
   * Hears the end of a question once, mostly on the reading thread, which must not be kept; the
   * length counts for what is present.
   */
  @FunctionalInterface
  interface Asker {
    void ended(End end, long length);
  }

  /** The connections to a node. Guarded by the lock. */
  private static final class Lines {

    private final Deque<Line> free = new ArrayDeque<>();
    private final List<Line> all = new ArrayList<>();
    private boolean isMakingOne;
  }

  /** A connection. What is not final is guarded by the lock, the answer is the reading thread's. */
  private static final class Line {

    private final SocketChannel channel;
    private final Lines lines;
    private final ByteBuffer answer = ByteBuffer.allocate(LONGEST_HEAD);

    /** Of the question, or of the last answer. */
    private long since;

    /** How long the answer to the question may take. */
    private long patience;

    private boolean isConnected;
    private boolean isGivenUp;
    private @Nullable Asker asker;

    Line(SocketChannel channel, Lines lines, long since) {
      this.channel = channel;
      this.lines = lines;
      this.since = since;
    }
  }

  /**
   * @param connectPatience how long making a connection may take
   */
  KeptLooks(Duration connectPatience, Time time) {
    this.connectPatience = connectPatience;
    this.time = time;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector", e);
    }
  }

  /**
   * Asks if a connection is free.
   *
   * @param patience after which an answer is late, to within {@link #BETWEEN_ROUNDS}
   * @return false when none is: then the asker hears nothing
   */
  boolean ask(Place place, Duration patience, Asker asker) {
    var addresses = place.host().addresses();
    long now = time.nanoTime();
    Line line;
    Optional<Lines> wanting = Optional.empty();
    synchronized (lock) {
      var lines = nodes.computeIfAbsent(addresses, _ -> new Lines());
      line = lines.free.pollLast();
      if (line != null) {
        line.asker = asker;
        line.since = now;
        line.patience = patience.toNanos();
      } else if (!lines.isMakingOne
          && lines.all.size() < CONNECTIONS_PER_NODE
          && selector.isOpen()) {
        lines.isMakingOne = true;
        wanting = Optional.of(lines);
      }
    }
    if (line == null) {
      wanting.ifPresent(lines -> connect(addresses, lines));
      return false;
    }
    write(line, request(place));
    return true;
  }

  private static ByteBuffer request(Place place) {
    var addresses = place.host().addresses();
    var text =
        "HEAD "
            + place.path()
            + " HTTP/1.1\r\nHost: "
            + addresses.ip()
            + ":"
            + addresses.httpPort()
            + "\r\nUser-Agent: "
            + NodeHttp.USER_AGENT
            + "\r\n\r\n";
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  private void write(Line line, ByteBuffer request) {
    try {
      line.channel.write(request);
      if (request.hasRemaining()) {
        throw new IOException("the node reads nothing");
      }
    } catch (IOException e) {
      broken(line, e);
    }
  }

  private void connect(HostAddresses addresses, Lines lines) {
    try {
      // Nobody is asked for the address of a name.
      var address =
          new InetSocketAddress(InetAddress.ofLiteral(addresses.ip()), addresses.httpPort());
      var channel = SocketChannel.open();
      var line = new Line(channel, lines, time.nanoTime());
      synchronized (lock) {
        lines.all.add(line);
      }
      try {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(address);
        fresh.add(line);
        selector.wakeup();
        if (!selector.isOpen()) {
          throw new IOException("closed meanwhile");
        }
      } catch (IOException e) {
        broken(line, e);
      }
    } catch (IOException | IllegalArgumentException e) {
      log.debug("no connection to {}", addresses, e);
      synchronized (lock) {
        lines.isMakingOne = false;
      }
    }
  }

  /** Reads answers until this is closed. */
  void read() {
    try {
      while (selector.isOpen()) {
        selector.select(this::ready, hasLines() ? BETWEEN_ROUNDS.toMillis() : 0);
        for (var line = fresh.poll(); line != null; line = fresh.poll()) {
          register(line);
        }
        lookRound();
      }
    } catch (ClosedSelectorException closed) {
      log.debug("no more looks", closed);
    } catch (IOException e) {
      log.error("answers of nodes cannot be read this way any more", e);
      close();
    }
  }

  /** Whether anything may become late. */
  private boolean hasLines() {
    synchronized (lock) {
      return !nodes.isEmpty();
    }
  }

  private void register(Line line) {
    try {
      boolean isConnected = line.channel.isConnected();
      line.channel.register(
          selector, isConnected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, line);
      if (isConnected) {
        connected(line);
      }
    } catch (IOException e) {
      broken(line, e);
    }
  }

  private void ready(SelectionKey key) {
    var line = (Line) key.attachment();
    try {
      if (key.isConnectable()) {
        line.channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        connected(line);
      } else {
        read(line);
      }
    } catch (IOException | CancelledKeyException e) {
      broken(line, e);
    }
  }

  private void connected(Line line) {
    synchronized (lock) {
      if (!line.isGivenUp) {
        line.isConnected = true;
        line.lines.isMakingOne = false;
        free(line);
      }
    }
  }

  private void read(Line line) throws IOException {
    int count = line.channel.read(line.answer);
    if (count < 0 || !line.answer.hasRemaining()) {
      throw new IOException(count < 0 ? "the node closed the connection" : "a long answer");
    }
    var head = KeptAnswer.read(line.answer.array(), line.answer.position());
    if (head.isEmpty()) {
      return;
    }
    OptionalLong length = head.get().length();
    if (length.isEmpty()) {
      throw new IOException("an unusual answer");
    }
    line.answer.clear();
    tell(answered(line), End.PRESENT, length.getAsLong());
  }

  /** Whose question it was. */
  private Asker answered(Line line) throws IOException {
    synchronized (lock) {
      var asker = line.asker;
      if (asker == null) {
        throw new IOException("an answer that nobody asked for");
      }
      line.asker = null;
      free(line);
      return asker;
    }
  }

  /** With the lock held. */
  private void free(Line line) {
    line.since = time.nanoTime();
    line.lines.free.addLast(line);
  }

  private void broken(Line line, Exception why) {
    log.debug("a connection to a node is given up", why);
    giveUp(line, End.UNUSUAL);
  }

  private void giveUp(Line line, End end) {
    Optional<Asker> asker;
    synchronized (lock) {
      asker = Optional.ofNullable(line.asker);
      line.asker = null;
      line.lines.free.remove(line);
      line.lines.all.remove(line);
      if (!line.isGivenUp && !line.isConnected) {
        line.lines.isMakingOne = false;
      }
      line.isGivenUp = true;
    }
    try {
      line.channel.close();
    } catch (IOException e) {
      log.debug("a connection to a node was not closed", e);
    }
    asker.ifPresent(each -> tell(each, end, 0));
  }

  private static void tell(Asker asker, End end, long length) {
    try {
      asker.ended(end, length);
    } catch (RuntimeException e) {
      log.error("whoever asked a node could not hear what came of it", e);
    }
  }

  /** Now and then: gives up what takes too long, and what nobody has used for a while. */
  private void lookRound() {
    long now = time.nanoTime();
    if (now - nextRound < 0) {
      return;
    }
    nextRound = now + BETWEEN_ROUNDS.toNanos();
    var late = new ArrayList<Line>();
    synchronized (lock) {
      for (var lines : nodes.values()) {
        lines.all.stream().filter(line -> now - line.since > patience(line)).forEach(late::add);
      }
      // Nobody asks over these from here on.
      late.forEach(line -> line.lines.free.remove(line));
      nodes.values().removeIf(lines -> lines.all.isEmpty() && !lines.isMakingOne);
    }
    late.forEach(line -> giveUp(line, End.LATE));
  }

  private long patience(Line line) {
    if (!line.isConnected) {
      return connectPatience.toNanos();
    }
    return line.asker == null ? IDLE.toNanos() : line.patience;
  }

  /** Ends all questions. */
  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      log.debug("a selector was not closed", e);
    }
    List<Line> all;
    synchronized (lock) {
      all = nodes.values().stream().flatMap(lines -> lines.all.stream()).toList();
    }
    all.forEach(line -> giveUp(line, End.UNUSUAL));
  }

  /** How many connections there are to a node. */
  int connections(Place place) {
    synchronized (lock) {
      var lines = nodes.get(place.host().addresses());
      return lines == null ? 0 : lines.all.size();
    }
  }
}
