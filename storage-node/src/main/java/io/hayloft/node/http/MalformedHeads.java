package io.hayloft.node.http;

import org.eclipse.jetty.http.ComplianceUtils;
import org.eclipse.jetty.http.ComplianceViolation;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Sees to it that requests without a path, and those whose headers contradict each other or cannot
 * be read, are answered 400 by the node.
 *
 * <p>Jetty checks them before it asks a handler, but what it throws there is not always its own
 * word for a bad request: a {@code Host} with a quote that is not closed ends in 500, as if the
 * server were at fault. And whatever is thrown there it may answer on another thread while it ends
 * the request on this one, and then the next request on the connection is answered 500. So the same
 * check is made here first, and such a request is exchanged for one whose only answer is a refusal.
 * Where its body ends cannot be known, so the connection ends with it.
 */
final class MalformedHeads implements HttpConfiguration.Customizer {

  private final HttpConfiguration configuration;

  /**
   * @param configuration whose rules requests are checked by
   */
  MalformedHeads(HttpConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    if (hasPath(request) && isSound(request)) {
      return request;
    }
    responseHeaders.put(HttpFields.CONNECTION_CLOSE);
    return new Refused(request);
  }

  /** As Jetty has it: these three methods may do without. */
  private static boolean hasPath(Request request) {
    var path = Request.getPathInContext(request);
    var method = request.getMethod();
    return path == null
        || path.startsWith("/")
        || HttpMethod.OPTIONS.is(method)
        || HttpMethod.CONNECT.is(method)
        || HttpMethod.PRI.is(method);
  }

  private boolean isSound(Request request) {
    try {
      ComplianceUtils.verify(
          request.getHttpURI(),
          request.getHeaders(),
          configuration.getHttpCompliance(),
          ComplianceViolation.Listener.NOOP);
      return true;
    } catch (IllegalArgumentException | HttpException.RuntimeException malformed) {
      return false;
    }
  }

  private static final class Refused extends Request.Wrapper {

    private static final HttpURI WHERE = HttpURI.from(Housekeeping.MALFORMED);

    Refused(Request request) {
      super(request);
    }

    @Override
    public HttpURI getHttpURI() {
      return WHERE;
    }

    @Override
    public HttpFields getHeaders() {
      return HttpFields.EMPTY;
    }
  }
}
