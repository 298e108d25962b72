package io.hayloft.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.config.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, which can be traced, lied to and killed. */
final class ForkedNode implements AutoCloseable {

  private final Process process;
  private final Address address;

  /**
   * @param errors the file that takes what the process writes to its standard error
   * @param before a command that runs the node's, with its arguments
   */
  ForkedNode(Path docroot, Path errors, List<String> before, Map<String, String> environment)
      throws IOException {
    var command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            NodeProcess.class.getName(),
            docroot.toString()));
    var builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
    var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    var line = out.readLine();
    assertThat(line).describedAs(Files.readString(errors)).isNotNull();
    address = Address.parse(line);
  }

  Address address() {
    return address;
  }

  RawHttp connect() {
    return RawHttp.to(address);
  }

  /** Ends it as a loss of the process would, at whatever it is. */
  void kill() {
    process.destroyForcibly();
    waitFor();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    if (!waitFor()) {
      process.destroyForcibly();
    }
  }

  private boolean waitFor() {
    try {
      return process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
