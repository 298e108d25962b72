package io.hayloft.cli.demo;

import io.hayloft.cli.cluster.DevCluster;
import io.hayloft.cli.cluster.Layout;
import io.hayloft.cli.console.Amounts;
import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.demo.Store.Stored;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.client.ClassDefinition;
import io.hayloft.client.DeviceState;
import io.hayloft.client.Hayloft;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftException;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The demonstration itself, on a cluster that it starts. Each step is measured; a file that does
 * not come back as it was is a failure of the whole.
 */
final class Demo {

  static final String ORIGINAL = "original";
  static final String THUMB = "thumb";

  private static final String DOMAIN = "demo";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Surroundings surroundings;
  private final OutputOptions output;
  private final DevCluster cluster;
  private final Lanes lanes;
  private final Report report = new Report();
  private final Failures failures = new Failures();

  Demo(Surroundings surroundings, OutputOptions output, DevCluster cluster, int parallel) {
    this.surroundings = surroundings;
    this.output = output;
    this.cluster = cluster;
    this.lanes = new Lanes(surroundings.tasks(), parallel);
  }

  Report report() {
    return report;
  }

  Failures failures() {
    return failures;
  }

  void run(SourceFiles sources) throws IOException, InterruptedException {
    start();
    try (var admin = cluster.admin();
        var client =
            Hayloft.builder().trackers(cluster.layout().tracker()).domain(DOMAIN).build()) {
      admin.createDomain(DOMAIN);
      admin.createClass(DOMAIN, ClassDefinition.of(ORIGINAL, Copies.WANTED));
      admin.createClass(DOMAIN, ClassDefinition.of(THUMB, Copies.WANTED));
      var stored = store(client, sources);
      awaitCopies(admin, stored);
      read(client, stored, "read back");
      int victim = cluster.layout().nodes();
      kill(victim);
      read(client, stored, "read again");
      heal(admin, client, stored, victim);
    }
  }

  private void start() throws IOException, InterruptedException {
    output.note(surroundings, "starting a database, a tracker and three storage nodes...");
    long started = surroundings.time().nanoTime();
    cluster.start();
    var layout = cluster.layout();
    report.add(
        new Report.Step(
            "start",
            surroundings.time().since(started),
            0,
            0,
            "1 database, 1 tracker, %d nodes, %d devices"
                .formatted(layout.nodes(), layout.nodes() * layout.devicesPerNode())));
  }

  private Progress bar(String title, long files, long bytes) {
    return output.progress(surroundings, new Progress.Goal(title, "files", files, bytes));
  }

  private List<Stored> store(Hayloft client, SourceFiles sources) throws InterruptedException {
    try (var bar = bar("storing", sources.items().size(), sources.bytes())) {
      var stored = new Store(client, lanes, failures).all(sources.items(), bar);
      var result = "each acknowledged when its bytes were on a disk";
      report.add(new Report.Step("store", bar.elapsed(), stored.size(), bar.bytes(), result));
      return stored;
    }
  }

  private void awaitCopies(HayloftAdmin admin, List<Stored> stored)
      throws HayloftException, InterruptedException {
    try (var bar = bar("copying", stored.size(), 0)) {
      long lacking =
          new Copies(surroundings.time(), lanes, PATIENCE).awaitCounted(admin, stored.size(), bar);
      if (lacking > 0) {
        failures.add(Amounts.count(lacking, "file") + " did not get a second copy in time");
      }
      report.add(
          new Report.Step(
              "second copies",
              bar.elapsed(),
              stored.size() - lacking,
              0,
              lacking == 0 ? "every file has 2 copies" : lacking + " files lack copies"));
    }
  }

  private void read(Hayloft client, List<Stored> stored, String name) throws InterruptedException {
    long bytes = stored.stream().mapToLong(each -> each.item().size()).sum();
    long before = failures.count();
    try (var bar = bar(name, stored.size(), bytes)) {
      new ReadBack(client, lanes, failures).all(stored, bar);
      long failed = failures.count() - before;
      report.add(
          new Report.Step(
              name,
              bar.elapsed(),
              bar.items(),
              bar.bytes(),
              failed == 0 ? "every byte matched" : Amounts.count(failed, "file") + " FAILED"));
    }
  }

  private void kill(int node) throws InterruptedException {
    output.note(surroundings, "killing " + Layout.hostName(node) + " (as kill -9 does)");
    long started = surroundings.time().nanoTime();
    cluster.killNode(node);
    report.add(
        new Report.Step(
            "kill " + Layout.hostName(node),
            surroundings.time().since(started),
            0,
            0,
            "its devices " + names(node) + " are gone"));
  }

  private String names(int node) {
    return cluster.layout().devices(node).stream()
        .map(device -> "dev" + device)
        .collect(Collectors.joining(" and "));
  }

  private void heal(HayloftAdmin admin, Hayloft client, List<Stored> stored, int node)
      throws HayloftException, InterruptedException {
    output.note(surroundings, "marking %s dead".formatted(names(node)));
    var dead =
        cluster.layout().devices(node).stream().map(DeviceId::new).collect(Collectors.toSet());
    try (var bar = bar("healing", stored.size(), 0)) {
      for (var device : dead) {
        admin.setState(Layout.hostName(node), device, DeviceState.DEAD);
      }
      var healing =
          new Copies(surroundings.time(), lanes, PATIENCE).awaitHealed(client, stored, dead, bar);
      if (healing.lacking() > 0) {
        failures.add(Amounts.count(healing.lacking(), "file") + " did not heal in time");
      }
      report.add(
          new Report.Step(
              "heal",
              bar.elapsed(),
              healing.affected() - healing.lacking(),
              0,
              healing.lacking() == 0
                  ? "every file has 2 copies again, none on a dead device"
                  : healing.lacking() + " files lack copies"));
    }
  }
}
