package io.hayloft.node.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections that can send files by sendfile. */
final class SendfileConnector extends ServerConnector {

  private static final int ACCEPTORS = 1;

  private final SendfileMarker markers;

  SendfileConnector(
      Server server, int selectors, ConnectionFactory protocol, SendfileMarker markers) {
    super(server, ACCEPTORS, selectors, protocol);
    this.markers = markers;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    var endPoint = new SendfileEndPoint(channel, selector, key, getScheduler(), markers);
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }
}
