package io.hayloft.node.http;

import static java.util.Objects.requireNonNull;

import io.hayloft.runtime.time.Time;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Counts requests and how long they take, by method and by kind of outcome. */
final class HttpMeters {

  /** The kinds of outcome that call for different reactions of people. */
  private enum Outcome {
    OK,
    NOT_FOUND,
    REFUSED,
    BUSY,
    FAILED,
    BROKEN_OFF
  }

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "DELETE", "MKCOL", "MOVE", "POST");

  private final Time time;
  private final Map<String, Map<Outcome, Timer>> timers;
  private final Map<Outcome, Timer> otherMethods;
  private final Timer plainGets;
  private final Timer plainGetsBrokenOff;

  HttpMeters(MeterRegistry registry, Time time) {
    this.time = time;
    this.timers =
        METHODS.stream()
            .collect(
                java.util.stream.Collectors.toUnmodifiableMap(
                    method -> method, method -> timers(registry, method)));
    this.otherMethods = timers(registry, "other");
    var gets = requireNonNull(timers.get("GET"));
    this.plainGets = requireNonNull(gets.get(Outcome.OK));
    this.plainGetsBrokenOff = requireNonNull(gets.get(Outcome.BROKEN_OFF));
  }

  private static Map<Outcome, Timer> timers(MeterRegistry registry, String method) {
    var byOutcome = new EnumMap<Outcome, Timer>(Outcome.class);
    for (var outcome : Outcome.values()) {
      byOutcome.put(
          outcome,
          Timer.builder("hayloft.node.requests")
              .description("Requests on the HTTP port")
              .tag("method", method)
              .tag("outcome", outcome.name().toLowerCase(java.util.Locale.ROOT))
              .register(registry));
    }
    return byOutcome;
  }

  /** A file was sent whole, by way of {@link PlainReading}. */
  void got(long nanos) {
    plainGets.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The client broke off while a file was sent to it so. */
  void brokenOff(long nanos) {
    plainGetsBrokenOff.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The callback to end the request with. */
  Callback counting(Request request, Response response, Callback callback) {
    long started = time.nanoTime();
    var byOutcome = timers.getOrDefault(request.getMethod(), otherMethods);
    return new Callback.Nested(callback) {
      @Override
      public void succeeded() {
        count(outcome(response.getStatus()));
        super.succeeded();
      }

      @Override
      public void failed(Throwable cause) {
        count(Outcome.BROKEN_OFF);
        super.failed(cause);
      }

      private void count(Outcome outcome) {
        var timer = byOutcome.get(outcome);
        if (timer != null) {
          timer.record(time.nanoTime() - started, TimeUnit.NANOSECONDS);
        }
      }
    };
  }

  private static Outcome outcome(int status) {
    return switch (status) {
      case 404 -> Outcome.NOT_FOUND;
      case 503 -> Outcome.BUSY;
      default -> status < 400 ? Outcome.OK : status < 500 ? Outcome.REFUSED : Outcome.FAILED;
    };
  }
}
