package io.hayloft.tracker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/** Makes connections, as many as there may be; clients beyond are told so and let go. */
final class LineConnectionFactory extends AbstractConnectionFactory {

  private final LineService service;
  private final int most;
  private final LineConnection.Slowness slowness;
  private final AtomicInteger connections = new AtomicInteger();

  LineConnectionFactory(LineService service, TrackerServer.Limits limits) {
    super("mogilefs");
    this.service = service;
    this.most = limits.connections();
    this.slowness =
        new LineConnection.Slowness(
            limits.writePatience(),
            new Allowance(limits.unreadBytes()),
            new Allowance(limits.unfinishedBytes()));
  }

  int connections() {
    return connections.get();
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    if (connections.incrementAndGet() > most) {
      connections.decrementAndGet();
      return new Turned(endPoint, connector.getExecutor(), service.refuseVisitor());
    }
    var connection =
        new LineConnection(
            endPoint, connector.getExecutor(), connector.getByteBufferPool(), service, slowness);
    connection.addEventListener(
        new Connection.Listener() {
          @Override
          public void onClosed(Connection closed) {
            connections.decrementAndGet();
          }
        });
    return connection;
  }

  /** A client that is one too many. */
  private static final class Turned extends AbstractConnection {

    private final String refusal;

    Turned(EndPoint endPoint, Executor executor, String refusal) {
      super(endPoint, executor);
      this.refusal = refusal;
    }

    @Override
    public void onOpen() {
      super.onOpen();
      getEndPoint()
          .write(
              Callback.from(InvocationType.NON_BLOCKING, this::close, failure -> close()),
              ByteBuffer.wrap(refusal.getBytes(ISO_8859_1)));
    }

    @Override
    public void onFillable() {
      close();
    }
  }
}
