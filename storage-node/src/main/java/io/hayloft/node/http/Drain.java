package io.hayloft.node.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads on after a request was refused amid its body. Closing then would make the client's system
 * throw away the answer with a connection reset; a client that sends first and reads later must
 * find the answer. It gives up after {@link #LIMIT} bytes.
 */
final class Drain implements Invocable.Task {

  private static final long LIMIT = 256L << 20;

  private final Request request;
  private final Callback callback;
  private long seen;

  private Drain(Request request, Callback callback) {
    this.request = request;
    this.callback = callback;
  }

  /**
   * A callback for writing the answer with: it ends the exchange when the body has been read. A
   * client that still waits to be told to send its body is not waited for: it will not send it.
   */
  static Callback before(Callback callback, Request request) {
    return request.getHeaders().contains(HttpHeader.EXPECT) ? callback : amid(callback, request);
  }

  /** The same when a part of the body has come already. */
  static Callback amid(Callback callback, Request request) {
    return Callback.from(
        Invocable.InvocationType.NON_BLOCKING,
        () -> new Drain(request, callback).run(),
        callback::failed);
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public void run() {
    while (true) {
      var chunk = request.read();
      if (chunk == null) {
        request.demand(this);
        return;
      }
      boolean over = chunk.isLast() || Content.Chunk.isFailure(chunk);
      seen += chunk.remaining();
      chunk.release();
      if (over || seen > LIMIT) {
        callback.succeeded();
        return;
      }
    }
  }
}
