package io.hayloft.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.runtime.config.Address;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;

/** A client of the side channel that sees every byte, line ends too. */
public final class SideLine implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  private SideLine(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  public static SideLine to(Address address) {
    try {
      var socket = new Socket(address.host(), address.port());
      socket.setSoTimeout(20_000);
      return new SideLine(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Socket socket() {
    return socket;
  }

  public SideLine say(String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Up to and with the next line feed; what there is at the end, which may be nothing. */
  public String hear() {
    var heard = new StringBuilder();
    try {
      for (int c = in.read(); c >= 0; c = in.read()) {
        heard.append((char) c);
        if (c == '\n') {
          return heard.toString();
        }
      }
      return heard.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether anything has come that was not heard yet. */
  public boolean hasHeard() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
