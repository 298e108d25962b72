package io.hayloft.tracker.node.http;

import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;

/**
 * HTTP as the tracker speaks it: kept connections, a bounded number for each node and purpose,
 * small requests with one time limit for everything. What a node does is an {@link Answer}, never
 * an exception.
 */
final class NodeHttp implements AutoCloseable {

  /** What requests are for. Each has connections of its own, so that none waits for the others. */
  enum Purpose {
    COMMAND,
    PROBE,
    COPY,
    LIST
  }

  /** Operators filter their nodes' logs by this name. */
  static final String USER_AGENT = "MogileFS::Connection::HTTP/2.73 (Hayloft)";

  /** What is said of a node that took too long. */
  static final String TOO_LATE = "no answer in time";

  /** A failure that takes this long is a node that does not answer rather than one that refuses. */
  private static final Duration SLOW = Duration.ofMillis(500);

  private static final int CONNECTIONS_PER_NODE = 64;
  private static final int WAITING_PER_NODE = 1024;
  private static final int LONGEST_SMALL_REPLY = 64 * 1024;

  /** Shorter than servers usually keep idle connections, so that few die under a request. */
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final HttpClient client;
  private final NodeOptions.Limits limits;
  private final Time time;

  NodeHttp(NodeOptions.Limits limits, Executor executor, Time time) {
    this.limits = limits;
    this.time = time;
    var connector = new ClientConnector();
    connector.setSelectors(1);
    client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setExecutor(executor);
    client.setConnectTimeout(limits.connect().toMillis());
    client.setIdleTimeout(IDLE.toMillis());
    client.setMaxConnectionsPerDestination(CONNECTIONS_PER_NODE);
    client.setMaxRequestsQueuedPerDestination(WAITING_PER_NODE);
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, USER_AGENT));
  }

  void start() {
    try {
      client.start();
      // Lengths and digests are those of the stored bytes: nothing may be packed on the way.
      client.getContentDecoderFactories().clear();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP client does not start", e);
    }
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP client does not stop", e);
    }
  }

  NodeOptions.Limits limits() {
    return limits;
  }

  /** The beginning of URLs on the port that takes writes. */
  static String base(Host host) {
    return "http://" + host.addresses().ip() + ":" + host.addresses().httpPort();
  }

  /** The beginning of URLs on the port that clients read from. */
  static String readBase(Host host) {
    return "http://" + host.addresses().ip() + ":" + host.addresses().readPort();
  }

  /** A request that is not sent yet, for callers that stream. */
  Request request(String method, String url, Purpose purpose) {
    return client.newRequest(url).method(method).tag(purpose);
  }

  Answer exchange(String method, String url, Purpose purpose) {
    return exchange(method, url, purpose, request -> request);
  }

  /**
   * Sends a small request and reads a small reply. All methods in use may be repeated, so a request
   * whose kept connection turns out to be closed is sent once more.
   */
  Answer exchange(String method, String url, Purpose purpose, UnaryOperator<Request> furnishing) {
    var event = new NodeRequestEvent();
    event.begin();
    try (var _ = Phases.begin(Phase.NODES)) {
      return exchanged(method, url, purpose, furnishing);
    } finally {
      if (event.shouldCommit()) {
        event.method = method;
        event.url = url;
        event.commit();
      }
    }
  }

  /**
   * As {@link #exchange(String, String, Purpose)}, for those who must not wait.
   *
   * @param then hears it on a thread of the client's, which it must not keep
   */
  void begin(String method, String url, Purpose purpose, Consumer<Answer> then) {
    var event = new NodeRequestEvent();
    event.begin();
    long started = time.nanoTime();
    Consumer<Attempt> last =
        attempt -> {
          if (event.shouldCommit()) {
            event.method = method;
            event.url = url;
            event.commit();
          }
          then.accept(answer(attempt, started));
        };
    beginAttempt(
        method,
        url,
        purpose,
        first -> {
          if (first instanceof Attempt.Broken(var why) && isDeadConnection(why)) {
            beginAttempt(method, url, purpose, last);
          } else {
            last.accept(first);
          }
        });
  }

  private Answer exchanged(
      String method, String url, Purpose purpose, UnaryOperator<Request> furnishing) {
    long started = time.nanoTime();
    var first = attempt(method, url, purpose, furnishing);
    if (first instanceof Attempt.Broken(var why) && isDeadConnection(why)) {
      return answer(attempt(method, url, purpose, furnishing), started);
    }
    return answer(first, started);
  }

  private Answer answer(Attempt attempt, long started) {
    return switch (attempt) {
      case Attempt.Ended(var response) ->
          new Answer.Replied(
              response.getStatus(),
              response.getHeaders(),
              new String(response.getContent(), StandardCharsets.ISO_8859_1));
      case Attempt.Broken(var why) ->
          new Answer.Failed(
              isTimeout(why) || time.since(started).compareTo(SLOW) >= 0, describe(why));
    };
  }

  private Attempt attempt(
      String method, String url, Purpose purpose, UnaryOperator<Request> furnishing) {
    var request = limited(furnishing.apply(request(method, url, purpose)));
    var reply = new CompletableResponseListener(request, LONGEST_SMALL_REPLY).send();
    try {
      return new Attempt.Ended(reply.get());
    } catch (ExecutionException e) {
      return broken(e);
    } catch (InterruptedException e) {
      var _ = request.abort(e);
      Thread.currentThread().interrupt();
      return new Attempt.Broken(e);
    }
  }

  private void beginAttempt(String method, String url, Purpose purpose, Consumer<Attempt> then) {
    var request = limited(request(method, url, purpose));
    var _ =
        new CompletableResponseListener(request, LONGEST_SMALL_REPLY)
            .send()
            .whenComplete(
                (response, failure) ->
                    then.accept(failure == null ? new Attempt.Ended(response) : broken(failure)));
  }

  private Request limited(Request request) {
    return request.timeout(limits.reply().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Attempt broken(Throwable failure) {
    boolean isWrapped =
        failure instanceof ExecutionException || failure instanceof CompletionException;
    return new Attempt.Broken(
        isWrapped && failure.getCause() != null ? failure.getCause() : failure);
  }

  static boolean isTimeout(Throwable why) {
    return why instanceof TimeoutException || why instanceof SocketTimeoutException;
  }

  /** A connection that the node had closed, or reset, and that was not refused or too slow. */
  static boolean isDeadConnection(Throwable why) {
    return switch (why) {
      case EOFException _, ClosedChannelException _ -> true;
      case ConnectException _, SocketTimeoutException _, NodeRefusal _ -> false;
      case IOException _ -> true;
      default -> false;
    };
  }

  /** What went wrong, in one line. */
  static String describe(Throwable why) {
    var message = why.getMessage();
    return switch (why) {
      case InterruptedException _ -> "interrupted";
      case EOFException _, ClosedChannelException _ -> "connection closed by the node";
      case TimeoutException _ -> TOO_LATE;
      case SocketTimeoutException _ -> "no connection in time";
      default -> message == null ? why.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
    };
  }

  private sealed interface Attempt {
    record Ended(ContentResponse response) implements Attempt {}

    record Broken(Throwable why) implements Attempt {}
  }
}
