package io.hayloft.tracker.node;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A storage node on a real socket that keeps files in memory and can be told to misbehave. Checks
 * Content-MD5 unless told otherwise and shows a file only when its body came to the stated end.
 */
public final class FakeNode implements AutoCloseable {

  /** Ways to misbehave. */
  public enum Fault {
    /** Takes requests and never answers. */
    HANG,
    /** Answers GET with the right length and ends half-way. */
    SHORT_BODY,
    /** Answers GET with the right length and stops sending half-way. */
    STALLED_BODY,
    /** Says files are one byte longer than they are. */
    WRONG_LENGTH,
    /** Answers everything with 500. */
    BROKEN,
    /** Answers every PUT of a replica with 507. */
    FULL,
    /** Says 507 as soon as the header is there, then closes. */
    FULL_EARLY,
    /** Keeps bytes that differ from those that were sent. */
    ROTTEN,
    /** Takes requests and closes the connection. */
    DEAD,
    /** Sends what it has in chunks, without saying how much it is. */
    CHUNKED,
    /** Closes a connection after its first reply without saying so. */
    FORGETFUL,
    /** Does not know MKCOL. */
    NO_MKCOL,
    /** Has all directories already. */
    HAS_DIRECTORIES,
    /** Does not look at Content-MD5. */
    IGNORES_MD5,
    /** Leaves Content-Length out for empty files, as one server does. */
    LIGHTTPD,
    /** Refuses DELETE. */
    KEEPS_FILES
  }

  private final ServerSocket listener;
  private final Host host;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Set<Fault> faults = ConcurrentHashMap.newKeySet();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Queue<String> userAgents = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread acceptor;

  /**
   * @param number 1 to 250; also the last byte of its address, as two hosts cannot share one
   */
  public FakeNode(int number) throws IOException {
    var ip = "127.0.0." + number;
    listener = new ServerSocket(0, 100, InetAddress.getByName(ip));
    host =
        new Host(
            new HostId(number),
            "h" + number,
            HostStatus.ALIVE,
            HostAddresses.of(ip, listener.getLocalPort()));
    acceptor = Thread.ofVirtual().name("fake-node").start(this::accept);
  }

  public Host host() {
    return host;
  }

  public Place place(int device, long fid) {
    return Place.of(host, new DeviceId(device), new Fid(fid));
  }

  public FakeNode device(int device, long totalMb, long usedMb) {
    var usage =
        "available: %d\ndevice: /dev/sdb1\ndisk: /x\ntime: 1\ntotal: %d\nuse: 1%%\nused: %d\n"
            .formatted((totalMb - usedMb) * 1024, totalMb * 1024, usedMb * 1024);
    return file("/dev" + device + "/usage", usage);
  }

  public FakeNode file(String path, String text) {
    files.put(path, text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public FakeNode replica(int device, long fid, byte[] bytes) {
    files.put(path(device, fid), bytes.clone());
    return this;
  }

  public boolean has(int device, long fid) {
    return files.containsKey(path(device, fid));
  }

  public byte[] bytes(int device, long fid) {
    var bytes = files.get(path(device, fid));
    return bytes == null ? new byte[0] : bytes.clone();
  }

  public void remove(String path) {
    files.remove(path);
  }

  /** What is stored of replicas. */
  public Set<String> replicas() {
    return Set.copyOf(files.keySet().stream().filter(path -> path.endsWith(".fid")).toList());
  }

  public void does(Fault... named) {
    faults.clear();
    faults.addAll(List.of(named));
  }

  /** The requests so far, as {@code METHOD path}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** By which names the askers went. */
  public Set<String> userAgents() {
    return Set.copyOf(userAgents);
  }

  public long count(String beginning) {
    return requests.stream().filter(request -> request.startsWith(beginning)).count();
  }

  public void forgetRequests() {
    requests.clear();
  }

  public int connections() {
    return connections.get();
  }

  private static String path(int device, long fid) {
    return new ReplicaPath(new DeviceId(device), new Fid(fid)).toString();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    // A virtual thread in accept() may still take one client more; whoever connects later must not
    // be that one.
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (var socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        if (listener.isClosed()) {
          socket.close();
          return;
        }
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().name("fake-node").start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      var out = socket.getOutputStream();
      for (var line = line(in); line != null; line = line(in)) {
        var headers = headers(in);
        var words = List.of(line.split(" "));
        requests.add(words.get(0) + " " + words.get(1));
        userAgents.add(headers.getOrDefault("user-agent", ""));
        if (!answer(words.get(0), words.get(1), headers, in, out) || faulty(Fault.FORGETFUL)) {
          return;
        }
      }
    } catch (IOException e) {
      // The other side went away, or a body came to an early end: nothing is kept of it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private boolean answer(
      String method, String path, Map<String, String> headers, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    if (faulty(Fault.HANG)) {
      closed.await();
      return false;
    }
    if (faulty(Fault.DEAD)) {
      return false;
    }
    boolean replica = path.endsWith(".fid");
    if (method.equals("PUT") && replica && faulty(Fault.FULL_EARLY)) {
      reply(out, 507, 0);
      return false;
    }
    var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    if (body.length < Integer.parseInt(headers.getOrDefault("content-length", "0"))) {
      return false;
    }
    if (faulty(Fault.BROKEN)) {
      reply(out, 500, 0);
      return true;
    }
    switch (method) {
      case "GET", "HEAD" -> {
        return read(method, path, out);
      }
      case "PUT" -> reply(out, put(path, headers, body, replica), 0);
      case "DELETE" ->
          reply(out, faulty(Fault.KEEPS_FILES) ? 500 : files.remove(path) == null ? 404 : 204, 0);
      case "MKCOL" ->
          reply(out, faulty(Fault.NO_MKCOL) ? 400 : faulty(Fault.HAS_DIRECTORIES) ? 405 : 201, 0);
      default -> reply(out, 400, 0);
    }
    return true;
  }

  private int put(String path, Map<String, String> headers, byte[] body, boolean replica) {
    if (replica && faulty(Fault.FULL)) {
      return 507;
    }
    var md5 = headers.get("content-md5");
    if (md5 != null && !faulty(Fault.IGNORES_MD5) && !md5.equals(md5(body))) {
      return 400;
    }
    if (replica && faulty(Fault.ROTTEN) && body.length > 0) {
      body[0] ^= 1;
    }
    files.put(path, body);
    return 201;
  }

  private boolean read(String method, String path, OutputStream out)
      throws IOException, InterruptedException {
    var bytes = files.get(path);
    if (bytes == null) {
      reply(out, 404, 0);
      return true;
    }
    if (faulty(Fault.CHUNKED)) {
      out.write(
          "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      if (method.equals("GET")) {
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      return true;
    }
    reply(out, 200, bytes.length + (faulty(Fault.WRONG_LENGTH) ? 1 : 0));
    if (method.equals("HEAD")) {
      return true;
    }
    boolean half = path.endsWith(".fid");
    if (half && (faulty(Fault.SHORT_BODY) || faulty(Fault.STALLED_BODY))) {
      out.write(bytes, 0, bytes.length / 2);
      out.flush();
      if (faulty(Fault.STALLED_BODY)) {
        closed.await();
      }
      return false;
    }
    out.write(bytes);
    out.flush();
    return true;
  }

  private void reply(OutputStream out, int status, int length) throws IOException {
    boolean silent = faulty(Fault.LIGHTTPD) && length == 0;
    var head =
        "HTTP/1.1 %d X\r\n%s%s\r\n"
            .formatted(
                status,
                faulty(Fault.LIGHTTPD) ? "Server: lighttpd/1.4\r\n" : "",
                silent ? "" : "Content-Length: " + length + "\r\n");
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private boolean faulty(Fault fault) {
    return faults.contains(fault);
  }

  private static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    var headers = new HashMap<String, String>();
    for (var line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return line.toString().strip();
      }
      line.append((char) next);
    }
    return null;
  }
}
