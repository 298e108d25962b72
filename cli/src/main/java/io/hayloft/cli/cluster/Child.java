package io.hayloft.cli.cluster;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One daemon of the cluster as a process of its own, so that it can be killed as hard as a machine
 * can die. It runs the classes of this process and writes to a log file.
 *
 * <p>This process holds the child's standard input open and writes nothing to it; the child stops
 * when it closes. So a child ends with this process however this process ends.
 */
final class Child {

  private static final int TAIL_BYTES = 8192;

  /**
   * What to run.
   *
   * @param name as people know it, and the name of its log
   * @param jvm options of its JVM
   * @param arguments of the {@code hayloft} command
   */
  record Order(String name, Path log, List<String> jvm, List<String> arguments) {

    Order {
      jvm = List.copyOf(jvm);
      arguments = List.copyOf(arguments);
    }
  }

  private final Order order;
  private final Process process;

  private Child(Order order, Process process) {
    this.order = order;
    this.process = process;
  }

  static Child start(Order order) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(order.jvm());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.hayloft.cli.Main");
    command.addAll(order.arguments());
    var log = order.log().toFile();
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    withoutSettings(builder);
    try {
      Files.createDirectories(order.log().toAbsolutePath().getParent());
      return new Child(order, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + order.name() + ", log " + log, e);
    }
  }

  /** The settings of the person's shell are for their own daemons, not for this cluster's. */
  private static void withoutSettings(ProcessBuilder builder) {
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("HAYLOFT_") && !name.equals("HAYLOFT_LOG"));
  }

  String name() {
    return order.name();
  }

  File log() {
    return order.log().toFile();
  }

  Process process() {
    return process;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it as a power cut would: it gets no chance to tidy up. */
  void killHard() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks it to stop; returns at once. */
  void askToStop() {
    try {
      process.getOutputStream().close();
    } catch (IOException alreadyGone) {
      process.destroy();
    }
  }

  /** Waits for the end after {@link #askToStop}; what has not ended by then is killed. */
  void awaitEnd(Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  /** The end of its log, for a person who must find out why it is not there. */
  List<String> logTail(int lines) {
    try (var file = new RandomAccessFile(log(), "r")) {
      long from = Math.max(0, file.length() - TAIL_BYTES);
      file.seek(from);
      var bytes = new byte[(int) (file.length() - from)];
      file.readFully(bytes);
      var all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of("(no log: " + e.getMessage() + ")");
    }
  }
}
