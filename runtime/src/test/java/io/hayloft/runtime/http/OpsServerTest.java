package io.hayloft.runtime.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.health.Health;
import io.hayloft.runtime.metrics.Metrics;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpsServerTest {

  private static final Address ANY = new Address("127.0.0.1", 0);
  private static final HttpLimits LIMITS =
      new HttpLimits(6, 4, 8, Duration.ofMillis(400), 2048, Duration.ofSeconds(5));

  private volatile Optional<String> problem = Optional.empty();
  private final Metrics metrics = new Metrics("test", "1");
  private final CountDownLatch inSlow = new CountDownLatch(1);
  private final CountDownLatch slowMayEnd = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private OpsServer server;

  @BeforeEach
  void start() throws IOException {
    var health = new Health().ready("database", () -> problem);
    Map<String, Handler> more =
        Map.of("/slow", new SlowHandler(), "/api/*", new EchoHandler(), "/broken", new Broken());
    server = OpsServer.start(ANY, LIMITS, health, metrics, more);
  }

  @AfterEach
  void stop() {
    slowMayEnd.countDown();
    client.close();
    server.close();
    metrics.close();
  }

  private final class SlowHandler extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      inSlow.countDown();
      slowMayEnd.await();
      Json.reply(response, callback, 200, "slow");
      return true;
    }
  }

  private static final class EchoHandler extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Json.reply(response, callback, 200, Map.of("path", request.getHttpURI().getPath()));
      return true;
    }
  }

  private static final class Broken extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      throw new IllegalStateException("secret of the house");
    }
  }

  private URI uri(String path) {
    return URI.create("http://" + server.address() + path);
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path);
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket(server.address().host(), server.address().port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void liveAndReadySayHowItIs() throws Exception {
    assertThat(get("/live").statusCode()).isEqualTo(200);
    assertThat(get("/ready").statusCode()).isEqualTo(200);

    problem = Optional.of("no answer for 3 s");

    assertThat(get("/live").statusCode()).isEqualTo(200);
    var ready = get("/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.headers().firstValue("content-type")).contains("application/json");
    assertThat(ready.headers().firstValue("cache-control")).contains("no-store");
    assertThat(ready.headers().firstValue("server")).isEmpty();
    assertThat(ready.body())
        .isEqualTo("{\"status\":\"failing\",\"checks\":{\"database\":\"no answer for 3 s\"}}\n");
  }

  @Test
  void metricsAreTextForPrometheus() throws Exception {
    var reply = get("/metrics");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain")
        .contains("version=0.0.4");
    assertThat(reply.body()).contains("hayloft_info{component=\"test\",version=\"1\"} 1");
  }

  @Test
  void headHasNoBodyAndOtherMethodsAreRefused() throws Exception {
    assertThat(send("HEAD", "/live").statusCode()).isEqualTo(200);
    assertThat(send("HEAD", "/live").body()).isEmpty();
    assertThat(send("POST", "/live").statusCode()).isEqualTo(405);
    assertThat(send("DELETE", "/metrics").headers().firstValue("allow")).contains("GET, HEAD");
  }

  @Test
  void handlersOfTheDaemonAreReached() throws Exception {
    assertThat(get("/api/v1/files").body()).isEqualTo("{\"path\":\"/api/v1/files\"}\n");
  }

  @Test
  void whatIsNotThereIsNotFoundInJson() throws Exception {
    var reply = get("/nothing");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(reply.headers().firstValue("content-type")).contains("application/json");
    assertThat(reply.body()).isEqualTo("{\"status\":404,\"error\":\"Not Found\"}\n");
    assertThat(get("/live/x").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
  }

  @Test
  void anExceptionIsNotTold() throws Exception {
    var reply = get("/broken");

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).isEqualTo("{\"status\":500,\"error\":\"Server Error\"}\n");
  }

  @Test
  void aHeaderThatIsTooLargeIsRefused() throws IOException {
    var reply = raw("GET /live HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(4000) + "\r\n\r\n");

    assertThat(reply).startsWith("HTTP/1.1 431");
  }

  @Test
  void nonsenseIsABadRequest() throws IOException {
    assertThat(raw("\u0001\u0002\r\n\r\n")).startsWith("HTTP/1.1 400").doesNotContain("Jetty");
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    try (var socket = new Socket(server.address().host(), server.address().port())) {
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void connectionsBeyondTheLimitWaitUntilOneIsClosed() throws Exception {
    var one = new HttpLimits(6, 1, 8, Duration.ofSeconds(30), 2048, Duration.ofSeconds(5));
    Map<String, Handler> more = Map.of("/slow", new SlowHandler());
    try (var full = OpsServer.start(ANY, one, new Health(), metrics, more);
        var first = new Socket(full.address().host(), full.address().port())) {
      first.getOutputStream().write("GET /slow HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      assertThat(inSlow.await(10, TimeUnit.SECONDS)).isTrue();
      try (var second = new Socket(full.address().host(), full.address().port())) {
        second.getOutputStream().write("GET /live HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
        second.setSoTimeout(300);
        assertThatThrownBy(() -> second.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);

        slowMayEnd.countDown();
        assertThat(new String(first.getInputStream().readAllBytes(), US_ASCII)).contains("slow");
        first.shutdownOutput();

        second.setSoTimeout(10_000);
        assertThat(new String(second.getInputStream().readAllBytes(), US_ASCII))
            .startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void aRequestThatIsBeingServedEndsBeforeTheServerStops() throws Exception {
    var slow =
        client.sendAsync(
            HttpRequest.newBuilder(uri("/slow")).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(inSlow.await(10, TimeUnit.SECONDS)).isTrue();

    var stopping = Thread.ofVirtual().start(server::close);
    await().until(() -> isRefused(server.address()));
    slowMayEnd.countDown();

    assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("\"slow\"\n");
    assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("ops-"));
  }

  @Test
  void aConnectionKeptAliveDoesNotHoldUpTheStop() throws Exception {
    var patient = new HttpLimits(6, 4, 8, Duration.ofMinutes(1), 2048, Duration.ofSeconds(20));
    var kept = OpsServer.start(ANY, patient, new Health(), metrics, Map.of());
    try (var socket = new Socket(kept.address().host(), kept.address().port())) {
      socket.getOutputStream().write("GET /live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');

      var stopping = Thread.ofVirtual().start(kept::close);

      assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  private static boolean isRefused(Address address) {
    try (var socket = new Socket(address.host(), address.port())) {
      return !socket.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void anAddressInUseIsAnError() {
    assertThatThrownBy(
            () -> OpsServer.start(server.address(), LIMITS, new Health(), metrics, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(server.address().toString());
  }
}
