package io.hayloft.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.bench.measure.ProcessMeter;
import io.hayloft.runtime.time.Time;
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

/** A tracker or storage node in a JVM of its own, started by its command. */
public final class DaemonProcess implements AutoCloseable {

  private static final Duration STARTING = Duration.ofSeconds(60);
  private static final Duration STOPPING = Duration.ofSeconds(20);
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final int CONNECT_MILLIS = 1000;
  private static final Pattern READY = Pattern.compile("(?m)^hayloft \\w+ is ready: ");

  private final String name;
  private final InetSocketAddress address;
  private final Path log;
  private final Process process;

  /** Where in the log its start begins; those before it are in there, too. */
  private final long logStart;

  /**
   * What is started.
   *
   * @param flags of the JVM
   * @param arguments of the command {@code hayloft}
   */
  record Order(
      String name, List<String> flags, List<String> arguments, InetSocketAddress address) {}

  private DaemonProcess(Order order, Path log, long logStart, Process process) {
    this.name = order.name();
    this.address = order.address();
    this.log = log;
    this.logStart = logStart;
    this.process = process;
  }

  /**
   * Starts it and returns at once.
   *
   * @param log where all goes that it says
   */
  static DaemonProcess launch(Order order, Map<String, String> environment, Path log) {
    var program = new ArrayList<String>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(order.flags());
    program.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.hayloft.cli.Main"));
    return launch(program, order, environment, log);
  }

  /**
   * The same with a command of its own, such as {@code bin/hayloft}, which knows flags by itself.
   */
  static DaemonProcess launch(
      List<String> program, Order order, Map<String, String> environment, Path log) {
    var command = new ArrayList<>(program);
    command.addAll(order.arguments());
    // It ends when this process does, whatever becomes of it.
    command.add("--until-input-ends");
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("HAYLOFT_"));
    builder.environment().putAll(environment);
    try {
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      return new DaemonProcess(order, log, logStart, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + order.name(), e);
    }
  }

  /**
   * Waits until it says by itself that it is ready, and takes connections: who listens there may be
   * somebody else.
   */
  public void awaitListening(Time time) throws InterruptedException {
    long started = time.nanoTime();
    while (!(saysThatItIsReady() && listens())) {
      if (!process.isAlive() || time.since(started).compareTo(STARTING) > 0) {
        throw new IllegalStateException(name + " does not listen on " + address + ":\n" + log());
      }
      time.sleep(GLANCE);
    }
  }

  private boolean saysThatItIsReady() {
    try (var said = Files.newInputStream(log)) {
      said.skipNBytes(logStart);
      return READY.matcher(new String(said.readAllBytes(), UTF_8)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(address, CONNECT_MILLIS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  public ProcessMeter meter() {
    return new ProcessMeter(process.pid());
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it as a power cut would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Leaves it alive and deaf: it holds its sockets and answers nothing. */
  public void freeze() throws InterruptedException {
    signal("STOP");
  }

  public void thaw() throws InterruptedException {
    signal("CONT");
  }

  private void signal(String which) throws InterruptedException {
    try {
      var kill = new ProcessBuilder("kill", "-" + which, Long.toString(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("cannot send " + which + " to " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has said so far. */
  public String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        thaw();
        process.destroy();
        if (!process.waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
          kill();
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
