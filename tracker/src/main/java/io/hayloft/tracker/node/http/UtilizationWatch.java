package io.hayloft.tracker.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the samples of one node: lines with a device's number, a tab and a percentage, and a
 * dot after the last.
 *
 * <p>A connection that has brought a sample is made again soon after it ends, any other a minute
 * later. What the node may cost is bounded whatever it sends: lines and samples have a largest
 * size, a line that makes no sense ends the connection, and after each sample the watch rests, so
 * that of a flood all but a little stays in the sender's buffers.
 */
final class UtilizationWatch {

  private static final Logger log = LoggerFactory.getLogger(UtilizationWatch.class);

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(60);
  private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(200);

  /** Samples come every second; a node that is silent for so long is connected to again. */
  private static final int SILENCE_MILLIS = 15_000;

  /** Older samples say nothing of now. */
  private static final Duration NEW = Duration.ofSeconds(10);

  /** Nobody wants to know any more: the host is gone, or is not probed. */
  private static final Duration UNASKED = Duration.ofMinutes(2);

  private static final int LONGEST_LINE = 64;
  private static final int MOST_DEVICES = 4_096;

  private static final Pattern LINE =
      Pattern.compile("([1-9][0-9]{0,7})\t(-|[0-9]{1,3}(?:\\.[0-9]{1,6})?)");

  private final String ip;
  private final int port;
  private final NodeOptions.Limits limits;
  private final Time time;
  private volatile Sample newest = new Sample(Map.of(), 0);
  private volatile long askedNanos;
  private volatile @Nullable Socket connection;
  private volatile boolean closed;

  private record Sample(Map<DeviceId, String> percents, long atNanos) {}

  UtilizationWatch(String ip, int port, NodeOptions.Limits limits, Time time) {
    this.ip = ip;
    this.port = port;
    this.limits = limits;
    this.time = time;
    this.askedNanos = time.nanoTime();
  }

  Map<DeviceId, String> newest() {
    askedNanos = time.nanoTime();
    var sample = newest;
    return time.since(sample.atNanos()).compareTo(NEW) < 0 ? sample.percents() : Map.of();
  }

  /** Listens until nobody has asked for a while, or it is closed. */
  void run() throws InterruptedException {
    while (!closed && time.since(askedNanos).compareTo(UNASKED) < 0) {
      boolean worked = listen();
      if (!closed) {
        time.sleep(worked ? SOON : LATER);
      }
    }
  }

  /** Until the connection ends; whether it brought a sample. */
  private boolean listen() throws InterruptedException {
    boolean worked = false;
    try (var socket = new Socket()) {
      connection = socket;
      socket.connect(new InetSocketAddress(ip, port), Math.toIntExact(limits.connect().toMillis()));
      socket.setSoTimeout(SILENCE_MILLIS);
      socket.getOutputStream().write("watch\r\n".getBytes(ISO_8859_1));
      var in = new BufferedInputStream(socket.getInputStream(), 1_024);
      while (!closed && time.since(askedNanos).compareTo(UNASKED) < 0) {
        newest = new Sample(sample(in), time.nanoTime());
        worked = true;
        time.sleep(BETWEEN_SAMPLES);
      }
    } catch (IOException e) {
      log.debug("the utilization of {} is not told: {}", ip, e.toString());
    } finally {
      connection = null;
    }
    return worked;
  }

  private static Map<DeviceId, String> sample(InputStream in) throws IOException {
    var percents = new HashMap<DeviceId, String>();
    for (int lines = 0; lines <= MOST_DEVICES; lines++) {
      var line = line(in);
      if (line.equals(".")) {
        return Map.copyOf(percents);
      }
      var parts = LINE.matcher(line);
      int device = parts.matches() ? Integer.parseInt(parts.group(1)) : 0;
      if (device < 1 || device > DeviceId.MAX) {
        throw new IOException("not a sample: " + line);
      }
      percents.put(new DeviceId(device), parts.group(2));
    }
    throw new IOException("a sample of more than " + MOST_DEVICES + " lines");
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed by the node");
      }
      if (line.length() == LONGEST_LINE) {
        throw new IOException("a line without an end");
      }
      line.append((char) next);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  /** Ends it soon. */
  void close() {
    closed = true;
    var open = connection;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        log.debug("closing the watch of {}: {}", ip, e.toString());
      }
    }
  }
}
