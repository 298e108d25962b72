package io.hayloft.tracker.server;

import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.command.Commands;
import io.hayloft.tracker.command.Jobs;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.ThreadPool;

/** Listens for clients and operators. */
public final class TrackerServer implements AutoCloseable {

  /** The kernel has a bound of its own; what is beyond it costs a client a second. */
  private static final int BACKLOG = 8192;

  private final Server server;
  private final List<ServerConnector> connectors = new ArrayList<>();

  /**
   * What a server puts up with.
   *
   * @param connections further clients are refused
   * @param writePatience how long a client may leave an answer unread
   * @param unreadBytes what all clients together may leave unread
   * @param unfinishedBytes what all clients together may have sent of lines that have no end yet
   */
  public record Limits(
      int connections, Duration writePatience, long unreadBytes, long unfinishedBytes) {

    /** With the usual bounds on memory: an eighth of the heap each. */
    public static Limits of(int connections, Duration writePatience) {
      long part = Runtime.getRuntime().maxMemory() / 8;
      return new Limits(connections, writePatience, part, part);
    }
  }

  /**
   * What answers.
   *
   * @param shutdown begins to stop the tracker, and returns; an operator asked for it
   */
  public record Desk(
      Commands commands, RequestQueue queue, Jobs jobs, Watchers watchers, Runnable shutdown) {}

  /**
   * @param threads for accepting and for what never blocks; a few are enough
   */
  public TrackerServer(
      List<Address> listen,
      Limits limits,
      Desk desk,
      Time time,
      ThreadPool threads,
      MeterRegistry meters) {
    var consoleDesk =
        new Console.Desk(
            new Recent(), desk.watchers(), new Counts(), new Times(meters), desk.shutdown());
    var console = new Console(desk.jobs(), desk.queue(), consoleDesk, time);
    var reception = new Reception(desk.commands(), desk.queue(), console, consoleDesk, time);
    this.server = new Server(threads);
    var factory = new LineConnectionFactory(reception, limits);
    for (var address : listen) {
      var connector = new LineConnector(server, factory);
      connector.setHost(address.host());
      connector.setPort(address.port());
      connector.setAcceptQueueSize(BACKLOG);
      connector.setReuseAddress(true);
      connector.setAcceptedTcpNoDelay(true);
      connector.setIdleTimeout(0);
      server.addConnector(connector);
      connectors.add(connector);
    }
    meters.gauge("hayloft.tracker.connections", factory, each -> each.connections());
    meters.gauge("hayloft.tracker.requests.waiting", desk.queue(), q -> q.state().waiting());
    FunctionCounter.builder(
            "hayloft.tracker.requests.refused", desk.queue(), q -> q.state().refused())
        .description("Requests that were answered busy")
        .register(meters);
    meters.gauge("hayloft.tracker.requests.running", desk.queue(), q -> q.state().running());
  }

  /** Starts to listen. */
  public void start() {
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("cannot listen: " + e.getMessage(), e);
    }
  }

  /** The port of the first address, for one that was left to the system. */
  public int port() {
    return connectors.getFirst().getLocalPort();
  }

  /** Takes no more clients; those that are connected stay. */
  public void stopAccepting() {
    connectors.forEach(ServerConnector::close);
  }

  /** Ends all connections. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop to listen", e);
    }
  }
}
