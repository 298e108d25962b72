package io.hayloft.cli.demo;

import io.hayloft.cli.cluster.DevCluster;
import io.hayloft.cli.cluster.Layout;
import io.hayloft.cli.cluster.Ports;
import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.runtime.lifecycle.Lifecycle;
import io.hayloft.runtime.lifecycle.Shutdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows in a minute what this is: a whole cluster, real files, a node killed, nothing lost. */
@Command(
    name = "demo",
    description = {
      "Show it all in a minute: a scratch cluster, your files, a node killed, nothing lost.",
      "",
      "Starts an embedded MariaDB, a tracker and three storage nodes with two devices each; stores",
      "every file below DIR (without DIR: a few photos made on the spot); waits until each has two",
      "copies; reads all back and compares SHA-256; kills a node and reads again; marks its"
          + " devices",
      "dead and waits until all copies are made again. The exit code is 0 only if every byte",
      "matched. DIR is only read; the scratch cluster is removed.",
      "",
      "  hayloft demo",
      "  hayloft demo ~/Pictures",
      ""
    },
    sortOptions = false)
public final class DemoCommand implements Callable<Integer> {

  private static final Duration STOPPING = Duration.ofMinutes(1);

  /** From so many files on, it pays that the daemons' code is compiled well. */
  private static final int MANY = 10_000;

  private final Surroundings surroundings;

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "The files to store.")
  private Optional<Path> directory = Optional.empty();

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Where the scratch cluster goes; default ~/.cache/hayloft.")
  private Optional<Path> scratch = Optional.empty();

  @Option(names = "--keep", description = "Do not remove the scratch cluster's files.")
  private boolean keep;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Store and read so many files at a time; default ${DEFAULT-VALUE}.")
  private int parallel = 16;

  @Mixin private OutputOptions output = new OutputOptions();

  public DemoCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    if (parallel < 1 || parallel > 256) {
      throw new Refusal(ExitCode.USAGE, "--parallel is 1 to 256, not " + parallel);
    }
    if (directory.isPresent() && !Files.isDirectory(directory.get())) {
      throw new Refusal(ExitCode.NOT_FOUND, "there is no directory " + directory.get());
    }
    var place = Files.createDirectories(scratch.orElseGet(surroundings::cache));
    var root = Files.createTempDirectory(place.toAbsolutePath(), "demo-");
    var lifecycle = new Lifecycle(surroundings.time(), STOPPING);
    var shutdown = new Shutdown(lifecycle);
    if (!keep) {
      lifecycle.add("scratch files", () -> Scratch.remove(root));
    }
    shutdown.onSignals();
    return run(root, lifecycle, shutdown);
  }

  private int run(Path root, Lifecycle lifecycle, Shutdown shutdown) throws Exception {
    long started = surroundings.time().nanoTime();
    Demo demo;
    try {
      var sources = sources(root);
      var layout = Layout.usual(root.resolve("cluster"), Ports.free());
      var life = sources.items().size() < MANY ? DevCluster.Life.SHORT : DevCluster.Life.LONG;
      var cluster = lifecycle.add("cluster", DevCluster.of(layout, life, surroundings));
      demo = new Demo(surroundings, output, cluster, parallel);
      demo.run(sources);
    } catch (Exception e) {
      if (lifecycle.isClosing()) {
        // Ctrl-C: what failed was being stopped, and the shutdown ends the process.
        return ExitCode.INTERRUPTED.number();
      }
      shutdown.request("a failure");
      shutdown.await();
      throw e;
    }
    shutdown.request("the end of the demonstration");
    int closed = shutdown.await();
    show(demo, surroundings.time().since(started), root);
    boolean ok = demo.failures().count() == 0 && closed == 0;
    return ok ? ExitCode.OK.number() : ExitCode.FAILED.number();
  }

  private SourceFiles sources(Path root) throws IOException {
    var from = directory.orElse(root.resolve("made"));
    if (directory.isEmpty()) {
      new PhotoMaker(surroundings.random()).makeBelow(from);
    }
    var sources = SourceFiles.below(from);
    if (sources.items().isEmpty()) {
      throw new Refusal(ExitCode.NOT_FOUND, "there is no file to read below %s".formatted(from));
    }
    output.note(
        surroundings,
        "%s, %s, below %s%s"
            .formatted(
                Amounts.count(sources.items().size(), "file"),
                Amounts.bytes((double) sources.bytes()),
                from,
                sources.skipped() == 0
                    ? ""
                    : "; left out: %s (links, special files, not readable)"
                        .formatted(Amounts.count(sources.skipped()))));
    return sources;
  }

  private void show(Demo demo, Duration took, Path root) {
    var terminal = surroundings.terminal();
    boolean ok = demo.failures().count() == 0;
    if (output.json()) {
      var result = demo.report().json(ok);
      result.put("failures", demo.failures().first());
      result.put("seconds", took.toMillis() / 1000.0);
      terminal.line(Json.text(result));
      return;
    }
    terminal.line("");
    demo.report().lines().forEach(terminal::line);
    terminal.line("");
    demo.failures().first().forEach(failure -> terminal.line("FAILED: " + failure));
    terminal.line(
        ok
            ? "Every byte matched, with a node lost on the way. %s in all."
                .formatted(Amounts.time(took))
            : Amounts.count(demo.failures().count(), "failure") + ".");
    if (keep) {
      terminal.line("The cluster's files are in " + root);
    }
  }
}
