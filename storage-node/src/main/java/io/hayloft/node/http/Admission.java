package io.hayloft.node.http;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Whether another request can be taken in hand. What is refused costs an answer; what would have to
 * wait without a bound would cost the node its memory.
 */
final class Admission {

  private final int most;
  private final CountedBuffers buffers;
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * @param most requests at a time
   */
  Admission(int most, CountedBuffers buffers) {
    this.most = most;
    this.buffers = buffers;
  }

  /** Counts a request, which is to be {@link #leave counted out}; why it is refused, if it is. */
  Optional<String> enter(Request request) {
    int now = underWay.incrementAndGet();
    if (isSurplus(request)) {
      return Optional.of("Too many connections are open.");
    }
    if (now > most) {
      return Optional.of("Too many requests are under way.");
    }
    return buffers.areEnough() ? Optional.of("Too much memory is in use.") : Optional.empty();
  }

  /**
   * The same for a request on a connection that is not one too many; false, and nothing is counted.
   */
  boolean enterPlain() {
    if (underWay.incrementAndGet() <= most && !buffers.areEnough()) {
      return true;
    }
    leave();
    return false;
  }

  void leave() {
    underWay.decrementAndGet();
  }

  int underWay() {
    return underWay.get();
  }

  /** Whether the request came on a connection too many. */
  static boolean isSurplus(Request request) {
    var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    while (endPoint instanceof EndPoint.Wrapper wrapper) {
      endPoint = wrapper.unwrap();
    }
    return endPoint instanceof SendfileEndPoint socket && socket.isSurplus();
  }
}
