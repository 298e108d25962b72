package io.hayloft.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program that is not ours, and ends when this process does, whatever becomes of it. */
final class GuardedProcess implements AutoCloseable {

  private static final Duration STOPPING = Duration.ofSeconds(10);

  /** When this process ends, so does the shell's input. */
  private static final String WHILE_INPUT_LASTS = "\"$@\" & read -r _; kill $! && wait $!";

  private final Process shell;
  private final Path log;

  private GuardedProcess(Process shell, Path log) {
    this.shell = shell;
    this.log = log;
  }

  /**
   * Starts it and returns at once.
   *
   * @param log where all goes that it says
   */
  static GuardedProcess start(List<String> command, Path log) {
    var builder = new ProcessBuilder("sh", "-c", WHILE_INPUT_LASTS, "sh");
    builder.command().addAll(command);
    try {
      var shell = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      return new GuardedProcess(shell, log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.getFirst(), e);
    }
  }

  boolean isAlive() {
    return shell.isAlive();
  }

  /** The program, once the shell has started it. */
  Optional<ProcessHandle> program() {
    return shell.children().findAny();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
