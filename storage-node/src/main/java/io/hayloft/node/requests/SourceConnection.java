package io.hayloft.node.requests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A connection to a server that files are fetched from: HTTP/1.1 as far as a GET of a file needs
 * it. Used by one thread at a time. A source must state the length of what it sends; bodies in
 * chunks and packed ones are refused.
 */
final class SourceConnection implements AutoCloseable {

  private static final int BUFFER = 32 << 10;
  private static final int LONGEST_HEAD = 16 << 10;
  private static final Pattern CRC = Pattern.compile("crc32c=:([A-Za-z0-9+/]{6}==):");

  private final Socket socket = new Socket();
  private final byte[] buffer = new byte[BUFFER];
  private InputStream in = InputStream.nullInputStream();
  private int from;
  private int to;
  private long left;
  private boolean kept;

  /**
   * The head of an answer.
   *
   * @param length of the body in bytes; negative when none is stated
   * @param crc32c of the whole body, as the source keeps it
   */
  record Head(int status, long length, OptionalInt crc32c, boolean kept) {}

  private SourceConnection() {}

  /**
   * @param connect how long the source may take to accept the connection
   * @param stall how long to wait for the next byte
   */
  static SourceConnection open(InetSocketAddress address, Duration connect, Duration stall)
      throws IOException {
    var connection = new SourceConnection();
    try {
      connection.socket.setTcpNoDelay(true);
      connection.socket.connect(address, (int) connect.toMillis());
      connection.socket.setSoTimeout((int) stall.toMillis());
      connection.in = connection.socket.getInputStream();
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Asks for a file and reads the head of the answer.
   *
   * @param wantsDigest whether to ask for the checksum that the source keeps, which it must look up
   */
  Head get(SourceUrl url, boolean wantsDigest) throws IOException {
    var request =
        "GET "
            + url.path()
            + " HTTP/1.1\r\nHost: "
            + url.authority()
            + "\r\nUser-Agent: Hayloft\r\nAccept-Encoding: identity\r\n"
            + (wantsDigest ? "Want-Repr-Digest: crc32c=1\r\n\r\n" : "\r\n");
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    var head = readHead();
    while (head.status() / 100 == 1) {
      head = readHead();
    }
    left = head.length();
    kept = head.kept();
    return head;
  }

  private Head readHead() throws IOException {
    int end;
    int searched = from;
    while ((end = endOfHead(searched)) < 0) {
      searched = Math.max(from, to - 3);
      if (to - from >= LONGEST_HEAD) {
        throw new SourceException("The head of the answer is too long.");
      }
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        searched -= from;
        to -= from;
        from = 0;
      }
      int read = in.read(buffer, to, buffer.length - to);
      if (read < 0) {
        throw new EOFException("The source closed the connection.");
      }
      to += read;
    }
    var head = new String(buffer, from, end - from, ISO_8859_1);
    from = end;
    return parse(head);
  }

  /** Where the body begins; negative when that has not come yet. */
  private int endOfHead(int searched) {
    for (int i = searched; i + 3 < to; i++) {
      if (buffer[i] == '\r'
          && buffer[i + 1] == '\n'
          && buffer[i + 2] == '\r'
          && buffer[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private static Head parse(String head) throws SourceException {
    int line = head.indexOf("\r\n");
    int status = status(head.substring(0, line));
    boolean kept = head.startsWith("HTTP/1.1");
    boolean lighttpd = false;
    long length = -1;
    var crc = OptionalInt.empty();
    for (int at = line + 2; at < head.length() - 2; ) {
      int end = head.indexOf("\r\n", at);
      int colon = head.indexOf(':', at);
      if (colon < 0 || colon > end) {
        throw new SourceException("The answer is not HTTP.");
      }
      var value = head.substring(colon + 1, end).trim();
      switch (head.substring(at, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = length(value);
        case "connection" -> kept = kept(value, kept);
        case "transfer-encoding", "content-encoding" -> {
          if (!value.equalsIgnoreCase("identity")) {
            throw new SourceException("The source sends a body that is " + value + ".");
          }
        }
        case "repr-digest" -> crc = crc(value);
        case "server" -> lighttpd = value.startsWith("lighttpd");
        default -> {}
      }
      at = end + 2;
    }
    // That server states no length of empty files.
    return new Head(status, length < 0 && lighttpd ? 0 : length, crc, kept);
  }

  private static int status(String line) throws SourceException {
    boolean plain =
        line.length() >= 12
            && line.startsWith("HTTP/1.")
            && line.charAt(8) == ' '
            && line.chars().skip(9).limit(3).allMatch(c -> c >= '0' && c <= '9');
    if (!plain) {
      throw new SourceException("The answer is not HTTP.");
    }
    return Integer.parseInt(line, 9, 12, 10);
  }

  private static long length(String value) throws SourceException {
    try {
      return Words.number(value, "a length");
    } catch (BadRequestException e) {
      throw new SourceException("The source states no length that is one.");
    }
  }

  private static boolean kept(String value, boolean usually) {
    var words = value.toLowerCase(Locale.ROOT);
    return words.contains("close") ? false : usually || words.contains("keep-alive");
  }

  private static OptionalInt crc(String value) {
    var matcher = CRC.matcher(value);
    if (!matcher.find()) {
      return OptionalInt.empty();
    }
    var bytes = Base64.getDecoder().decode(matcher.group(1));
    return OptionalInt.of(java.nio.ByteBuffer.wrap(bytes).getInt());
  }

  /**
   * Reads bytes of the body until there are so many.
   *
   * @throws EOFException when the body ends before
   */
  void readFully(byte[] into, int length) throws IOException {
    int have = Math.min(length, to - from);
    System.arraycopy(buffer, from, into, 0, have);
    from += have;
    while (have < length) {
      int read = in.read(into, have, length - have);
      if (read < 0) {
        throw new EOFException("The source ended " + (left - have) + " bytes too early.");
      }
      have += read;
    }
    left -= length;
  }

  /** Whether another file can be asked for. */
  boolean isReusable() {
    return kept && left == 0 && from == to && !socket.isClosed();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(SourceConnection.class)
          .debug("a connection to a source was not closed cleanly", e);
    }
  }
}
