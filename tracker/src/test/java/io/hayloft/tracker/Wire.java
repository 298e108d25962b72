package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A client that knows nothing: it sends bytes and reads lines. */
public final class Wire implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  public Wire(int port) {
    this(port, "127.0.0.1");
  }

  /** A client at that address, which must be one of this machine. */
  public Wire(int port, String from) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
      socket.setSoTimeout(20_000);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void send(String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next line, without its CRLF; fails when it does not end in one. */
  public String line() {
    try {
      var line = new ByteArrayOutputStream();
      while (true) {
        int b = in.read();
        if (b < 0) {
          throw new AssertionError("closed after: " + line.toString(ISO_8859_1));
        }
        if (b == '\n') {
          var text = line.toString(ISO_8859_1);
          if (!text.endsWith("\r")) {
            throw new AssertionError("a line without CR: " + text);
          }
          return text.substring(0, text.length() - 1);
        }
        line.write(b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request and its reply. */
  public String ask(String line) {
    send(line + "\r\n");
    return line();
  }

  /** A word for the console and the lines of its answer, without the dot. */
  public List<String> console(String word) {
    send(word + "\r\n");
    var lines = new ArrayList<String>();
    for (var line = line(); !line.equals("."); line = line()) {
      lines.add(line);
    }
    return lines;
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
