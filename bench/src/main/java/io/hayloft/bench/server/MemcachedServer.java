package io.hayloft.bench.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.embedded.FreePorts;
import io.hayloft.runtime.time.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A memcached as it is by itself, on a port of its own. */
public final class MemcachedServer implements AutoCloseable {

  private static final Duration STARTING = Duration.ofSeconds(10);
  private static final Duration GLANCE = Duration.ofMillis(5);
  private static final int PATIENCE_MILLIS = 2000;

  private final InetSocketAddress address;
  private final GuardedProcess process;

  private MemcachedServer(InetSocketAddress address, GuardedProcess process) {
    this.address = address;
    this.process = process;
  }

  /**
   * Starts it; returns when it answers.
   *
   * @throws MissingProgramException when it is not installed
   */
  public static MemcachedServer start(Path log, Time time) throws InterruptedException {
    var program = Program.need("memcached").file().toString();
    var address = FreePorts.nextOnLoopback();
    var command =
        List.of(
            program,
            "-l",
            address.getAddress().getHostAddress(),
            "-p",
            Integer.toString(address.getPort()),
            "-u",
            System.getProperty("user.name"));
    var server = new MemcachedServer(address, GuardedProcess.start(command, log));
    try {
      long started = time.nanoTime();
      while (!server.answers()) {
        if (!server.process.isAlive() || time.since(started).compareTo(STARTING) > 0) {
          throw new IllegalStateException("memcached does not start:\n" + server.process.log());
        }
        time.sleep(GLANCE);
      }
      return server;
    } catch (RuntimeException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  private boolean answers() {
    try {
      return hits() >= 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** How often it was asked for something that it had. */
  public long hits() throws IOException {
    try (var socket = new Socket()) {
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write("stats\r\n".getBytes(ISO_8859_1));
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("STAT get_hits ")) {
          return Long.parseLong(line.substring("STAT get_hits ".length()));
        }
      }
      throw new IOException("no statistics");
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  public ProcessMeter meter() {
    return new ProcessMeter(
        process
            .program()
            .orElseThrow(() -> new IllegalStateException("memcached has ended"))
            .pid());
  }

  @Override
  public void close() {
    process.close();
  }
}
