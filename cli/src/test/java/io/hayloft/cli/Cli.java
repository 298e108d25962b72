package io.hayloft.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Terminal;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGeneratorFactory;

/** Runs command lines in this process, in a world of the test's making. */
public final class Cli {

  /**
   * What came of one command line.
   *
   * @param raw standard output, one char per byte
   */
  public record Result(int exitCode, String raw, String err) {

    public byte[] bytes() {
      return raw.getBytes(ISO_8859_1);
    }

    public String out() {
      return new String(bytes(), UTF_8);
    }
  }

  private final Path home;
  private final Map<String, String> environment;

  public Cli(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = Map.copyOf(environment);
  }

  public Result run(String... arguments) {
    return runWithInput(new byte[0], arguments);
  }

  /** A world that writes nowhere, to look at the commands themselves. */
  Surroundings surroundings() {
    var nowhere = new PrintStream(PrintStream.nullOutputStream(), false, UTF_8);
    return surroundings(
        new Terminal(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, 80),
        Tasks.virtual());
  }

  private Surroundings surroundings(Terminal terminal, Tasks tasks) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    var means = new Surroundings.Means(Time.system(), tasks, random);
    return new Surroundings(terminal, environment, home, means);
  }

  public Result runWithInput(byte[] input, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    try (var tasks = Tasks.virtual()) {
      var terminal =
          new Terminal(
              new ByteArrayInputStream(input),
              new PrintStream(out, false, UTF_8),
              new PrintStream(err, false, UTF_8),
              false,
              80);
      var tree = CommandTree.of(surroundings(terminal, tasks));
      return new Result(tree.run(arguments), out.toString(ISO_8859_1), err.toString(UTF_8));
    }
  }
}
