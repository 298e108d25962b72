package io.hayloft.bench.load;

import io.hayloft.bench.server.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The load generator {@code wrk}, with one thread: a process of its own, whose processor time is
 * nobody's. It takes about as much of the machine as the server that it asks.
 */
public final class Wrk {

  /** The longest that a request may take. */
  private static final String PATIENCE = "30s";

  private final Program program;
  private final Path script;

  /**
   * @param place a directory for its script
   */
  public Wrk(Path place) {
    this.program = Program.need("wrk");
    this.script = place.resolve("load.lua");
    try (var source = Wrk.class.getResourceAsStream("load.lua")) {
      if (source == null) {
        throw new IllegalStateException("the script is not in the class path");
      }
      Files.write(script, source.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks; returns when the time is over. */
  public LoadResult run(Load load) throws InterruptedException {
    try {
      var process = new ProcessBuilder(command(load)).redirectErrorStream(true).start();
      try {
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new IllegalStateException("wrk failed:\n" + output);
        }
        return LoadResult.parse(output);
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("wrk cannot be run", e);
    }
  }

  private List<String> command(Load load) {
    var command = new ArrayList<String>();
    command.add(program.file().toString());
    command.addAll(List.of("-t", "1", "-c", Integer.toString(load.connections())));
    command.addAll(List.of("-d", load.seconds() + "s", "--timeout", PATIENCE));
    command.addAll(List.of("-s", script.toString(), url(load.server()), "--"));
    command.addAll(load.arguments());
    return command;
  }

  private static String url(InetSocketAddress address) {
    return "http://%s:%d/".formatted(address.getAddress().getHostAddress(), address.getPort());
  }
}
