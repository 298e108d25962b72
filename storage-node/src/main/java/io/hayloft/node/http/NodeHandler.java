package io.hayloft.node.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Where every request comes in. It runs on the thread that reads from the network and never waits;
 * what has to wait for a disk is handed to a lane of that disk.
 */
final class NodeHandler extends Handler.Abstract.NonBlocking {

  private final Reading reading;
  private final Changing changing;
  private final Housekeeping housekeeping;
  private final HttpMeters meters;
  private final Admission admission;

  NodeHandler(
      Reading reading,
      Changing changing,
      Housekeeping housekeeping,
      HttpMeters meters,
      Admission admission) {
    this.reading = reading;
    this.changing = changing;
    this.housekeeping = housekeeping;
    this.meters = meters;
    this.admission = admission;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var course = meters.begin();
    var refusal = admission.enter(request);
    var ending = meters.counting(course, request, response, leaving(callback));
    var exchange = new Exchange(request, response, ending, course);
    if (refusal.isPresent() && !Housekeeping.isLook(request.getMethod(), exchange.path())) {
      if (Admission.isSurplus(request)) {
        response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
      }
      exchange.refuseBusy(refusal.get());
      return true;
    }
    if (exchange.path().startsWith(Housekeeping.PREFIX)) {
      housekeeping.handle(exchange);
      return true;
    }
    switch (request.getMethod()) {
      case "GET", "HEAD" -> reading.handle(exchange);
      case "PUT" -> changing.put(exchange);
      case "DELETE" -> changing.delete(exchange);
      case "MKCOL" -> changing.makeDirectory(exchange);
      case "MOVE" -> changing.move(exchange);
      default -> exchange.refuse(HttpStatus.BAD_REQUEST_400, "Method not supported.");
    }
    return true;
  }

  private Callback leaving(Callback callback) {
    return new Callback.Nested(callback) {
      @Override
      public void succeeded() {
        admission.leave();
        super.succeeded();
      }

      @Override
      public void failed(Throwable cause) {
        admission.leave();
        super.failed(cause);
      }
    };
  }
}
