package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.kernel.SocketDescriptor;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is read too much of is not lost, and read again in the order in which it came; what is sent
 * reaches nobody else.
 */
class SendfileEndPointTest {

  @TempDir Path directory;

  private final CountedBuffers buffers =
      new CountedBuffers(new ArrayByteBufferPool(), Long.MAX_VALUE);
  private final Server server = new Server();
  private final CompletableFuture<SendfileEndPoint> opened = new CompletableFuture<>();
  private SendfileConnector connector;

  @BeforeEach
  void start() throws Exception {
    connector =
        new SendfileConnector(
            server,
            1,
            List.of(new Catching()),
            new SendfileConnector.Shared(
                SendfileMarker.create(), true, new Connections(10), () -> {}, Time.system()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  /** Makes connections that do nothing by themselves. */
  private final class Catching extends AbstractConnectionFactory {

    Catching() {
      super("none");
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      opened.complete((SendfileEndPoint) endPoint);
      return new AbstractConnection(endPoint, connector.getExecutor()) {
        @Override
        public void onFillable() {}
      };
    }
  }

  private RawHttp client() {
    return RawHttp.to(new Address("127.0.0.1", connector.getLocalPort()));
  }

  private SendfileEndPoint endPoint() throws Exception {
    return opened.get(10, TimeUnit.SECONDS);
  }

  private RetainableByteBuffer buffer(String text) {
    var buffer = buffers.acquire(64, true);
    BufferUtil.append(buffer.getByteBuffer(), text.getBytes(US_ASCII));
    return buffer;
  }

  /** The next bytes, at most so many. */
  private static String fill(SendfileEndPoint endPoint, int most) throws IOException {
    var into = BufferUtil.allocate(most);
    int got = endPoint.fill(into);
    assertThat(got).isEqualTo(into.remaining());
    return BufferUtil.toString(into);
  }

  @Test
  void bytesGivenBackWhileOthersAreUnreadComeBeforeThem() throws Exception {
    try (var client = client()) {
      var endPoint = endPoint();
      endPoint.unread(buffer("abcdefg"));
      assertThat(fill(endPoint, 3)).isEqualTo("abc");
      endPoint.unread(buffer("bc"));
      client.send("hij");

      assertThat(fill(endPoint, 1)).isEqualTo("b");
      assertThat(fill(endPoint, 3)).isEqualTo("cde");
      assertThat(fill(endPoint, 64)).isEqualTo("fg");
      await().until(() -> fill(endPoint, 64), "hij"::equals);
      assertThat(buffers.used()).isZero();
    }
  }

  @Test
  void whatIsUnreadWhenItClosesIsLetGo() throws Exception {
    try (var client = client()) {
      var endPoint = endPoint();
      endPoint.unread(buffer("two"));
      endPoint.unread(buffer("one"));
      assertThat(buffers.used()).isPositive();

      endPoint.close();

      assertThat(buffers.used()).isZero();
      endPoint.unread(buffer("late"));
      assertThat(buffers.used()).isZero();
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void whatIsSentOnAClosedConnectionReachesNobodyElse() throws Exception {
    var file = Files.writeString(directory.resolve("file"), "body");
    try (var others = new Others();
        var channel = FileChannel.open(file);
        var client = client()) {
      var endPoint = endPoint();
      assertThat(SocketDescriptor.of((SocketChannel) endPoint.getTransport())).isPresent();
      endPoint.close();
      assertThat(client.isClosedByServer()).isTrue();
      others.accept();

      var body = endPoint.stand(channel, 0, 1 << 20);
      assertThatThrownBy(() -> endPoint.flush(BufferUtil.toBuffer("head"), body))
          .isInstanceOf(IOException.class);
      assertThat(others.received()).isEmpty();
    }
  }

  /** Connections of which one gets the number that the last one had that was closed. */
  private static final class Others implements AutoCloseable {

    private final List<SocketChannel> connected = new ArrayList<>();
    private final List<SocketChannel> accepted = new ArrayList<>();
    private final ServerSocketChannel listening = ServerSocketChannel.open();

    Others() throws IOException {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int i = 0; i < 5; i++) {
        connected.add(SocketChannel.open(listening.getLocalAddress()));
      }
    }

    void accept() throws IOException {
      for (int i = 0; i < connected.size(); i++) {
        accepted.add(listening.accept());
      }
    }

    String received() throws IOException {
      close(accepted);
      var text = BufferUtil.allocate(100);
      BufferUtil.clearToFill(text);
      for (var each : connected) {
        while (each.read(text) > 0) {}
      }
      BufferUtil.flipToFlush(text, 0);
      return BufferUtil.toString(text);
    }

    private static void close(List<SocketChannel> channels) throws IOException {
      for (var each : channels) {
        each.close();
      }
    }

    @Override
    public void close() throws IOException {
      close(accepted);
      close(connected);
      listening.close();
    }
  }
}
