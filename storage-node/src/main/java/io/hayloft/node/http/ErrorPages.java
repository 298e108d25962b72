package io.hayloft.node.http;

import io.hayloft.runtime.time.Time;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty answers by itself, to requests that are not HTTP for example, in this node's words.
 */
final class ErrorPages implements Request.Handler {

  private final Time time;

  ErrorPages(Time time) {
    this.time = time;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var failure = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    var sentence = failure instanceof HttpException http ? http.getReason() : null;
    new Exchange(request, response, callback, new Course(time))
        .answer(response.getStatus(), sentence == null ? "" : sentence);
    return true;
  }
}
