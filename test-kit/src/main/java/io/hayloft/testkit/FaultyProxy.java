package io.hayloft.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy on the loopback interface that fails when told to: for tests of what a program does
 * when a server is down, hangs, or loses a connection at the worst moment.
 */
public final class FaultyProxy implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FaultyProxy.class);
  private static final Pattern SERVER = Pattern.compile("//([^:/?]+):([0-9]+)");
  private static final int CHUNK = 16 * 1024;

  private final InetSocketAddress target;
  private final Tasks tasks = Tasks.virtual();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private final int port;
  private ServerSocket server;
  private boolean frozen;
  private volatile @Nullable String fatal;
  private volatile Duration delay = Duration.ZERO;

  private FaultyProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = listen(0);
    this.port = server.getLocalPort();
    accept(server);
  }

  /** A proxy before the server of an address such as {@code jdbc:mysql://host:3306/name}. */
  public static FaultyProxy before(String url) throws IOException {
    var server = SERVER.matcher(url);
    if (!server.find()) {
      throw new IllegalArgumentException("no //host:port in " + url);
    }
    return new FaultyProxy(
        new InetSocketAddress(server.group(1), Integer.parseInt(server.group(2))));
  }

  /** The same address, by way of this proxy. */
  public String through(String url) {
    return SERVER.matcher(url).replaceFirst("//127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  /** From now on all goes well, for new connections and for those that were frozen. */
  public synchronized void pass() throws IOException {
    fatal = null;
    setFrozen(false);
    if (server.isClosed()) {
      server = listen(port);
      accept(server);
    }
  }

  /** Ends all connections and refuses new ones, as a machine does whose server has stopped. */
  public synchronized void refuse() throws IOException {
    server.close();
    cut();
  }

  /** Lets connections be made and stay, and no byte through, as a server does that hangs. */
  public void freeze() {
    setFrozen(true);
  }

  /** From now on whatever is sent takes that much longer, each way. */
  public void delay(Duration longer) {
    delay = longer;
  }

  /** Ends all connections at once; new ones go well. */
  public void cut() {
    sockets.forEach(FaultyProxy::closeQuietly);
  }

  /**
   * Passes what is sent until it contains that text, and that too; then ends the connection before
   * there can be an answer, once. The server has got everything, the client does not know.
   */
  public void cutAfter(String text) {
    fatal = text;
  }

  @Override
  public synchronized void close() throws IOException {
    server.close();
    cut();
    setFrozen(false);
    tasks.close();
  }

  private static ServerSocket listen(int port) throws IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return server;
  }

  private void accept(ServerSocket from) {
    tasks.start(
        "faulty-proxy-accept",
        () -> {
          while (!from.isClosed()) {
            try {
              connect(from.accept());
            } catch (IOException e) {
              log.debug("refusing connections, or the target is away", e);
            }
          }
        });
  }

  private void connect(Socket client) throws IOException {
    sockets.add(client);
    var upstream = new Socket();
    try {
      upstream.connect(target, 5_000);
    } catch (IOException e) {
      closeQuietly(client);
      throw e;
    }
    sockets.add(upstream);
    tasks.start("faulty-proxy-to", () -> copy(client, upstream, true));
    tasks.start("faulty-proxy-from", () -> copy(upstream, client, false));
  }

  private void copy(Socket from, Socket to, boolean toServer) throws InterruptedException {
    var chunk = new byte[CHUNK];
    try {
      int read = from.getInputStream().read(chunk);
      while (read >= 0) {
        Time.system().sleep(delay);
        awaitThaw();
        var text = fatal;
        boolean isFatal =
            toServer && text != null && new String(chunk, 0, read, ISO_8859_1).contains(text);
        if (isFatal) {
          fatal = null;
          closeQuietly(from);
          to.getOutputStream().write(chunk, 0, read);
          to.getOutputStream().flush();
          to.shutdownOutput();
          return;
        }
        to.getOutputStream().write(chunk, 0, read);
        to.getOutputStream().flush();
        read = from.getInputStream().read(chunk);
      }
      closeBoth(from, to);
    } catch (IOException e) {
      closeBoth(from, to);
    }
  }

  private void closeBoth(Socket one, Socket other) {
    closeQuietly(one);
    closeQuietly(other);
    sockets.remove(one);
    sockets.remove(other);
  }

  private void setFrozen(boolean frozen) {
    synchronized (gate) {
      this.frozen = frozen;
      gate.notifyAll();
    }
  }

  private void awaitThaw() throws InterruptedException {
    synchronized (gate) {
      while (frozen) {
        gate.wait();
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a socket that cannot even be closed", e);
    }
  }
}
