package io.hayloft.node.http;

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

  NodeHandler(Reading reading, Changing changing, Housekeeping housekeeping, HttpMeters meters) {
    this.reading = reading;
    this.changing = changing;
    this.housekeeping = housekeeping;
    this.meters = meters;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var exchange = new Exchange(request, response, meters.counting(request, response, callback));
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
}
