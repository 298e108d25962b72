package io.hayloft.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.runtime.config.Address;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends what it is told, byte for byte, and reads answers as HTTP defines them. */
public final class RawHttp implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  private RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  /**
   * @param headers names in lower case
   */
  // Answers are looked into, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, Map<String, String> headers, byte[] body) {

    public String text() {
      return new String(body, ISO_8859_1);
    }

    public String header(String name) {
      return headers.getOrDefault(name, "(none)");
    }
  }

  public static RawHttp to(Address address) {
    try {
      var socket = new Socket(address.host(), address.port());
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      return new RawHttp(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Socket socket() {
    return socket;
  }

  public void send(String bytes) {
    send(bytes.getBytes(ISO_8859_1));
  }

  public void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Answer call(String method, String path, String... headers) {
    send(head(method, path, headers));
    return method.equals("HEAD") ? readHead() : read();
  }

  public Answer put(String path, byte[] body, String... headers) {
    var length = "Content-Length: " + body.length;
    send(head("PUT", path, headers).replace("Host: node", "Host: node\r\n" + length));
    send(body);
    return read();
  }

  public static String head(String method, String path, String... headers) {
    var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: node\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  public Answer read() {
    return read(true);
  }

  /** The answer to a HEAD, which has no body whatever its length says. */
  public Answer readHead() {
    return read(false);
  }

  private Answer read(boolean withBody) {
    try {
      var status = line();
      if (status.isEmpty()) {
        throw new EOFException("no answer");
      }
      int code = Integer.parseInt(status.split(" ")[1]);
      var headers = new TreeMap<String, String>();
      for (var line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
      }
      boolean none = !withBody || code == 204 || code == 304 || code == 100;
      return new Answer(code, headers, none ? new byte[0] : body(headers));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return chunks();
    }
    var length = headers.get("content-length");
    if (length == null) {
      return in.readAllBytes();
    }
    var body = in.readNBytes(Integer.parseInt(length));
    if (body.length < Integer.parseInt(length)) {
      throw new EOFException("the body ended after " + body.length + " bytes");
    }
    return body;
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(), 16);
      var chunk = in.readNBytes(length);
      if (chunk.length < length || !line().isEmpty()) {
        throw new EOFException("the body ended amid a chunk");
      }
      if (length == 0) {
        return body.toByteArray();
      }
      body.writeBytes(chunk);
    }
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toString(ISO_8859_1).replace("\r", "");
      }
      line.write(b);
    }
    if (line.size() > 0) {
      throw new EOFException("in a line: " + line);
    }
    return "";
  }

  /** All that comes until the server closes or breaks off the connection, as it comes. */
  public String readToEnd() {
    var text = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        text.append((char) b);
      }
    } catch (IOException brokenOff) {
      text.append("(broken off)");
    }
    return text.toString();
  }

  /** Whether the server has closed the connection; waits for it. */
  public boolean isClosedByServer() {
    try {
      return in.read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  public InputStream in() {
    return in;
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
