package io.hayloft.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The {@code hayloft} command as a process of its own, on this test's classes. */
final class HayloftProcess implements AutoCloseable {

  private static final Duration STARTING = Duration.ofMinutes(3);

  private final Process process;
  private final Path out;
  private final Path err;

  private HayloftProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * It gets a directory for temporary files of its own: an embedded database deletes its data when
   * they lie below that directory, and a checkout may lie below the system's.
   *
   * @param place of what it writes
   */
  static HayloftProcess start(Path place, String... arguments) {
    var temporary = place.resolve("tmp");
    var command = new ArrayList<>(HayloftJvm.command("-Xmx256m", "-Djava.io.tmpdir=" + temporary));
    command.addAll(List.of(arguments));
    try {
      Files.createDirectories(temporary);
      var out = Files.createTempFile(place, "out", "");
      var err = Files.createTempFile(place, "err", "");
      var builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("HAYLOFT_"));
      return new HayloftProcess(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** All processes that it started, and those started. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  int awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + limit + ":\n" + out() + err());
    }
    return process.exitValue();
  }

  /** Its first line on standard output. */
  String awaitLine() {
    Awaitility.await("the first line of " + process.info().commandLine())
        .atMost(STARTING)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("it ended:\n" + out() + err());
              }
              return out().contains("\n");
            });
    return out().lines().findFirst().orElseThrow();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
