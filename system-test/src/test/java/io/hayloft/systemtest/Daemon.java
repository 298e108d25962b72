package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A tracker or storage node as a process of its own, set up by environment variables alone, so that
 * it can be killed, frozen and started again as operators and accidents do it.
 */
final class Daemon implements AutoCloseable {

  private static final Duration STARTING = Duration.ofSeconds(60);
  private static final Duration STOPPING = Duration.ofSeconds(20);
  private static final Pattern READY = Pattern.compile("(?m)^hayloft \\w+ is ready: ");

  private final String name;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final InetSocketAddress address;
  private final Path log;
  private int descriptors;
  private int heapMegabytes = 128;

  /** Where in the log its latest start begins; those before it are in there, too. */
  private long logStart;

  private @Nullable Process process;

  Daemon(
      String name,
      List<String> arguments,
      Map<String, String> environment,
      InetSocketAddress address,
      Path log) {
    this.name = name;
    this.arguments = List.copyOf(arguments);
    this.environment = Map.copyOf(environment);
    this.address = address;
    this.log = log;
  }

  InetSocketAddress address() {
    return address;
  }

  /** From its next start on it may have so many files and connections open. */
  Daemon withDescriptors(int most) {
    descriptors = most;
    return this;
  }

  /** From its next start on its heap may take so much. */
  Daemon withHeap(int megabytes) {
    heapMegabytes = megabytes;
    return this;
  }

  /** Starts it and returns at once. */
  Daemon launch() {
    var command = new ArrayList<String>();
    if (descriptors > 0) {
      command.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh"));
    }
    command.addAll(HayloftJvm.command("-Xmx" + heapMegabytes + "m"));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("HAYLOFT_"));
    builder.environment().putAll(environment);
    try {
      logStart = Files.exists(log) ? Files.size(log) : 0;
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
    return this;
  }

  /**
   * Waits until it says by itself that it is ready, and takes connections: who listens there may be
   * somebody else.
   */
  Daemon awaitListening() {
    Awaitility.await(name + " listening on " + address)
        .atMost(STARTING)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!running().isAlive()) {
                throw new IllegalStateException(name + " ended:\n" + log());
              }
              return saysThatItIsReady() && listens();
            });
    return this;
  }

  private boolean saysThatItIsReady() throws IOException {
    try (var said = Files.newInputStream(log)) {
      said.skipNBytes(logStart);
      return READY.matcher(new String(said.readAllBytes(), UTF_8)).find();
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(address, 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Ends it as a power cut would. */
  void killHard() {
    running().destroyForcibly();
    awaitEnd();
  }

  /** Asks it to stop, as an operator does; its exit code. */
  int stop() {
    running().destroy();
    awaitEnd();
    return running().exitValue();
  }

  /** Asks it to stop and returns at once. */
  void beginToStop() {
    running().destroy();
  }

  ProcessHandle handle() {
    return running().toHandle();
  }

  /** Leaves it alive and deaf: it holds its sockets and answers nothing. */
  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  /** Waits until it has ended by itself; its exit code. */
  int awaitExit() {
    try {
      if (!running().waitFor(STARTING.toSeconds(), TimeUnit.SECONDS)) {
        running().destroyForcibly();
        throw new IllegalStateException(name + " does not end:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return running().exitValue();
  }

  private void signal(String which) {
    try {
      var kill = new ProcessBuilder("kill", "-" + which, Long.toString(running().pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("cannot send " + which + " to " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitEnd() {
    try {
      if (!running().waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
        running().destroyForcibly();
        throw new IllegalStateException(name + " does not end:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long pid() {
    return running().pid();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  /** What it has logged so far. */
  String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (isAlive()) {
      thaw();
      running().destroy();
      awaitEnd();
    }
  }
}
