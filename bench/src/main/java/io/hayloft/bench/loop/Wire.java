package io.hayloft.bench.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection: the request that is being sent over it, and what has come of the answer. */
final class Wire implements AutoCloseable {

  private static final int ROOM = 4096;
  private static final byte[] HEAD_ENDS = Answer.bytes("\r\n\r\n");

  /** A body that is longer is counted and not kept. */
  private static final int MOST_KEPT = 16 << 10;

  private static final byte[] LENGTH = Answer.bytes("content-length:");

  private final Turn turn;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Framing framing;
  private final Request request = new Request();
  private final ByteBuffer[] pair = new ByteBuffer[2];
  private ByteBuffer in = ByteBuffer.allocate(ROOM);
  private byte[] name = {};

  /**
   * Of a body that is not kept, what has not come yet; what is kept of its answer, and its length.
   */
  private long missing;

  private int kept;
  private long body;

  /** How the end of an answer is known. */
  enum Framing {
    LINE,
    HTTP
  }

  private Wire(Turn turn, SocketChannel channel, SelectionKey key, Framing framing) {
    this.turn = turn;
    this.channel = channel;
    this.key = key;
    this.framing = framing;
  }

  static Wire open(Turn turn, InetSocketAddress address, Framing framing, Selector selector)
      throws IOException {
    return open(turn, null, address, framing, selector);
  }

  /**
   * @param source of this machine's addresses, the one to come from; nothing for any
   */
  static Wire open(
      Turn turn,
      @Nullable InetSocketAddress source,
      InetSocketAddress address,
      Framing framing,
      Selector selector)
      throws IOException {
    var channel = SocketChannel.open();
    try {
      if (source != null) {
        channel.bind(source);
      }
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(address);
      channel.configureBlocking(false);
      var key = channel.register(selector, SelectionKey.OP_READ);
      var wire = new Wire(turn, channel, key, framing);
      key.attach(wire);
      return wire;
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot connect to " + address, e);
    }
  }

  Wire named(String authority) {
    name = authority.getBytes(ISO_8859_1);
    return this;
  }

  byte[] name() {
    return name;
  }

  Turn turn() {
    return turn;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  Request newRequest() {
    request.clear();
    return request;
  }

  void send() throws IOException {
    request.text().flip();
    flush();
  }

  /** Sends as much as the kernel takes now; the rest when it says so. */
  void flush() throws IOException {
    var body = request.body();
    boolean isSent;
    if (body == null) {
      channel.write(request.text());
      isSent = !request.text().hasRemaining();
    } else {
      pair[0] = request.text();
      pair[1] = body;
      channel.write(pair);
      isSent = !body.hasRemaining();
    }
    if (!isSent) {
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    } else if (key.interestOps() != SelectionKey.OP_READ) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /**
   * Takes what has come.
   *
   * @param answer is set when it is there as a whole
   * @return whether it is
   * @throws IOException when the other side has ended the connection while it was asked
   */
  boolean receive(Answer answer) throws IOException {
    if (missing > 0) {
      return receiveRest(answer);
    }
    if (!in.hasRemaining()) {
      in = ByteBuffer.allocate(4 * in.capacity()).put(in.flip());
    }
    int count = channel.read(in);
    if (count < 0) {
      return ended();
    }
    int end =
        switch (framing) {
          case LINE -> endOfLine();
          case HTTP -> endOfHttp();
        };
    if (end < 0) {
      return false;
    }
    answer.set(in.array(), 0, end);
    answer.body(body);
    if (!turn.awaits(this)) {
      throw answer.wrong("nobody has asked");
    }
    in.clear();
    return true;
  }

  private boolean ended() throws IOException {
    close();
    if (framing == Framing.HTTP && !turn.awaits(this)) {
      return false;
    }
    throw new IOException("the server ended a connection after: " + soFar());
  }

  /** Takes bytes of a long body and forgets them; the answer's head lies before them. */
  private boolean receiveRest(Answer answer) throws IOException {
    in.clear().position(kept);
    int room = (int) Math.min(in.remaining(), missing);
    in.limit(kept + room);
    int count = channel.read(in);
    in.limit(in.capacity());
    if (count < 0) {
      return ended();
    }
    missing -= count;
    if (missing > 0) {
      return false;
    }
    answer.set(in.array(), 0, kept);
    answer.body(body);
    in.clear();
    return true;
  }

  /** The line's end is the last byte: a tracker is asked only after it has answered. */
  private int endOfLine() {
    int last = in.position() - 1;
    if (last < 0 || in.get(last) != '\n') {
      return -1;
    }
    return last > 0 && in.get(last - 1) == '\r' ? last - 1 : last;
  }

  private int endOfHttp() {
    var bytes = in.array();
    int filled = in.position();
    for (int at = 0; at + HEAD_ENDS.length <= filled; at++) {
      if (bytes[at] == '\r' && bytes[at + 1] == '\n' && bytes[at + 2] == '\r') {
        int headEnd = at + HEAD_ENDS.length;
        body = length(bytes, at);
        if (body <= MOST_KEPT || headEnd + body <= filled) {
          int end = headEnd + (int) body;
          return filled >= end ? end : -1;
        }
        forgetBody(headEnd, filled);
        return -1;
      }
    }
    return -1;
  }

  private void forgetBody(int headEnd, int filled) {
    kept = headEnd;
    missing = body - (filled - headEnd);
    if (in.capacity() < kept + MOST_KEPT) {
      in = ByteBuffer.allocate(kept + MOST_KEPT).put(in.flip());
    }
  }

  /** What the head says that follows it. */
  private static long length(byte[] bytes, int headEnd) {
    for (int at = 0; at + LENGTH.length < headEnd; at++) {
      if (bytes[at] == '\n' && isLength(bytes, at + 1)) {
        long length = 0;
        for (int digit = at + 1 + LENGTH.length; digit < headEnd; digit++) {
          if (bytes[digit] >= '0' && bytes[digit] <= '9') {
            length = length * 10 + bytes[digit] - '0';
          } else if (bytes[digit] != ' ') {
            break;
          }
        }
        return length;
      }
    }
    return 0;
  }

  private static boolean isLength(byte[] bytes, int place) {
    for (int i = 0; i < LENGTH.length; i++) {
      byte at = bytes[place + i];
      byte lower = at >= 'A' && at <= 'Z' ? (byte) (at + 'a' - 'A') : at;
      if (lower != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private String soFar() {
    return "'" + new String(in.array(), 0, in.position(), ISO_8859_1) + "'";
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
