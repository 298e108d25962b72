package io.hayloft.node.http;

import io.hayloft.node.blob.HotBytes;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.time.Time;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** The HTTP server of a node: Jetty, set up to be as lenient as the original. */
public final class HttpPort {

  private static final int POOLED_ABOVE = 64 << 10;
  private static final int POOL_STEP = 4 << 10;
  private static final long POOL_HEAP = 8L << 20;
  private static final long POOL_DIRECT = 64L << 20;

  private final Server server;
  private final SendfileConnector connector;
  private final Optional<SendfileConnector> tls;
  private final NativeRequests natives;
  private final PlainReading plain;
  private final Connections connections;
  private final SlowClients slow;

  /**
   * @param idleTimeout after which a connection that moves no byte is closed
   * @param fastPath whether requests may go past Jetty where they can
   * @param http2 whether HTTP/2 is spoken, too
   * @param tls where the same is served over TLS, if it is
   */
  public record Settings(
      Address listen,
      Duration idleTimeout,
      boolean fastPath,
      boolean http2,
      Optional<TlsPort> tls,
      Bounds bounds) {}

  /** Where TLS is spoken, and with which key. */
  public record TlsPort(Address listen, Path keyStore, Path passwordFile) {}

  /**
   * How much is taken in hand at a time.
   *
   * @param uploads how many PUTs may be under way at a time
   * @param bufferBytes how much memory may hold bytes between network and disk
   * @param hotBytes how much memory may hold the bytes of small files
   * @param minRate clients that move fewer bytes a second are cut off; 0 for none
   */
  public record Bounds(
      int connections, int requests, int uploads, long bufferBytes, long hotBytes, long minRate) {}

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
    var bounds = settings.bounds();
    var buffers = new CountedBuffers(pool(), bounds.bufferBytes());
    server = new Server(threads, new ScheduledExecutorScheduler("http-timer", true), buffers);
    var counts = new HttpMeters(new RequestFigures(meters, disks.isKnown()), time);
    var hot = new HotBytes(bounds.hotBytes());
    plain = new PlainReading(disks, hot, buffers, counts, time);
    connections = new Connections(bounds.connections());
    slow = new SlowClients(bounds.minRate(), settings.idleTimeout(), time);
    var shared =
        new SendfileConnector.Shared(
            SendfileMarker.create(),
            settings.fastPath(),
            connections,
            disks.openBlobs()::closeAllOpen,
            time);
    var changing = new Changing(disks, bounds.uploads(), buffers::arePlenty);
    var admission = new Admission(bounds.requests(), buffers);
    var writing =
        new PlainWriting(
            new PlainWriting.Ground(disks, changing, admission, counts),
            buffers,
            new PutAnswers(time));
    server.addBean(writing);
    var protocols = new Protocols(plain, writing, settings.http2());
    connector = connector(settings, settings.listen(), protocols.inClear(), shared);
    tls =
        settings.tls().isPresent()
            ? Optional.of(
                connector(
                    settings,
                    settings.tls().get().listen(),
                    protocols.overTls(settings.tls().get()),
                    shared))
            : Optional.empty();
    server.addBean(new NetworkConnectionLimit(connections.accepted(), server));
    natives = pages.natives();
    server.setHandler(
        new GracefulHandler(
            new NodeHandler(
                new Reading(disks),
                changing,
                new Housekeeping(pages.readiness(), natives, meters, threads),
                counts,
                admission)));
    server.setErrorHandler(new ErrorPages(time));
    gauges(meters, changing, hot);
    bounds(meters, buffers, admission);
  }

  /**
   * Threads that serve the network. They never wait, so half of the processors keep the others
   * busy: as many as processors would take turns with the work that requests cause elsewhere.
   */
  private static int selectors() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  private static ArrayByteBufferPool pool() {
    return new ArrayByteBufferPool(
        0, POOL_STEP, POOLED_ABOVE, Integer.MAX_VALUE, POOL_HEAP, POOL_DIRECT);
  }

  private SendfileConnector connector(
      Settings settings,
      Address listen,
      List<ConnectionFactory> protocols,
      SendfileConnector.Shared shared) {
    var made = new SendfileConnector(server, selectors(), protocols, shared);
    made.setHost(listen.host());
    made.setPort(listen.port());
    made.setIdleTimeout(settings.idleTimeout().toMillis());
    made.setAcceptQueueSize(1_024);
    server.addConnector(made);
    return made;
  }

  private void gauges(PrometheusMeterRegistry meters, Changing changing, HotBytes hot) {
    Gauge.builder("hayloft.node.hot", hot, HotBytes::used)
        .description("Memory that holds the bytes of small files")
        .baseUnit("bytes")
        .register(meters);
    FunctionCounter.builder("hayloft.node.reads.at.once", plain, PlainReading::readAtOnce)
        .description("Files read or looked at without waiting for a disk or being kept open")
        .register(meters);
    Gauge.builder("hayloft.node.uploads", changing, Changing::uploadsUnderWay)
        .description("PUTs under way")
        .register(meters);
  }

  private void bounds(PrometheusMeterRegistry meters, CountedBuffers buffers, Admission admission) {
    Gauge.builder("hayloft.node.connections", connections, Connections::open)
        .description("Connections on the HTTP port")
        .register(meters);
    Gauge.builder("hayloft.node.requests.underway", admission, Admission::underWay)
        .description("Requests under way that are not plain reads")
        .register(meters);
    Gauge.builder("hayloft.node.buffers", buffers, CountedBuffers::used)
        .description("Memory that holds bytes between network and disk")
        .baseUnit("bytes")
        .register(meters);
    FunctionCounter.builder("hayloft.node.slow.clients", slow, SlowClients::cut)
        .description("Connections cut off because the client was too slow")
        .register(meters);
  }

  /** How many connections are accepted, only to be refused, beside that many that are served. */
  public static int refusedConnections(int served) {
    return Connections.told(served);
  }

  /** To be called several times within the idle timeout, by one thread. */
  public void cutSlowClients() {
    slow.look(connector.getConnectedEndPoints());
    tls.ifPresent(present -> slow.look(present.getConnectedEndPoints()));
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

  /** Where it speaks TLS, if it does. */
  public Optional<Address> tlsAddress() {
    return tls.map(made -> new Address(made.getHost(), made.getLocalPort()));
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
