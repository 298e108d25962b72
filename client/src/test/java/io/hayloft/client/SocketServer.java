package io.hayloft.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts connections on a port of its own; what happens on each is for the subclass. */
abstract class SocketServer implements AutoCloseable {

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "fake-server");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private final int port;
  private volatile ServerSocket server;
  private volatile CompletableFuture<?> accepting = CompletableFuture.completedFuture(null);

  SocketServer() {
    try {
      server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
      port = server.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final void start() {
    var listening = server;
    accepting = CompletableFuture.runAsync(() -> accept(listening), threads);
  }

  private void accept(ServerSocket listening) {
    try {
      while (true) {
        var socket = listening.accept();
        accepted.incrementAndGet();
        open.add(socket);
        if (listening.isClosed()) {
          socket.close();
          return;
        }
        threads.execute(() -> run(socket));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void run(Socket socket) {
    try (socket) {
      serve(socket);
    } catch (IOException peerLeft) {
      return;
    } finally {
      open.remove(socket);
    }
  }

  abstract void serve(Socket socket) throws IOException;

  final int port() {
    return port;
  }

  /** How many connections have ever been made. */
  final int accepted() {
    return accepted.get();
  }

  final int openConnections() {
    return open.size();
  }

  /** Ends all connections and refuses new ones, on a port that stays ours to come back to. */
  final void stop() {
    try {
      server.close();
      // An accept that is under way may still take one more connection.
      accepting.join();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens again where it did before it was stopped. */
  final void restart() {
    try {
      server = new ServerSocket(port, 64, InetAddress.getLoopbackAddress());
      start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says nothing until the test is over. */
  final void hang() throws IOException {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("over");
  }

  /** Lets a little time pass, unless the test is over. */
  final void dawdle() throws IOException {
    try {
      if (over.await(50, TimeUnit.MILLISECONDS)) {
        throw new IOException("over");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    stop();
    threads.shutdownNow();
  }
}
