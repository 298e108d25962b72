package io.hayloft.node.sidechannel;

import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's second port. Each connection has a task of its own, which answers one line after the
 * other; how many there may be is limited, and those beyond wait in the kernel.
 */
public final class SideChannel {

  private static final Logger log = LoggerFactory.getLogger(SideChannel.class);
  private static final int CONNECTIONS = 1_000;
  private static final int BACKLOG = 128;

  private final Address listen;
  private final Duration idleTimeout;
  private final Answering answering;
  private final Tasks tasks;
  private final Semaphore places = new Semaphore(CONNECTIONS);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ServerSocket server;

  /**
   * @param idleTimeout after which a connection that asks nothing is closed
   */
  public SideChannel(Address listen, Duration idleTimeout, Answering answering, Tasks tasks) {
    this.listen = listen;
    this.idleTimeout = idleTimeout;
    this.answering = answering;
    this.tasks = tasks;
  }

  public void start() throws IOException {
    var opened = new ServerSocket();
    try {
      opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      opened.bind(new InetSocketAddress(listen.host(), listen.port()), BACKLOG);
    } catch (IOException e) {
      opened.close();
      throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
    }
    server = opened;
    tasks.start("side channel", () -> accept(opened));
  }

  /** Where it listens; the port is the real one also when any was asked for. */
  public Address address() {
    var started = server;
    if (started == null) {
      throw new IllegalStateException("the side channel is not started");
    }
    return new Address(listen.host(), started.getLocalPort());
  }

  public int connections() {
    return open.size();
  }

  private void accept(ServerSocket opened) throws InterruptedException {
    while (!opened.isClosed()) {
      places.acquire();
      boolean handedOver = false;
      try {
        var socket = opened.accept();
        open.add(socket);
        handOver(socket);
        handedOver = true;
      } catch (IOException e) {
        if (!opened.isClosed()) {
          // Out of file descriptors, most likely: it passes, and trying at once would spin.
          log.warn("a side channel connection was not accepted: {}", e.toString());
          answering.pause();
        }
      } finally {
        if (!handedOver) {
          places.release();
        }
      }
    }
  }

  private void handOver(Socket socket) {
    try {
      tasks.start("side channel connection", () -> serve(socket));
    } catch (RejectedExecutionException stopping) {
      open.remove(socket);
      closeQuietly(socket);
      throw stopping;
    }
  }

  private void serve(Socket socket) throws InterruptedException {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.setSoTimeout((int) idleTimeout.toMillis());
      new SideSession(socket.getInputStream(), socket.getOutputStream(), answering).run();
    } catch (IOException e) {
      log.debug("a side channel connection ended: {}", e.toString());
    } finally {
      open.remove(socket);
      places.release();
    }
  }

  /** Stops listening and closes all connections. */
  public void close() {
    var started = server;
    if (started == null) {
      return;
    }
    closeQuietly(started);
    open.forEach(SideChannel::closeQuietly);
  }

  private static void closeQuietly(java.io.Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("closing a socket failed: {}", e.toString());
    }
  }
}
