package io.hayloft.cli.cluster;

import static java.util.stream.Collectors.joining;

import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.client.ClassDefinition;
import io.hayloft.client.HayloftException;
import io.hayloft.embedded.EmbeddedDatabase;
import io.hayloft.runtime.lifecycle.Lifecycle;
import io.hayloft.runtime.lifecycle.Shutdown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a cluster on this machine and leaves it running. */
@Command(
    name = "dev",
    description = {
      "Start a cluster on this machine and leave it running; Ctrl-C stops it.",
      "",
      "An embedded MariaDB, one tracker and three storage nodes with two devices each, on",
      "127.0.0.1 to 127.0.0.3. Data are kept between runs. Its domain is \"photos\", which put,"
          + " get",
      "and ls use by themselves.",
      ""
    },
    sortOptions = false)
public final class DevCommand implements Callable<Integer> {

  private static final Duration STOPPING = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final String DOMAIN = "photos";

  private final Surroundings surroundings;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where to keep everything; default ~/.local/share/hayloft/dev.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--free-ports",
      description = "Use any ports instead of 7001, 7080, 7500 and 7501.")
  private boolean freePorts;

  @Option(
      names = "--until-input-ends",
      description = "Stop when standard input ends: for programs that start this.")
  private boolean untilInputEnds;

  @Mixin private OutputOptions output = new OutputOptions();

  public DevCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    var directory = data.orElseGet(() -> surroundings.data().resolve("dev")).toAbsolutePath();
    var ports = freePorts ? Ports.free() : Ports.USUAL;
    var lifecycle = new Lifecycle(surroundings.time(), STOPPING);
    var shutdown = new Shutdown(lifecycle);
    Files.createDirectories(directory);
    lifecycle.add("claim on " + directory, DirectoryClaim.of(directory));
    var cluster =
        DevCluster.of(
            Layout.usual(directory.normalize(), ports), DevCluster.Life.LONG, surroundings);
    lifecycle.add("cluster", cluster);
    shutdown.onSignals();
    if (untilInputEnds) {
      shutdown.whenEnds(surroundings.terminal().in());
    }
    return run(cluster, lifecycle, shutdown);
  }

  private int run(DevCluster cluster, Lifecycle lifecycle, Shutdown shutdown) throws Exception {
    try {
      output.note(surroundings, "starting a database, a tracker and three storage nodes...");
      long started = surroundings.time().nanoTime();
      cluster.start();
      makeDomain(cluster);
      show(cluster, surroundings.time().since(started));
    } catch (Exception e) {
      if (lifecycle.isClosing()) {
        return ExitCode.INTERRUPTED.number(); // Ctrl-C: what failed was being stopped
      }
      shutdown.request("a failed start");
      shutdown.await();
      throw e;
    }
    surroundings.tasks().start("look after the children", () -> reportEnds(cluster, lifecycle));
    int code = shutdown.await();
    output.note(surroundings, "stopped; the data are in " + cluster.layout().directory());
    return code;
  }

  private static void makeDomain(DevCluster cluster) throws HayloftException {
    try (var admin = cluster.admin()) {
      if (admin.domains().isEmpty()) {
        admin.createDomain(DOMAIN);
        admin.createClass(DOMAIN, ClassDefinition.of("original", 2).hashtype("MD5"));
        admin.createClass(DOMAIN, ClassDefinition.of("thumb", 2));
      }
    }
  }

  /** A node that somebody kills on purpose stays dead, but not unnoticed. */
  private void reportEnds(DevCluster cluster, Lifecycle lifecycle) throws InterruptedException {
    var known = new HashSet<String>();
    while (!lifecycle.isClosing()) {
      for (var end : cluster.ended()) {
        if (known.add(end) && !lifecycle.isClosing()) {
          surroundings.terminal().note(end + ". To start it again, stop hayloft dev and start it");
        }
      }
      surroundings.time().sleep(LOOK);
    }
  }

  private void show(DevCluster cluster, Duration took) throws InterruptedException {
    var layout = cluster.layout();
    if (output.json()) {
      surroundings
          .terminal()
          .announce(
              Json.text(
                  Json.object(
                      "tracker", layout.tracker(),
                      "ops", layout.ops(),
                      "nodes", layout.nodeNumbers().stream().map(layout::node).toList(),
                      "database", cluster.databaseUrl(),
                      "directory", layout.directory().toString())));
      return;
    }
    lines(cluster, took).forEach(surroundings.terminal()::line);
    surroundings.terminal().flush();
  }

  private List<String> lines(DevCluster cluster, Duration took) throws InterruptedException {
    var layout = cluster.layout();
    var command = System.getProperty("hayloft.command", "hayloft");
    var trackers = layout.ports().equals(Ports.USUAL) ? "" : " --trackers " + layout.tracker();
    var lines = new ArrayList<String>();
    lines.add("The cluster is running (%s). Ctrl-C stops it.".formatted(Amounts.time(took)));
    lines.add("");
    lines.add("  tracker   " + layout.tracker());
    lines.add("  pages     " + layout.ops() + " (/ready, /metrics)");
    for (int node : layout.nodeNumbers()) {
      lines.add(
          "  %-9s %s (%s)"
              .formatted(
                  Layout.hostName(node),
                  layout.node(node),
                  layout.devices(node).stream().map(each -> "dev" + each).collect(joining(", "))));
    }
    lines.add(
        "  database  %s (user %s, password %s)"
            .formatted(cluster.databaseUrl(), EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD));
    lines.add("  data      " + layout.directory());
    lines.add("");
    lines.add("Try next, in another shell:");
    lines.add("  " + command + " put photo.jpg" + trackers);
    lines.add("  " + command + " ls -l" + trackers);
    lines.add("  " + command + " check" + trackers);
    return lines;
  }
}
