package io.hayloft.tracker.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that says of itself that it is Hayloft's node, and answers every other request with what
 * it was told, byte for byte, and then closes, hangs or keeps the connection.
 */
final class ScriptedNode implements AutoCloseable {

  private static final String PAGE =
      """
      version 1
      requests copy delete stat digest manifest quarantine findings
      device dev1 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b ok
      device dev2 - refused its directory says that it is dev7
      device dev3 - ok
      distrusted dev3 a sync failed (Input/output error), and it was not checked since
      distrusted dev4
      """;

  private final ServerSocket server;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private volatile String page = head(200, PAGE);
  private volatile String script = "";
  private volatile boolean hangs;
  private volatile boolean keeps;

  ScriptedNode() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.4"));
    Thread.ofVirtual().start(this::accept);
  }

  Host host() {
    return new Host(
        new HostId(4),
        "scripted",
        HostStatus.ALIVE,
        HostAddresses.of("127.0.0.4", server.getLocalPort()));
  }

  static String head(int status, String body) {
    return "HTTP/1.1 " + status + " So\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** Answers with that page from now on. */
  void says(int status, String body) {
    script = head(status, body);
  }

  /** Answers with those bytes and closes. */
  void says(String bytes) {
    script = bytes;
  }

  void pageIs(String bytes) {
    page = bytes;
  }

  /** Stops answering, but takes requests. */
  void hangs(boolean now) {
    hangs = now;
  }

  /** Leaves connections open after answers. */
  void keepsConnections() {
    keeps = true;
  }

  /** How many connections there were so far. */
  int connections() {
    return connections.size();
  }

  /** The heads of the requests so far. */
  List<String> heads() {
    return heads;
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      page = "";
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var head = readHead(in); !head.isEmpty(); head = readHead(in)) {
        heads.add(head);
        if (hangs) {
          in.read();
          return;
        }
        boolean asksPage = head.startsWith("GET /-/node ");
        var answer = asksPage ? page : script;
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        if (!keeps && !answer.endsWith(head(200, PAGE))) {
          return;
        }
      }
    } catch (IOException gone) {
      connections.remove(socket);
    }
  }

  /** Reads a request, and its body. */
  private static String readHead(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.append((char) b);
    }
    var text = head.toString();
    int length = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
    if (length >= 0) {
      int end = text.indexOf("\r\n", length);
      in.readNBytes(Integer.parseInt(text.substring(length + "content-length: ".length(), end)));
    }
    return text;
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
