package io.hayloft.node.http;

import io.hayloft.node.blob.HotBytes;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.time.Time;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** The HTTP server of a node: Jetty, set up to be as lenient as the original. */
public final class HttpPort {

  /** Bodies are read in pieces of this size, so that a PUT of a small file is one write. */
  private static final int INPUT_BUFFER = 64 << 10;

  private static final int POOLED_ABOVE = 64 << 10;
  private static final int POOL_STEP = 4 << 10;
  private static final long POOL_HEAP = 8L << 20;
  private static final long POOL_DIRECT = 64L << 20;

  private final Server server;
  private final SendfileConnector connector;
  private final NativeRequests natives;
  private final PlainReading plain;
  private final int connections;

  /**
   * @param maxConnections more wait in the kernel until others close
   * @param idleTimeout after which a connection that moves no byte is closed
   * @param uploads how many PUTs may be under way at a time
   * @param hotBytes how much memory may hold the bytes of small files
   */
  public record Settings(
      Address listen, int maxConnections, Duration idleTimeout, int uploads, long hotBytes) {}

  /** What is below {@code /-/}. */
  public record Pages(Supplier<Readiness> readiness, NativeRequests natives) {}

  public HttpPort(
      Settings settings,
      QueuedThreadPool threads,
      Disks disks,
      Pages pages,
      PrometheusMeterRegistry meters,
      Time time)
      throws IOException {
    server = new Server(threads, new ScheduledExecutorScheduler("http-timer", true), buffers());
    var counts = new HttpMeters(meters, time);
    var hot = new HotBytes(Math.min(settings.hotBytes(), Runtime.getRuntime().maxMemory() / 4));
    plain = new PlainReading(disks.openBlobs(), hot, counts, time);
    connector =
        new SendfileConnector(
            server,
            selectors(),
            new NodeConnectionFactory(configuration(), plain),
            SendfileMarker.create());
    connector.setHost(settings.listen().host());
    connector.setPort(settings.listen().port());
    connector.setIdleTimeout(settings.idleTimeout().toMillis());
    connector.setAcceptQueueSize(1_024);
    connections = settings.maxConnections();
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(connections, server));
    natives = pages.natives();
    var changing = new Changing(disks, settings.uploads());
    server.setHandler(
        new GracefulHandler(
            new NodeHandler(
                new Reading(disks),
                changing,
                new Housekeeping(pages.readiness(), natives, meters, threads),
                counts)));
    server.setErrorHandler(new ErrorPages());
    gauges(meters, changing, hot);
  }

  /**
   * Threads that serve the network. They never wait, so half of the processors keep the others
   * busy: as many as processors would take turns with the work that requests cause elsewhere.
   */
  private static int selectors() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  private static ArrayByteBufferPool buffers() {
    return new ArrayByteBufferPool(
        0, POOL_STEP, POOLED_ABOVE, Integer.MAX_VALUE, POOL_HEAP, POOL_DIRECT);
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
    return configuration;
  }

  private void gauges(PrometheusMeterRegistry meters, Changing changing, HotBytes hot) {
    Gauge.builder("hayloft.node.hot", hot, HotBytes::used)
        .description("Memory that holds the bytes of small files")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("hayloft.node.uploads", changing, Changing::uploadsUnderWay)
        .description("PUTs under way")
        .register(meters);
    Gauge.builder("hayloft.node.connections", connector, c -> c.getConnectedEndPoints().size())
        .description("Connections on the HTTP port")
        .register(meters);
  }

  public void start() throws IOException {
    try {
      server.start();
      // Anything in the chain of handlers that may block would cost each request a change of
      // threads.
      if (server.getInvocationType() != Invocable.InvocationType.NON_BLOCKING) {
        throw new IllegalStateException("a handler may block the threads that serve the network");
      }
    } catch (IOException | IllegalStateException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not start", e);
    }
  }

  /** Where it listens; the port is the real one also when any was asked for. */
  public Address address() {
    return new Address(connector.getHost(), connector.getLocalPort());
  }

  /**
   * Stops: no new connections, and requests under way have that long to end.
   *
   * @param grace zero to break them off
   */
  public void stop(Duration grace) {
    plain.stop();
    server.setStopTimeout(grace.toMillis());
    try {
      if (grace.isZero()) {
        natives.close();
      }
      server.stop();
      natives.close();
    } catch (Exception e) {
      org.slf4j.LoggerFactory.getLogger(HttpPort.class)
          .warn("the HTTP server did not stop cleanly: {}", e.toString());
    }
  }
}
