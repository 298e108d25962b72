package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What the node tells about itself, and where native requests come in, under a prefix that no
 * device can have.
 */
final class Housekeeping {

  static final String PREFIX = "/-/";

  /** Stands for a path that cannot be one. */
  static final String MALFORMED = "/-/malformed";

  private static final String LIVE = "/-/live";
  private static final String READY = "/-/ready";
  private static final String METRICS = "/-/metrics";

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<Readiness> readiness;
  private final PrometheusMeterRegistry meters;
  private final Executor threads;
  private final NativeRequests natives;

  Housekeeping(
      Supplier<Readiness> readiness,
      NativeRequests natives,
      PrometheusMeterRegistry meters,
      Executor threads) {
    this.readiness = readiness;
    this.natives = natives;
    this.meters = meters;
    this.threads = threads;
  }

  /** Whether it asks how the node is, which is answered however busy it is. */
  static boolean isLook(String method, String path) {
    return (method.equals("GET") || method.equals("HEAD"))
        && (path.equals(LIVE) || path.equals(READY) || path.equals(METRICS));
  }

  void handle(Exchange exchange) {
    if (exchange.path().equals(MALFORMED)) {
      exchange.refuse(HttpStatus.BAD_REQUEST_400, "The request is malformed.");
      return;
    }
    if (natives.handle(exchange)) {
      return;
    }
    boolean reads = exchange.isHead() || exchange.request().getMethod().equals("GET");
    if (!reads) {
      exchange.refuse(HttpStatus.BAD_REQUEST_400, "Method not supported.");
      return;
    }
    switch (exchange.path()) {
      case LIVE -> text(exchange, HttpStatus.OK_200, "text/plain", "live\n");
      case READY -> elsewhere(exchange, () -> ready(exchange));
      case METRICS ->
          elsewhere(exchange, () -> text(exchange, HttpStatus.OK_200, PROMETHEUS, meters.scrape()));
      default -> exchange.answer(HttpStatus.NOT_FOUND_404, "There is no such page.");
    }
  }

  private void ready(Exchange exchange) {
    switch (readiness.get()) {
      case Readiness.Ready() -> text(exchange, HttpStatus.OK_200, "text/plain", "ready\n");
      case Readiness.NotReady(var reason) ->
          text(exchange, HttpStatus.SERVICE_UNAVAILABLE_503, "text/plain", reason + "\n");
    }
  }

  private void elsewhere(Exchange exchange, Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException stopping) {
      exchange.answerBusy("The node is stopping.");
    }
  }

  private static void text(Exchange exchange, int status, String type, String text) {
    var bytes = text.getBytes(UTF_8);
    var response = exchange.response();
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    exchange.write(ByteBuffer.wrap(bytes), exchange.callback());
  }
}
