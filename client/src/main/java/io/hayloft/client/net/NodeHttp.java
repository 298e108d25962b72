package io.hayloft.client.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * HTTP/1.1 to storage nodes: GET with a range, PUT of known and unknown length. Refuses everything
 * else of HTTP, redirects and TLS among it. Thread-safe.
 *
 * <p>Why not {@code java.net.http}: it has no time limit between two pieces of a body, so a node
 * that hangs in the middle would hold the reader for good; on Java 17 it can neither be closed nor
 * tell whether an unrepeatable body was touched; and it brings threads of its own. Here each call
 * runs on the caller's thread, and each wait on the network ends by itself.
 *
 * <p>Connections are kept for a few seconds and a few per node. Before one is used again it is
 * looked at: one that was closed, or on which something nobody asked for has arrived, is dropped.
 */
public final class NodeHttp implements Closeable {

  private static final int IDLE_PER_NODE = 8;
  private static final int NODES = 1024;

  /** Shorter than any server's own limit that is in use, so that few are found closed. */
  private static final Duration IDLE_TIME = Duration.ofSeconds(4);

  /** How long to wait for a node that may not know the question whether it wants the body. */
  private static final Duration CONTINUE_TIME = Duration.ofSeconds(1);

  private static final int CHUNK = 64 * 1024;

  private final World world;
  private final Duration connectTime;
  private final Duration transferTime;
  private final Map<String, Deque<NodeConnection>> idle = new HashMap<>();
  private boolean closed;

  /**
   * @param transferTime how long a node may stay silent, or take no bytes, before it is given up
   */
  public NodeHttp(World world, Duration connectTime, Duration transferTime) {
    this.world = world;
    this.connectTime = connectTime;
    this.transferTime = transferTime;
  }

  /** Asks for a whole resource. */
  public NodeReply get(URI url) throws IOException {
    return get(url, "");
  }

  /** Asks for the bytes from {@code first} to {@code last}, both included. */
  public NodeReply get(URI url, long first, long last) throws IOException {
    return get(url, "Range: bytes=" + first + "-" + last + "\r\n");
  }

  private NodeReply get(URI url, String headers) throws IOException {
    var connection = connection(url);
    boolean done = false;
    try {
      connection.sendHead(head("GET", url) + headers + "\r\n");
      var reply = reply(url, connection, connection.readFinalHead(), true);
      done = true;
      return reply;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  /**
   * Sends a file. An answer of the node's that comes before it has the whole body ends the sending;
   * one that claims success then is taken for a failure.
   *
   * @throws IOException when the node could not be reached, broke off or was too slow; or as thrown
   *     by {@code upload}'s stream
   */
  public NodeReply put(URI url, Upload upload) throws IOException {
    var connection = connection(url);
    boolean done = false;
    try {
      var framing =
          upload.length().isPresent()
              ? "Content-Length: " + upload.length().getAsLong() + "\r\n"
              : "Transfer-Encoding: chunked\r\n";
      var expect = upload.once() ? "Expect: 100-continue\r\n" : "";
      var type = "Content-Type: application/octet-stream\r\n";
      connection.sendHead(head("PUT", url) + type + framing + expect + "\r\n");
      boolean whole = (!upload.once() || wanted(connection)) && sendBody(connection, upload);
      var head = connection.readFinalHead();
      if (!whole && head.status() / 100 == 2) {
        throw new IOException(url + " claims success without having read the file");
      }
      var reply = reply(url, connection, head, whole);
      done = true;
      return reply;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  /** Whether to send the body: the node says so, or says nothing. */
  private static boolean wanted(NodeConnection connection) throws IOException {
    if (!connection.awaitAnswer(CONTINUE_TIME)) {
      if (connection.quiet()) {
        return true;
      }
      throw new EOFException("the node closed the connection without an answer");
    }
    return connection.skipContinue();
  }

  /** False when the node answered first. */
  private static boolean sendBody(NodeConnection connection, Upload upload) throws IOException {
    var buffer = new byte[CHUNK];
    boolean chunked = upload.length().isEmpty();
    while (true) {
      int count = upload.bytes().readNBytes(buffer, 0, CHUNK);
      if (count > 0 && !sendPiece(connection, buffer, count, chunked)) {
        return false;
      }
      if (count < CHUNK) {
        return !chunked || send(connection, "0\r\n\r\n");
      }
    }
  }

  private static boolean sendPiece(
      NodeConnection connection, byte[] buffer, int count, boolean chunked) throws IOException {
    if (!chunked) {
      return connection.sendUnlessAnswered(buffer, 0, count);
    }
    return send(connection, Integer.toHexString(count) + "\r\n")
        && connection.sendUnlessAnswered(buffer, 0, count)
        && send(connection, "\r\n");
  }

  private static boolean send(NodeConnection connection, String text) throws IOException {
    var bytes = text.getBytes(US_ASCII);
    return connection.sendUnlessAnswered(bytes, 0, bytes.length);
  }

  private static String head(String method, URI url) throws IOException {
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      throw new IOException("not the http URL of a storage node: " + url);
    }
    var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return method
        + " "
        + path
        + query
        + " HTTP/1.1\r\nHost: "
        + url.getRawAuthority()
        + "\r\nUser-Agent: hayloft\r\n";
  }

  private NodeReply reply(URI url, NodeConnection connection, ReplyHead head, boolean reusable)
      throws IOException {
    var length = head.contentLength();
    BodyStream.Framing framing;
    if (head.bodiless()) {
      framing = BodyStream.Framing.SIZED;
      length = OptionalLong.of(0);
    } else if (head.chunked()) {
      framing = BodyStream.Framing.CHUNKED;
      length = OptionalLong.empty();
    } else {
      framing = length.isPresent() ? BodyStream.Framing.SIZED : BodyStream.Framing.UNTIL_CLOSE;
    }
    boolean again = reusable && head.keepsAlive();
    var body =
        new BodyStream(
            connection,
            framing,
            framing == BodyStream.Framing.SIZED ? length.orElse(0) : 0,
            complete -> release(url, connection, again && complete));
    var span =
        head.status() == 206
            ? head.header("content-range").flatMap(NodeReply.Span::parse)
            : Optional.<NodeReply.Span>empty();
    return new NodeReply(head.status(), length, span, body);
  }

  private NodeConnection connection(URI url) throws IOException {
    var node = node(url);
    while (true) {
      var kept = takeIdle(node);
      if (kept.isEmpty()) {
        break;
      }
      if (!kept.get().idleFor(IDLE_TIME) && kept.get().quiet()) {
        return kept.get();
      }
      kept.get().close();
    }
    int port = url.getPort() < 0 ? 80 : url.getPort();
    var host = url.getHost();
    if (host == null) {
      throw new IOException("not the http URL of a storage node: " + url);
    }
    var channel = TimedChannel.connect(host, port, Deadline.after(world, connectTime));
    return new NodeConnection(channel, world, transferTime);
  }

  private static String node(URI url) {
    return url.getHost() + ":" + url.getPort();
  }

  private synchronized Optional<NodeConnection> takeIdle(String node) {
    var connections = idle.get(node);
    return connections == null ? Optional.empty() : Optional.ofNullable(connections.pollFirst());
  }

  private void release(URI url, NodeConnection connection, boolean again) {
    if (!again || !keep(node(url), connection)) {
      connection.close();
    }
  }

  private synchronized boolean keep(String node, NodeConnection connection) {
    if (closed || (idle.size() >= NODES && !idle.containsKey(node))) {
      return false;
    }
    var connections = idle.computeIfAbsent(node, absent -> new ArrayDeque<>());
    if (connections.size() >= IDLE_PER_NODE) {
      return false;
    }
    connection.nowIdle();
    connections.addFirst(connection);
    return true;
  }

  /** Closes the connections nobody is using; answers being read stay readable. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.values().forEach(connections -> connections.forEach(NodeConnection::close));
    idle.clear();
  }
}
