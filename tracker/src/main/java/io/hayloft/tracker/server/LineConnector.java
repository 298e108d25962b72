package io.hayloft.tracker.server;

import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections; dead peers of idle ones are found out by the system's keep-alive. */
final class LineConnector extends ServerConnector {

  private static final int ACCEPTORS = 1;
  private static final int SELECTORS = 1;

  LineConnector(Server server, LineConnectionFactory factory) {
    super(server, null, null, null, ACCEPTORS, SELECTORS, factory);
  }

  @Override
  protected void configure(Socket socket) {
    super.configure(socket);
    try {
      socket.setKeepAlive(true);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }
}
