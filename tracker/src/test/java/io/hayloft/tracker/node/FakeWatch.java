package io.hayloft.tracker.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A side channel that answers {@code watch}, and anything else, with what a test says. */
public final class FakeWatch implements AutoCloseable {

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final byte[] answer;
  private final After after;

  /** What follows when the answer was sent. */
  public enum After {
    /** The connection is held. */
    SILENCE,
    /** The connection is closed. */
    CLOSE,
    /** The answer again, as fast as the other side takes it. */
    AGAIN
  }

  /**
   * @param port 0 for any
   */
  public FakeWatch(String ip, int port, String answer, After after) throws IOException {
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
    this.after = after;
    listener = new ServerSocket(port, 10, InetAddress.getByName(ip));
    Thread.ofVirtual().name("fake-watch").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The lines that came, one for each connection. */
  public int asked() {
    return asked.size();
  }

  public Queue<String> lines() {
    return asked;
  }

  /** Connections that are held. */
  public int open() {
    return open.size();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().name("fake-watch").start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      asked.add(String.valueOf(in.readLine()));
      do {
        socket.getOutputStream().write(answer);
      } while (after == After.AGAIN);
      if (after == After.SILENCE) {
        in.readLine();
      }
    } catch (IOException e) {
      // The test is over, or the watcher went away.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
