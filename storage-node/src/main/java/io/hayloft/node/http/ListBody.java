package io.hayloft.node.http;

import io.hayloft.node.requests.BadRequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;

/** The body of a native request, read as it comes and refused beyond its bound. */
final class ListBody implements Invocable.Task {

  static final int MOST_BYTES = 1 << 20;
  static final int MOST_LINES = 1_000;
  private static final int FIRST_SIZE = 4 << 10;

  private final Exchange exchange;
  private final Consumer<byte[]> whole;
  private final RequestPlaces.Place place;
  private byte[] bytes = new byte[FIRST_SIZE];
  private int length;

  /**
   * @param whole told of all bytes, on a thread that must not wait
   * @param place left when the request has been refused or broke off
   */
  ListBody(Exchange exchange, Consumer<byte[]> whole, RequestPlaces.Place place) {
    this.exchange = exchange;
    this.whole = whole;
    this.place = place;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public void run() {
    if (exchange.request().getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > MOST_BYTES) {
      place.leave();
      exchange.refuse(HttpStatus.PAYLOAD_TOO_LARGE_413, tooLarge());
      return;
    }
    while (true) {
      var chunk = exchange.request().read();
      if (chunk == null) {
        exchange.request().demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        place.leave();
        exchange.callback().failed(chunk.getFailure());
        return;
      }
      boolean last = chunk.isLast();
      boolean held = place.hold(chunk.remaining());
      boolean fits = held && take(chunk);
      chunk.release();
      if (!held) {
        place.leave();
        exchange.refuseAmid(HttpStatus.SERVICE_UNAVAILABLE_503, "Too much is asked for already.");
        return;
      }
      if (!fits) {
        place.leave();
        exchange.refuseAmid(HttpStatus.PAYLOAD_TOO_LARGE_413, tooLarge());
        return;
      }
      if (last) {
        whole.accept(Arrays.copyOf(bytes, length));
        return;
      }
    }
  }

  private boolean take(Content.Chunk chunk) {
    int more = chunk.remaining();
    if (length + more > MOST_BYTES) {
      return false;
    }
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
    chunk.getByteBuffer().get(bytes, length, more);
    length += more;
    return true;
  }

  private static String tooLarge() {
    return "At most " + MOST_BYTES + " bytes and " + MOST_LINES + " lines are taken at a time.";
  }

  /**
   * The lines of a body; empty when there are too many. The last may lack its end.
   *
   * @throws BadRequestException when a line is empty
   */
  static java.util.Optional<List<String>> lines(byte[] body) throws BadRequestException {
    var lines = new ArrayList<String>();
    int from = 0;
    while (from < body.length) {
      int to = from;
      while (to < body.length && body[to] != '\n') {
        to++;
      }
      if (to == from) {
        throw new BadRequestException("A line is empty.");
      }
      if (lines.size() == MOST_LINES) {
        return java.util.Optional.empty();
      }
      lines.add(new String(body, from, to - from, StandardCharsets.ISO_8859_1));
      from = to + 1;
    }
    return java.util.Optional.of(lines);
  }
}
