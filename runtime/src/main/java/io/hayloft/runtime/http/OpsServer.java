package io.hayloft.runtime.http;

import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.health.Health;
import io.hayloft.runtime.metrics.Metrics;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.Callback;

/**
 * The small HTTP server of every process, for operators and their machines.
 *
 * <ul>
 *   <li>{@code GET /live}: 200, or 503 when only a restart helps
 *   <li>{@code GET /ready}: 200, or 503 when requests would fail; both with the reasons in JSON
 *   <li>{@code GET /metrics}: the text format of Prometheus
 *   <li>what the daemon adds; everything else is 404 in JSON
 * </ul>
 *
 * <p>It knows no users: its address is not for the outside world.
 */
public final class OpsServer implements AutoCloseable {

  private final Server server;
  private final Address address;

  private OpsServer(Server server, Address address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Starts it.
   *
   * @param more handlers by path: {@code /status} is that path, {@code /api/*} all below it
   * @throws IOException when it cannot listen there
   */
  public static OpsServer start(
      Address listen,
      HttpLimits limits,
      Health health,
      Metrics metrics,
      Map<String, ? extends Handler> more)
      throws IOException {
    var server = HttpServers.server("ops", limits);
    var connector = HttpServers.listen(server, listen, limits);
    var paths = new PathMappingsHandler();
    paths.addMapping(path("/live"), new GetHandler(report(health::liveness)));
    paths.addMapping(path("/ready"), new GetHandler(report(health::readiness)));
    paths.addMapping(
        path("/metrics"),
        new GetHandler(
            (response, done) -> {
              response.getHeaders().put(HttpHeader.CONTENT_TYPE, Metrics.CONTENT_TYPE);
              Content.Sink.write(response, true, metrics.scrape(), done);
            }));
    more.forEach((path, handler) -> paths.addMapping(path(path), handler));
    HttpServers.start(server, paths);
    return new OpsServer(server, HttpServers.address(connector));
  }

  private static PathSpec path(String path) {
    return new ServletPathSpec(path);
  }

  private static BiConsumer<Response, Callback> report(Supplier<Health.Report> ask) {
    return (response, done) -> {
      var report = ask.get();
      int status = report.isOk() ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
      Json.reply(response, done, status, report.json());
    };
  }

  /** Where it listens, with the port that was chosen. */
  public Address address() {
    return address;
  }

  @Override
  public void close() {
    HttpServers.stop(server);
  }

  /** Answers GET and HEAD. */
  private static final class GetHandler extends Handler.Abstract {

    private final BiConsumer<Response, Callback> answer;

    GetHandler(BiConsumer<Response, Callback> answer) {
      this.answer = answer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
        answer.accept(response, callback);
      } else {
        response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
        int status = HttpStatus.METHOD_NOT_ALLOWED_405;
        Json.reply(response, callback, status, Json.error(status, ""));
      }
      return true;
    }
  }
}
