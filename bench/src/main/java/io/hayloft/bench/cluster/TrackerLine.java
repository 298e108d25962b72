package io.hayloft.bench.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.protocol.Arguments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection to a tracker, for one thread at a time; cheap, so that it is not what is measured.
 */
public final class TrackerLine implements AutoCloseable {

  private static final int ANSWER_MILLIS = 60_000;

  private final Socket socket;
  private final OutputStream out;
  private final BufferedReader in;

  private TrackerLine(Socket socket) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
  }

  public static TrackerLine open(InetSocketAddress address) {
    try {
      var socket = new Socket();
      socket.connect(address, ANSWER_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(ANSWER_MILLIS);
      return new TrackerLine(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach the tracker at " + address, e);
    }
  }

  /** The reply's whole line. */
  public String ask(String request) {
    try {
      send(request);
      return line(request);
    } catch (IOException e) {
      throw new UncheckedIOException(request, e);
    }
  }

  /** The fields of a reply that must be OK. */
  public Arguments ok(String request) {
    var reply = ask(request);
    if (!reply.startsWith("OK")) {
      throw new IllegalStateException(request + " → " + reply);
    }
    return Arguments.parse(reply.substring(2).strip());
  }

  /** An operator's line, which begins with an exclamation mark, and all lines of the answer. */
  public List<String> console(String request) {
    try {
      send(request);
      var lines = new ArrayList<String>();
      for (var line = line(request); !line.equals("."); line = line(request)) {
        lines.add(line);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(request, e);
    }
  }

  private void send(String request) throws IOException {
    out.write((request + "\r\n").getBytes(ISO_8859_1));
  }

  private String line(String request) throws IOException {
    var line = in.readLine();
    if (line == null) {
      throw new IOException("the tracker ended the connection after: " + request);
    }
    return line;
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
