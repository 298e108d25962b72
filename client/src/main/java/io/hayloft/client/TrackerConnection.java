package io.hayloft.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.client.net.Deadline;
import io.hayloft.client.net.TimedChannel;
import io.hayloft.protocol.MalformedReplyException;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection to a tracker, carrying one request at a time. It never hands out a reply that
 * belongs to another request:
 *
 * <ul>
 *   <li>A reply must carry the request's {@code callid}. One that carries another ends the
 *       connection.
 *   <li>A reply without any (very old trackers) is believed only when it answers the first line
 *       ever sent on the connection, where there is no other request it could belong to; and such a
 *       connection is not used again.
 *   <li>After a time-out, a second line, a broken line, or anything else out of order the
 *       connection is of no more use, so a reply that comes late is read by nobody.
 * </ul>
 */
final class TrackerConnection implements Closeable {

  private final TimedChannel channel;
  private final int maxReply;
  private final ByteBuffer input = ByteBuffer.allocate(8 * 1024).limit(0);
  private boolean used;
  private boolean reusable = true;

  private TrackerConnection(TimedChannel channel, int maxReply) {
    this.channel = channel;
    this.maxReply = maxReply;
  }

  static TrackerConnection open(TrackerAddress address, int maxReply, Deadline deadline)
      throws IOException {
    return new TrackerConnection(
        TimedChannel.connect(address.host(), address.port(), deadline), maxReply);
  }

  /** Sends a request that has a callid and reads its reply. */
  Reply exchange(Request request, Deadline deadline) throws ExchangeFailedException {
    boolean first = !used;
    used = true;
    reusable = false;
    var line = send(request.line(), deadline);
    try {
      var reply = Reply.parse(line);
      var echoed = callid(reply, line);
      var sent = request.callid();
      if (echoed.isPresent() ? !echoed.equals(sent) : !first) {
        throw new IOException(
            channel.peer()
                + " answered another request: callid "
                + echoed.orElse("missing")
                + " instead of "
                + sent.orElse("none"));
      }
      reusable = echoed.isPresent() && !input.hasRemaining();
      return reply;
    } catch (IOException notOurs) {
      throw new ExchangeFailedException(notOurs, true);
    } catch (MalformedReplyException malformed) {
      throw new ExchangeFailedException(new IOException(malformed), true);
    }
  }

  private String send(String line, Deadline deadline) throws ExchangeFailedException {
    var bytes = ByteBuffer.wrap(line.getBytes(ISO_8859_1));
    try {
      channel.write(bytes, deadline);
    } catch (IOException unsent) {
      // A tracker acts on whole lines only, and the end of this one never left.
      throw new ExchangeFailedException(unsent, !bytes.hasRemaining());
    }
    try {
      return readLine(deadline);
    } catch (IOException lost) {
      throw new ExchangeFailedException(lost, true);
    }
  }

  /** Sends a console line and reads up to the single dot that ends its answer. */
  List<String> console(String line, Deadline deadline) throws IOException {
    used = true;
    reusable = false;
    channel.write(ByteBuffer.wrap((line + "\r\n").getBytes(ISO_8859_1)), deadline);
    var lines = new ArrayList<String>();
    int room = maxReply;
    while (true) {
      var answer = readLine(deadline);
      if (answer.equals(".")) {
        return List.copyOf(lines);
      }
      room -= answer.length() + 2;
      if (room < 0) {
        throw new IOException(channel.peer() + " answered more than " + maxReply + " bytes");
      }
      lines.add(answer);
    }
  }

  private static Optional<String> callid(Reply reply, String line) {
    if (reply instanceof Reply.Ok ok) {
      return Optional.ofNullable(ok.values().get("callid"));
    }
    return Reply.callidOf(line);
  }

  /** One line without its end. */
  private String readLine(Deadline deadline) throws IOException {
    var line = new ByteArrayOutputStream(256);
    while (true) {
      int end = indexOfNewline();
      int count = (end < 0 ? input.limit() : end) - input.position();
      if (line.size() + count > maxReply) {
        throw new IOException(
            channel.peer() + " answered a line of more than " + maxReply + " bytes");
      }
      line.write(input.array(), input.position(), count);
      input.position(input.position() + count);
      if (end >= 0) {
        input.get();
        var text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      fill(deadline);
    }
  }

  private int indexOfNewline() {
    for (int i = input.position(); i < input.limit(); i++) {
      if (input.get(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void fill(Deadline deadline) throws IOException {
    input.clear().limit(0);
    int count = channel.read(input.duplicate().clear(), deadline);
    if (count < 0) {
      throw new EOFException(channel.peer() + " closed the connection without an answer");
    }
    input.limit(count);
  }

  /** Whether another request may be sent: all is in order, still open, and nothing lies unread. */
  boolean ready() {
    if (!reusable || input.hasRemaining()) {
      return false;
    }
    try {
      return channel.readNow(ByteBuffer.allocate(1)) == 0;
    } catch (IOException closed) {
      return false;
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
