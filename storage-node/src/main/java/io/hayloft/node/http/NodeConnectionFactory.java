package io.hayloft.node.http;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/** Makes connections that are as lenient as the original was. */
final class NodeConnectionFactory extends HttpConnectionFactory {

  NodeConnectionFactory(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(
        new LenientConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
  }

  private static final class LenientConnection extends HttpConnection {

    LenientConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
      super(configuration, connector, endPoint);
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
