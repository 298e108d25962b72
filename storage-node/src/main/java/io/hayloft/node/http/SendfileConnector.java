package io.hayloft.node.http;

import io.hayloft.runtime.time.Time;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections that can send files by sendfile. When the process may open no more files it
 * gives back those that it only keeps open, and goes on accepting when there are some.
 */
final class SendfileConnector extends ServerConnector {

  private static final int ACCEPTORS = 1;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
  private static final Logger log = LoggerFactory.getLogger(SendfileConnector.class);

  private final Shared shared;
  private long quietUntilNanos;

  /**
   * What the connections of a node have in common.
   *
   * @param fastPath whether they may do without Jetty where they can
   * @param shortage run when no more files can be opened
   */
  record Shared(
      SendfileMarker markers,
      boolean fastPath,
      Connections connections,
      Runnable shortage,
      Time time) {}

  /**
   * @param protocols the first is spoken on new connections, and may go over to the others
   */
  SendfileConnector(
      Server server, int selectors, List<ConnectionFactory> protocols, Shared shared) {
    super(server, ACCEPTORS, selectors, protocols.toArray(ConnectionFactory[]::new));
    this.shared = shared;
    this.quietUntilNanos = shared.time().nanoTime();
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    var endPoint = new SendfileEndPoint(channel, selector, key, getScheduler(), shared);
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  @Override
  protected boolean handleAcceptFailure(Throwable failure) {
    if (!isRunning() || failure instanceof ClosedChannelException) {
      return super.handleAcceptFailure(failure);
    }
    complain(failure);
    shared.shortage().run();
    try {
      shared.time().sleep(PAUSE);
      return true;
    } catch (InterruptedException stopping) {
      return isRunning();
    }
  }

  /** Once in a while. Nothing here needs a class that would have to be opened first. */
  private void complain(Throwable failure) {
    long now = shared.time().nanoTime();
    if (now - quietUntilNanos >= 0) {
      quietUntilNanos = now + QUIET_NANOS;
      log.warn("no connection can be accepted: {}", failure.getMessage());
    }
  }
}
