package io.hayloft.tracker.node.http;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.node.Place;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Digests computed by the node itself, asked for by a line of text on its second port. A node that
 * has no such port, or does not know the question, is left alone for a minute.
 */
final class SideChannel {

  private static final Duration LEFT_ALONE = Duration.ofMinutes(1);
  private static final int MOST_NODES = 5_000;
  private static final int LONGEST_LINE = 1024;

  /** A disk that is read at less than this is taken to hang. */
  private static final long SLOWEST_BYTES_PER_SECOND = 2L << 20;

  /** What a node says of a replica's digest. */
  sealed interface Said {
    record Is(Checksum checksum) implements Said {}

    /** It cannot open or read the file. */
    record Unreadable() implements Said {}

    /** It cannot be asked this way. */
    record NotAvailable() implements Said {}
  }

  private final int port;
  private final NodeOptions.Limits limits;
  private final Remembered closed;

  SideChannel(int port, NodeOptions.Limits limits, Time time) {
    this.port = port;
    this.limits = limits;
    this.closed = new Remembered(MOST_NODES, LEFT_ALONE, time);
  }

  Said digest(Place place, HashAlgorithm algorithm, long length) {
    var ip = place.host().addresses().ip();
    if (port == 0 || closed.contains(ip)) {
      return new Said.NotAvailable();
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(ip, port), Math.toIntExact(limits.connect().toMillis()));
      socket.setSoTimeout(patience(length));
      var question = algorithm.wire() + " " + place.path() + "\r\n";
      socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
      var said = read(line(socket.getInputStream()), place, algorithm);
      if (said instanceof Said.NotAvailable) {
        closed.add(ip);
      }
      return said;
    } catch (IOException e) {
      closed.add(ip);
      return new Said.NotAvailable();
    }
  }

  private int patience(long length) {
    long millis = length / SLOWEST_BYTES_PER_SECOND * 1000 + limits.reply().toMillis();
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }

  private static Said read(String line, Place place, HashAlgorithm algorithm) {
    var prefix = place.path() + " " + algorithm.wire() + "=";
    if (!line.startsWith(prefix)) {
      return line.startsWith("ERR read ") ? new Said.Unreadable() : new Said.NotAvailable();
    }
    Optional<Checksum> checksum =
        Checksum.parse(algorithm.wire() + ":" + line.substring(prefix.length()).strip());
    return checksum.<Said>map(Said.Is::new).orElseGet(Said.Unreadable::new);
  }

  private static String line(InputStream stream) throws IOException {
    var buffered = new BufferedInputStream(stream, LONGEST_LINE);
    var line = new StringBuilder();
    for (int next = buffered.read(); next >= 0 && next != '\n'; next = buffered.read()) {
      if (line.length() == LONGEST_LINE) {
        throw new IOException("a line without an end");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }
}
