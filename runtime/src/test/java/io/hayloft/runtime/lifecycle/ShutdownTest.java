package io.hayloft.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.time.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShutdownTest {

  private final List<Process> children = new ArrayList<>();

  @AfterEach
  void end() {
    children.forEach(Process::destroyForcibly);
  }

  /** A daemon: says when it runs, and closes one part when it ends. */
  static final class Daemon {

    public static void main(String[] args) throws Exception {
      var lifecycle = new Lifecycle(Time.system(), Duration.ofSeconds(10));
      var shutdown = new Shutdown(lifecycle);
      shutdown.onSignals();
      lifecycle.add("part", () -> close(args[0]));
      if (args[0].equals("fails to start")) {
        throw new IOException("on purpose");
      }
      shutdown.whenEnds(System.in);
      System.out.println("running");
      System.exit(shutdown.await());
    }

    private static void close(String how) throws IOException {
      System.out.println("closed");
      if (how.equals("fails to close")) {
        throw new IOException("on purpose");
      }
    }
  }

  private Process daemon(String how) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var process =
        new ProcessBuilder(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Daemon.class.getName(),
                how)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    children.add(process);
    return process;
  }

  private static void awaitRunning(BufferedReader output) throws IOException {
    assertThat(output.readLine()).isEqualTo("running");
  }

  /** Sends SIGTERM; the method of the process itself would also close the streams. */
  private static void terminate(Process process) {
    assertThat(process.toHandle().destroy()).isTrue();
  }

  private static String rest(BufferedReader output) {
    return output.lines().collect(Collectors.joining("\n"));
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void aSignalClosesThePartsAndTheExitCodeIsZero() throws Exception {
    var process = daemon("well");
    var output = process.inputReader();
    awaitRunning(output);

    terminate(process);

    assertThat(exitCode(process)).isZero();
    assertThat(rest(output)).contains("closed");
  }

  @Test
  void theEndOfStandardInputClosesThePartsToo() throws Exception {
    var process = daemon("well");
    var output = process.inputReader();
    awaitRunning(output);

    process.outputWriter().close();

    assertThat(exitCode(process)).isZero();
    assertThat(rest(output)).contains("closed");
  }

  @Test
  void aPartThatFailsToCloseShowsInTheExitCode() throws Exception {
    var process = daemon("fails to close");
    awaitRunning(process.inputReader());

    terminate(process);

    assertThat(exitCode(process)).isEqualTo(1);
  }

  @Test
  void aProcessThatDoesNotStartDoesNotEndWithZero() throws Exception {
    var process = daemon("fails to start");

    assertThat(exitCode(process)).isEqualTo(1);
    assertThat(rest(process.inputReader())).contains("closed");
  }

  @Test
  void whoeverAsksThePartsAreClosedOnce() throws Exception {
    var closed = new AtomicInteger();
    var halted = new AtomicInteger(-1);
    var lifecycle = new Lifecycle(Time.system(), Duration.ofSeconds(10));
    lifecycle.add("part", closed::incrementAndGet);
    var shutdown = new Shutdown(lifecycle, halted::set);

    shutdown.request("a test");
    shutdown.request("impatience");
    assertThat(shutdown.await()).isZero();
    shutdown.hook();

    assertThat(closed).hasValue(1);
    assertThat(halted).hasValue(-1);
  }
}
