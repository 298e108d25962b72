package io.hayloft.runtime.http;

import io.hayloft.runtime.config.Address;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Jetty servers with bounds on everything: the one place where their thread pools are made. A
 * daemon that has a connector of its own kind makes it and passes it to {@link #limit}.
 */
public final class HttpServers {

  private static final Logger log = LoggerFactory.getLogger(HttpServers.class);

  private static final int IDLE_THREAD_MILLIS = 60_000;

  /** When no more connections are accepted, those that do nothing are soon closed. */
  private static final int SHORT_IDLE_MILLIS = 1_000;

  private HttpServers() {}

  /**
   * A server without connectors and handlers, not started.
   *
   * <p>The queue of its thread pool has no bound of its own; the number of connections bounds it,
   * since each of them has at most a few jobs there.
   */
  public static Server server(String name, HttpLimits limits) {
    var pool = new QueuedThreadPool(limits.threads(), Math.min(4, limits.threads()));
    pool.setName(name);
    pool.setIdleTimeout(IDLE_THREAD_MILLIS);
    pool.setDaemon(true);
    pool.setReservedThreads(0);
    var server = new Server(pool);
    server.setStopTimeout(limits.stopping().toMillis());
    server.setErrorHandler(new JsonErrorHandler());
    var connections = new NetworkConnectionLimit(limits.connections(), server);
    connections.setEndPointIdleTimeout(Math.min(SHORT_IDLE_MILLIS, limits.idle().toMillis()));
    server.addBean(connections);
    return server;
  }

  /** How requests are parsed and replies written within the limits. */
  public static HttpConfiguration configuration(HttpLimits limits) {
    var configuration = new HttpConfiguration();
    configuration.setRequestHeaderSize(limits.headerBytes());
    configuration.setResponseHeaderSize(limits.headerBytes());
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    return configuration;
  }

  /** Adds a plain HTTP/1.1 connector. */
  public static ServerConnector listen(Server server, Address address, HttpLimits limits) {
    var http = new HttpConnectionFactory(configuration(limits));
    int selectors = Math.clamp(limits.threads() / 8, 1, Runtime.getRuntime().availableProcessors());
    return limit(new ServerConnector(server, 1, selectors, http), address, limits);
  }

  /** Adds a connector to the server it was made with, at that address and within the limits. */
  public static <C extends ServerConnector> C limit(
      C connector, Address address, HttpLimits limits) {
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.setAcceptQueueSize(limits.acceptQueue());
    connector.setIdleTimeout(limits.idle().toMillis());
    // Less than the server waits, so that a connection kept alive does not hold up its stop.
    connector.setShutdownIdleTimeout(Math.min(SHORT_IDLE_MILLIS, limits.stopping().toMillis() / 2));
    connector.setReuseAddress(true);
    connector.getServer().addConnector(connector);
    return connector;
  }

  /**
   * Starts it with that handler, whose requests may end when it is stopped.
   *
   * @throws IOException when it cannot listen
   */
  public static void start(Server server, Handler handler) throws IOException {
    server.setHandler(handler);
    try {
      server.start();
    } catch (IOException e) {
      stop(server);
      throw e;
    } catch (Exception e) {
      stop(server);
      throw new IllegalStateException("the HTTP server does not start", e);
    }
  }

  /** Stops accepting, waits for requests within the limit, and closes everything. */
  public static void stop(Server server) {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      log.warn("requests were still being served when the HTTP server had to stop");
    } catch (Exception e) {
      log.warn("the HTTP server did not stop as it should", e);
    }
  }

  /** Where it listens after it has been started; the port is the one that was chosen. */
  public static Address address(ServerConnector connector) {
    var host = connector.getHost();
    return new Address(host == null ? "0.0.0.0" : host, connector.getLocalPort());
  }
}
