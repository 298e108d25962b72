package io.hayloft.node.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/** Makes connections that are as lenient as the original was. */
final class NodeConnectionFactory extends HttpConnectionFactory {

  private final PlainReading plain;
  private final PlainWriting writing;

  NodeConnectionFactory(HttpConfiguration configuration, PlainReading plain, PlainWriting writing) {
    super(configuration);
    this.plain = plain;
    this.writing = writing;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(
        new LenientConnection(getHttpConfiguration(), connector, endPoint, plain, writing),
        connector,
        endPoint);
  }

  private static final class LenientConnection extends HttpConnection {

    /** Enough for the head of any plain request. */
    private static final int HEAD = 8 << 10;

    private final PlainReading plain;

    /** Null where the socket is not the endpoint's own, as with TLS. */
    private final PlainReading.@Nullable Answers answers;

    /** Null likewise. */
    private final PlainWriting.@Nullable Uploads uploads;

    /** Turns with Jetty: the one that is under way, and those that came meanwhile. */
    private final AtomicInteger withJetty = new AtomicInteger();

    /** Whether the next request is most likely an upload, because the last one was. */
    private boolean expectsUpload;

    LenientConnection(
        HttpConfiguration configuration,
        Connector connector,
        EndPoint endPoint,
        PlainReading plain,
        PlainWriting writing) {
      super(configuration, connector, endPoint);
      this.plain = plain;
      var line = endPoint instanceof SendfileEndPoint direct ? new PlainLine(direct) : null;
      this.answers = line == null ? null : plain.new Answers(line);
      this.uploads = line == null ? null : writing.new Uploads(line);
    }

    @Override
    public void onFillable() {
      if (answers == null || uploads == null || withJetty.get() > 0) {
        goOnWithJetty();
        return;
      }
      if (uploads.isStoring()) {
        return;
      }
      if (uploads.isAmid()) {
        uploads.read();
        return;
      }
      if (!isBetweenRequests()) {
        goOnWithJetty();
        return;
      }
      if (expectsUpload) {
        if (uploads.mayBegin()) {
          uploads.read();
        } else {
          goOnWithJetty();
        }
        return;
      }
      if (!answers.mayAnswer()) {
        goOnWithJetty();
        return;
      }
      var bytes = plain.buffers().forAMoment(HEAD);
      boolean isRead = false;
      try {
        isRead = getEndPoint().fill(bytes.getByteBuffer()) > 0;
      } catch (IOException e) {
        // Jetty will see the same when it reads.
      }
      if (isRead) {
        answers.begin(bytes);
      } else {
        bytes.release();
        goOnWithJetty();
      }
    }

    /**
     * Has Jetty read and parse, one thread at a time: who comes meanwhile leaves his turn to the
     * thread that is there. Jetty answers what is malformed on another thread while the first is
     * still parsing, and that one's going on would read into a buffer that the first gives back to
     * the pool: another connection's bytes.
     */
    private void goOnWithJetty() {
      if (withJetty.getAndIncrement() > 0) {
        return;
      }
      do {
        if (getEndPoint().getConnection() == this) {
          super.onFillable();
        }
      } while (withJetty.decrementAndGet() > 0);
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
      if (uploads != null && uploads.isStoring()) {
        return;
      }
      if (uploads != null) {
        uploads.drop();
      }
      super.onFillInterestedFailed(cause);
      if (uploads != null) {
        // Jetty may hold a buffer since its last request, and gives it back when it sees the end.
        goOnWithJetty();
      }
    }

    private boolean isBetweenRequests() {
      return isRequestBufferEmpty() && getParser().isStart();
    }

    /** What {@link PlainReading} and {@link PlainWriting} see of this connection. */
    private final class PlainLine implements PlainWriting.Line {

      private final SendfileEndPoint endPoint;
      private final Callback readable =
          Callback.from(
              Invocable.InvocationType.NON_BLOCKING,
              LenientConnection.this::onFillable,
              LenientConnection.this::onFillInterestedFailed);

      PlainLine(SendfileEndPoint endPoint) {
        this.endPoint = endPoint;
      }

      @Override
      public SendfileEndPoint endPoint() {
        return endPoint;
      }

      @Override
      public void awaitMore() {
        endPoint.fillInterested(readable);
      }

      @Override
      public void handOn(RetainableByteBuffer bytes) {
        if (bytes.hasRemaining()) {
          endPoint.unread(bytes);
        } else {
          bytes.release();
        }
        goOnWithJetty();
      }

      @Override
      public void goOn() {
        soon(LenientConnection.this::onFillable);
      }

      @Override
      public void handOnSoon(RetainableByteBuffer bytes) {
        soon(() -> handOn(bytes));
      }

      private void soon(Runnable work) {
        try {
          getExecutor().execute(work);
        } catch (RejectedExecutionException stopping) {
          endPoint.close(stopping);
        }
      }

      @Override
      public void fail(Throwable cause) {
        endPoint.close(cause);
        // Jetty may hold a buffer since its last request, and gives it back when it sees the end.
        goOnWithJetty();
      }
    }

    /**
     * Jetty refuses paths that climb above the root before any handler sees them. Spelled with a
     * third dot they get through, and {@link io.hayloft.node.blob.RequestPath} refuses any path
     * with two dots in a row. All other paths stay as they were sent.
     *
     * <p>It also refuses paths that it cannot decode, forgetting which method was used: the answer
     * to a HEAD would then have a body. These become a path whose only answer is a refusal.
     */
    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
      expectsUpload = HttpMethod.PUT.is(method);
      if (version == HttpVersion.HTTP_2 && getParser() instanceof HostlessParser parser) {
        // What a client begins HTTP/2 with: Jetty knows it by its having no header.
        parser.leaveHostless();
      }
      try {
        return super.newHttpStream(method, withoutClimbing(uri), version);
      } catch (IllegalArgumentException | HttpException.RuntimeException malformed) {
        return super.newHttpStream(method, Housekeeping.MALFORMED, version);
      }
    }

    private static @Nullable String withoutClimbing(@Nullable String uri) {
      if (uri == null || (!uri.contains("..") && !uri.contains("%2"))) {
        return uri;
      }
      var plain = uri.replace("%2e", ".").replace("%2E", ".");
      return plain.contains("..") ? plain.replace("..", "...") : uri;
    }

    /**
     * Set by the constructor of the superclass, so it has no initial value that would undo that.
     */
    private @Nullable RequestHandler requestHandler;

    @Override
    protected RequestHandler newRequestHandler() {
      requestHandler = super.newRequestHandler();
      return requestHandler;
    }

    @Override
    protected HttpParser newHttpParser(HttpCompliance compliance) {
      var configuration = getHttpConfiguration();
      var parser =
          new HostlessParser(
              requireNonNull(requestHandler), configuration.getRequestHeaderSize(), compliance);
      parser.setHeaderCacheSize(configuration.getHeaderCacheSize());
      parser.setHeaderCacheCaseSensitive(configuration.isHeaderCacheCaseSensitive());
      return parser;
    }
  }
}
