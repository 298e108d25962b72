package io.hayloft.tracker.store.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.embedded.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A memcached of a test's own on the loopback interface. The test is skipped where there is none.
 */
public final class MemcachedServer implements AutoCloseable {

  private static final Path BINARY = Path.of("/usr/bin/memcached");

  private final int port;
  private Process process;

  private MemcachedServer(int port) {
    this.port = port;
    this.process = launch();
  }

  public static MemcachedServer start() {
    assumeTrue(Files.isExecutable(BINARY), "memcached is not installed (" + BINARY + ")");
    return new MemcachedServer(FreePorts.next());
  }

  private Process launch() {
    try {
      var launched =
          new ProcessBuilder(
                  List.of(
                      BINARY.toString(),
                      "-l",
                      "127.0.0.1",
                      "-p",
                      String.valueOf(port),
                      "-m",
                      "16",
                      "-t",
                      "1",
                      "-u",
                      System.getProperty("user.name")))
              .inheritIO()
              .start();
      await().until(this::isListening);
      return launched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isListening() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** As in the setting memcache_servers. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** It holds its connections and answers nothing. */
  public void hang() {
    signal("STOP");
  }

  public void goOn() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
      assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(kill.exitValue()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** It loses all that it has, as for want of memory. */
  public void forgetAll() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("flush_all\r\n".getBytes(US_ASCII));
      assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("OK\r\n".getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void stop() {
    process.destroyForcibly();
    try {
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** With nothing in it. */
  public void startAgain() {
    process = launch();
  }

  @Override
  public void close() {
    stop();
  }
}
