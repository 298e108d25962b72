package io.hayloft.tracker.node.http;

import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.StringRequestContent;
import org.jspecify.annotations.Nullable;

/**
 * A native request that is being answered line by line. The node is asked for a sign of life every
 * second, so one that sends nothing for the time of a small reply and a second more is taken to
 * hang, however long the work itself takes.
 */
final class NativeAnswer implements AutoCloseable {

  private static final Duration BEAT = Duration.ofSeconds(1);

  private final org.eclipse.jetty.client.Request request;
  private final InputStreamResponseListener listener;
  private final InputStream bytes;
  private final LineReader lines;
  private final int status;

  private NativeAnswer(
      org.eclipse.jetty.client.Request request,
      InputStreamResponseListener listener,
      Response response) {
    this.request = request;
    this.listener = listener;
    this.bytes = listener.getInputStream();
    this.lines = new LineReader(bytes);
    this.status = response.getStatus();
  }

  /** Asks, once more where a kept connection had died. All native requests may be repeated. */
  static NativeAnswer open(NodeHttp http, String url, @Nullable String body) throws IOException {
    try {
      return attempt(http, url, body);
    } catch (IOException e) {
      if (!NodeHttp.isDeadConnection(e) || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return attempt(http, url, body);
    }
  }

  private static NativeAnswer attempt(NodeHttp http, String url, @Nullable String body)
      throws IOException {
    long stall = http.limits().reply().plus(BEAT).toMillis();
    var withBeat = url + (url.indexOf('?') < 0 ? "?" : "&") + "beat=" + BEAT.toSeconds();
    var request =
        http.request(body == null ? "GET" : "POST", withBeat, Purpose.LIST)
            .idleTimeout(stall, TimeUnit.MILLISECONDS);
    if (body != null) {
      request.body(new StringRequestContent("text/plain", body));
    }
    var listener = new InputStreamResponseListener();
    request.send(listener);
    try (var _ = Phases.begin(Phase.NODES)) {
      return new NativeAnswer(request, listener, listener.get(stall, TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (TimeoutException e) {
      var _ = request.abort(e);
      throw new IOException("no answer in time", e);
    } catch (InterruptedException e) {
      var _ = request.abort(e);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  int status() {
    return status;
  }

  LineReader lines() {
    return lines;
  }

  /** Ends the request, wherever it is; after the last line the connection is kept. */
  @Override
  public void close() {
    try {
      listener.close();
      bytes.close();
    } catch (IOException e) {
      var _ = request.abort(e);
    }
  }
}
