package io.hayloft.node.http;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What is spoken on the ports: HTTP/1.1, and where it is wanted HTTP/2 and TLS, which are Jetty's.
 * Only HTTP/1.1 in clear knows the fast path.
 */
final class Protocols {

  /** Bodies are read in pieces of this size, so that a PUT of a small file is one write. */
  private static final int INPUT_BUFFER = 64 << 10;

  /** Requests at a time on one connection of HTTP/2. */
  private static final int STREAMS = 128;

  /** How many bytes a client may send ahead on a stream, and on all of a connection. */
  private static final int STREAM_WINDOW = 256 << 10;

  private static final int SESSION_WINDOW = 512 << 10;

  /** How often in a second a client may reset streams, ping or change settings. */
  private static final int ODD_FRAMES = 128;

  private final PlainReading plain;
  private final PlainWriting writing;
  private final boolean http2;

  Protocols(PlainReading plain, PlainWriting writing, boolean http2) {
    this.plain = plain;
    this.writing = writing;
    this.http2 = http2;
  }

  List<ConnectionFactory> inClear() {
    var configuration = configuration();
    var protocols = new ArrayList<ConnectionFactory>();
    protocols.add(new NodeConnectionFactory(configuration, plain, writing));
    if (http2) {
      protocols.add(bounded(new HTTP2CServerConnectionFactory(configuration)));
    }
    return protocols;
  }

  /**
   * @throws IOException when the password cannot be read
   */
  List<ConnectionFactory> overTls(HttpPort.TlsPort port) throws IOException {
    var configuration = configuration();
    // By whatever name a node is called, or none, its files are the same.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    var http11 = new NodeConnectionFactory(configuration, plain, writing);
    var context = context(port);
    if (!http2) {
      return List.of(new SslConnectionFactory(context, http11.getProtocol()), http11);
    }
    var negotiation = new ALPNServerConnectionFactory();
    negotiation.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
    return List.of(
        new SslConnectionFactory(context, negotiation.getProtocol()),
        negotiation,
        bounded(new HTTP2ServerConnectionFactory(configuration)),
        http11);
  }

  private static SslContextFactory.Server context(HttpPort.TlsPort port) throws IOException {
    var password = Files.readString(port.passwordFile()).lines().findFirst().orElse("");
    var context = new SslContextFactory.Server();
    context.setKeyStorePath(port.keyStore().toAbsolutePath().toString());
    context.setKeyStorePassword(password);
    context.setCipherComparator(HTTP2Cipher.COMPARATOR);
    return context;
  }

  private static ConnectionFactory bounded(AbstractHTTP2ServerConnectionFactory factory) {
    factory.setMaxConcurrentStreams(STREAMS);
    factory.setInitialStreamRecvWindow(STREAM_WINDOW);
    factory.setInitialSessionRecvWindow(SESSION_WINDOW);
    factory.setRateControlFactory(new WindowRateControl.Factory(ODD_FRAMES));
    return factory;
  }

  private static HttpConfiguration configuration() {
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    configuration.setInputBufferSize(INPUT_BUFFER);
    configuration.setHttpCompliance(
        HttpCompliance.RFC7230_LEGACY.with(
            "hayloft",
            HttpCompliance.Violation.MISMATCHED_AUTHORITY,
            HttpCompliance.Violation.UNSAFE_HOST_HEADER));
    // Paths are judged by RequestPath alone.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.addCustomizer(new MalformedHeads(configuration));
    return configuration;
  }
}
