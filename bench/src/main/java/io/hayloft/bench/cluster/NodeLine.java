package io.hayloft.bench.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** One kept connection to a server of files, for one thread at a time: stores and reads them. */
public final class NodeLine implements AutoCloseable {

  private static final int ANSWER_MILLIS = 60_000;
  private static final int BUFFER = 1024;

  /** Bodies up to this length are worth a copy, for one packet and one call less. */
  private static final int WITH_HEAD = 64 << 10;

  private final InetSocketAddress address;
  private final Socket socket;
  private final InputStream in;

  private NodeLine(InetSocketAddress address, Socket socket) throws IOException {
    this.address = address;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
  }

  public static NodeLine open(InetSocketAddress address) {
    try {
      var socket = new Socket();
      socket.connect(address, ANSWER_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(ANSWER_MILLIS);
      return new NodeLine(address, socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach the server at " + address, e);
    }
  }

  /** Stores a file; returns when the node has said that it did. */
  public void put(String path, byte[] body) {
    var head =
        "PUT %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, address.getHostString(), address.getPort(), body.length)
            .getBytes(ISO_8859_1);
    try {
      var out = socket.getOutputStream();
      if (body.length <= WITH_HEAD) {
        out.write(ByteBuffer.allocate(head.length + body.length).put(head).put(body).array());
      } else {
        out.write(head);
        out.write(body);
      }
      in.skipNBytes(answer("PUT", path));
    } catch (IOException e) {
      throw new UncheckedIOException("PUT " + path, e);
    }
  }

  /** Reads a file whole. */
  public byte[] get(String path) {
    var head =
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\n\r\n"
            .formatted(path, address.getHostString(), address.getPort())
            .getBytes(ISO_8859_1);
    try {
      socket.getOutputStream().write(head);
      int length = Math.toIntExact(answer("GET", path));
      var body = in.readNBytes(length);
      if (body.length < length) {
        throw new IOException("the server ended the connection amid a body");
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException("GET " + path, e);
    }
  }

  /** Reads the head of an answer that is to be one of success; the length of its body. */
  private long answer(String method, String path) throws IOException {
    var status = line();
    if (!status.matches("HTTP/1\\.[01] 2.*")) {
      throw new IllegalStateException(method + " " + path + " → " + status);
    }
    return restOfHead();
  }

  /** Reads the headers; the length of the body behind them. */
  private long restOfHead() throws IOException {
    long length = 0;
    for (var line = line(); !line.isEmpty(); line = line()) {
      if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Long.parseLong(line.substring(15).strip());
      }
    }
    return length;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the server ended the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
