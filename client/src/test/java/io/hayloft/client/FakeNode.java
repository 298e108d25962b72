package io.hayloft.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** A storage node that keeps its files in memory and misbehaves by plan. */
final class FakeNode extends SocketServer {

  enum Fault {
    /** Ends the connection when the request has come. */
    CLOSE,
    /** Says nothing. */
    HANG,
    /** Answers 500 at the end. */
    STATUS_500,
    /** Answers 507 as soon as it has seen the head, and reads no body. */
    EARLY_507,
    /** Claims success without having read the body. */
    EARLY_200,
    /** Sends half of the body, then ends the connection. */
    CLOSE_HALFWAY,
    /** Sends half of the body, then nothing more. */
    HANG_HALFWAY,
    /** Reads half of the body, then ends the connection. */
    CLOSE_HALF_READ,
    /** Sends one byte less, and says so. */
    SHORTER,
    /** Sends the right number of bytes, one of them wrong. */
    FLIPPED,
    /** Sends all although a part was asked for. */
    NO_RANGES,
    /** Sends another part than was asked for. */
    OTHER_RANGE,
    /** Sends the body in chunks. */
    CHUNKED,
    /** Ends the connection after a good answer that promised to keep it. */
    CLOSE_AFTERWARDS,
    /** Does not know Expect, and waits for the body. */
    NO_CONTINUE
  }

  /** What was asked. */
  record Asked(String method, String path, Map<String, String> headers, long bodyBytes) {}

  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Queue<Fault> plan = new ArrayDeque<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  FakeNode() {
    start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** The next requests meet these faults, one each. */
  void plan(Fault... faults) {
    synchronized (plan) {
      plan.addAll(List.of(faults));
    }
  }

  Map<String, byte[]> files() {
    return files;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  private Optional<Fault> fault() {
    synchronized (plan) {
      return Optional.ofNullable(plan.poll());
    }
  }

  @Override
  void serve(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    var in = new BufferedInputStream(socket.getInputStream());
    var out = socket.getOutputStream();
    while (true) {
      var first = line(in);
      if (first.isEmpty()) {
        return;
      }
      var words = first.split(" ", -1);
      var headers = new HashMap<String, String>();
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      var fault = fault();
      boolean more =
          words[0].equals("PUT")
              ? put(words[1], headers, in, out, fault)
              : get(words[1], headers, out, fault);
      if (!more) {
        return;
      }
    }
  }

  private boolean put(
      String path,
      Map<String, String> headers,
      InputStream in,
      OutputStream out,
      Optional<Fault> fault)
      throws IOException {
    if (fault.isPresent()) {
      switch (fault.get()) {
        case EARLY_507, EARLY_200 -> {
          asked.add(new Asked("PUT", path, headers, 0));
          head(out, fault.get() == Fault.EARLY_507 ? "507 Full" : "200 OK", 0, "");
          // Reading on a little keeps the answer from being lost to a reset.
          in.readNBytes(200_000);
          return false;
        }
        case CLOSE -> {
          asked.add(new Asked("PUT", path, headers, 0));
          return false;
        }
        case HANG -> hang();
        default -> {
          // Comes later.
        }
      }
    }
    if (headers.containsKey("expect") && !fault.equals(Optional.of(Fault.NO_CONTINUE))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    var length = headers.get("content-length");
    if (fault.equals(Optional.of(Fault.CLOSE_HALF_READ))) {
      int half = length == null ? 1000 : Integer.parseInt(length) / 2;
      asked.add(new Asked("PUT", path, headers, in.readNBytes(half).length));
      return false;
    }
    var body = length == null ? chunks(in) : exactly(in, Integer.parseInt(length));
    asked.add(new Asked("PUT", path, headers, body.length));
    if (fault.equals(Optional.of(Fault.STATUS_500))) {
      head(out, "500 Broken", 0, "");
      return true;
    }
    files.put(path, body);
    head(out, "201 Created", 2, "");
    out.write("ok".getBytes(ISO_8859_1));
    return true;
  }

  private boolean get(
      String path, Map<String, String> headers, OutputStream out, Optional<Fault> fault)
      throws IOException {
    asked.add(new Asked("GET", path, headers, 0));
    var bytes = files.get(path);
    if (bytes == null) {
      head(out, "404 Not Found", 0, "");
      return true;
    }
    var all = fault.equals(Optional.of(Fault.FLIPPED)) ? flipped(bytes) : bytes;
    var matcher = RANGE.matcher(headers.getOrDefault("range", ""));
    boolean ranged = matcher.matches() && !fault.equals(Optional.of(Fault.NO_RANGES));
    int from = ranged ? Integer.parseInt(matcher.group(1)) : 0;
    int to = ranged ? Integer.parseInt(matcher.group(2)) + 1 : all.length;
    if (fault.equals(Optional.of(Fault.OTHER_RANGE))) {
      from++;
    }
    int count = to - from - (fault.equals(Optional.of(Fault.SHORTER)) ? 1 : 0);
    var range =
        ranged ? "Content-Range: bytes " + from + "-" + (to - 1) + "/" + all.length + "\r\n" : "";
    var status = ranged ? "206 Partial" : "200 OK";
    if (fault.isEmpty()) {
      head(out, status, count, range);
      out.write(all, from, count);
      return true;
    }
    switch (fault.get()) {
      case CLOSE -> {
        return false;
      }
      case HANG -> hang();
      case STATUS_500 -> head(out, "500 Broken", 0, "");
      case CLOSE_HALFWAY -> {
        head(out, status, count, range);
        out.write(all, from, count / 2);
        return false;
      }
      case HANG_HALFWAY -> {
        head(out, status, count, range);
        out.write(all, from, count / 2);
        hang();
      }
      case CHUNKED -> {
        out.write(
            ("HTTP/1.1 " + status + "\r\n" + range + "Transfer-Encoding: chunked\r\n\r\n")
                .getBytes(ISO_8859_1));
        int half = count / 2;
        out.write((Integer.toHexString(half) + ";x=y\r\n").getBytes(ISO_8859_1));
        out.write(all, from, half);
        out.write(("\r\n" + Integer.toHexString(count - half) + "\r\n").getBytes(ISO_8859_1));
        out.write(all, from + half, count - half);
        out.write("\r\n0\r\nTrailer: 1\r\n\r\n".getBytes(ISO_8859_1));
      }
      default -> {
        head(out, status, count, range);
        out.write(all, from, count);
        return !fault.equals(Optional.of(Fault.CLOSE_AFTERWARDS));
      }
    }
    return true;
  }

  private static byte[] flipped(byte[] bytes) {
    var copy = bytes.clone();
    copy[copy.length / 3] ^= 1;
    return copy;
  }

  private static void head(OutputStream out, String status, int length, String more)
      throws IOException {
    out.write(
        ("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n" + more + "\r\n")
            .getBytes(ISO_8859_1));
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    var bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in), 16);
      all.write(exactly(in, size));
      line(in);
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
