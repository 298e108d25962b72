package io.hayloft.client.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One HTTP connection to a storage node: writes requests, reads answers, one after the other. */
final class NodeConnection implements Closeable {

  /** The most that status line and headers may take together. */
  private static final int MAX_HEAD = 64 * 1024;

  private final TimedChannel channel;
  private final ByteBuffer input = ByteBuffer.allocate(16 * 1024).limit(0);
  private final World world;
  private final Duration patience;
  private long idleSinceNanos;
  private Optional<ReplyHead> early = Optional.empty();

  /**
   * @param patience how long the node may take for anything: to accept some bytes, to send some
   */
  NodeConnection(TimedChannel channel, World world, Duration patience) {
    this.channel = channel;
    this.world = world;
    this.patience = patience;
    this.idleSinceNanos = world.nanos();
  }

  Deadline deadline() {
    return Deadline.after(world, patience);
  }

  void sendHead(String head) throws IOException {
    channel.write(ByteBuffer.wrap(head.getBytes(ISO_8859_1)), deadline());
  }

  /**
   * Sends part of a body unless the node answers before it has all of it, which it only does to
   * refuse.
   *
   * @return false when an answer is there to be read
   */
  boolean sendUnlessAnswered(byte[] bytes, int offset, int count) throws IOException {
    if (input.hasRemaining() || answerArrived()) {
      return false;
    }
    return channel.writeUnlessAnswered(ByteBuffer.wrap(bytes, offset, count), deadline());
  }

  /** Whether bytes of an answer are there, without waiting. */
  boolean answerArrived() throws IOException {
    if (!input.hasRemaining()) {
      input.clear();
      int count = channel.readNow(input);
      input.flip();
      if (count < 0) {
        throw new EOFException(channel.peer() + " closed the connection without an answer");
      }
    }
    return input.hasRemaining();
  }

  /** Waits for the first bytes of an answer; false when they did not come in time. */
  boolean awaitAnswer(Duration time) throws IOException {
    try {
      return input.hasRemaining() || fill(Deadline.after(world, time));
    } catch (TimedOutException notYet) {
      return false;
    }
  }

  /** Reads the head of the final answer; interim ones (100 Continue) are passed over. */
  ReplyHead readFinalHead() throws IOException {
    while (true) {
      var head = early.isPresent() ? early.get() : readHead();
      early = Optional.empty();
      if (!head.interim()) {
        return head;
      }
    }
  }

  /**
   * Reads a 100 Continue that has begun to arrive.
   *
   * @return false when it is the final answer instead, which then is still to be read
   */
  boolean skipContinue() throws IOException {
    var head = readHead();
    if (!head.interim()) {
      early = Optional.of(head);
    }
    return head.interim();
  }

  private ReplyHead readHead() throws IOException {
    var deadline = deadline();
    var lines = new ArrayList<String>();
    int room = MAX_HEAD;
    while (true) {
      var line = readLine(deadline, room);
      room -= line.length() + 2;
      if (!line.isEmpty()) {
        lines.add(line);
      } else if (!lines.isEmpty()) {
        return ReplyHead.parse(List.copyOf(lines));
      }
    }
  }

  /** One line without its end. */
  String readLine(Deadline deadline, int max) throws IOException {
    var line = new StringBuilder();
    while (true) {
      if (!input.hasRemaining() && !fill(deadline)) {
        throw new EOFException(channel.peer() + " closed the connection within an answer");
      }
      char c = (char) (input.get() & 0xff);
      if (c == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      if (line.length() >= max) {
        throw new IOException(channel.peer() + " sent a line longer than " + max + " bytes");
      }
      line.append(c);
    }
  }

  String readLine(int max) throws IOException {
    return readLine(deadline(), max);
  }

  /** Reads at least one byte of a body; -1 when the node closed the connection. */
  int read(byte[] into, int offset, int count) throws IOException {
    if (input.hasRemaining()) {
      int taken = Math.min(count, input.remaining());
      input.get(into, offset, taken);
      return taken;
    }
    return channel.read(ByteBuffer.wrap(into, offset, count), deadline());
  }

  private boolean fill(Deadline deadline) throws IOException {
    input.clear();
    input.limit(0);
    var room = input.duplicate().clear();
    int count = channel.read(room, deadline);
    input.limit(Math.max(0, count));
    return count > 0;
  }

  /** Whether the node has neither closed the connection nor said anything nobody asked for. */
  boolean quiet() {
    try {
      return !answerArrived();
    } catch (IOException closed) {
      return false;
    }
  }

  void nowIdle() {
    idleSinceNanos = world.nanos();
  }

  boolean idleFor(Duration time) {
    return world.nanos() - idleSinceNanos >= time.toNanos();
  }

  @Override
  public void close() {
    channel.close();
  }
}
