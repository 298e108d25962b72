package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.DeviceState;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Devices: the disks of the hosts. */
@Command(
    name = "device",
    description = {
      "List, sum up, add, mark or modify devices, the disks of the hosts.",
      "",
      "  hayloft device list",
      "  hayloft device add box7 dev12",
      "  hayloft device mark box7 dev12 dead      its copies are made again elsewhere",
      "  hayloft device drain box7 dev12 --wait   its files are moved to other devices",
      ""
    })
final class DeviceCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  DeviceCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  @Command(name = "list", description = "List devices by host, the dead ones only with --all.")
  void list(
      @Option(names = "--all", description = "Dead devices too.") boolean all,
      @Option(names = "--hostname", paramLabel = "HOST", description = "Only this host's.")
          @Nullable String hostname,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      new DeviceLists(surroundings.terminal(), Registry.of(admin))
          .list(all, hostname, options.json());
    }
  }

  @Command(name = "summary", description = "Sum up space by host.")
  void summary(
      @Option(
              names = "--status",
              paramLabel = "STATUS,...",
              split = ",",
              defaultValue = "alive,readonly,drain",
              description = "Which devices count; default ${DEFAULT-VALUE}.")
          List<String> states,
      @Option(names = "--hostname", paramLabel = "HOST", description = "Only this host.")
          @Nullable String hostname,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      new DeviceLists(surroundings.terminal(), Registry.of(admin))
          .summary(Set.copyOf(states), hostname, options.json());
    }
  }

  @Command(name = "add", description = "Add a device to a host.")
  void add(
      @Parameters(paramLabel = "HOST", description = "The host.") String host,
      @Parameters(paramLabel = "DEVICE", description = "A number never used before, as in dev12.")
          String device,
      @Option(
              names = {"--status", "--state"},
              paramLabel = "STATUS",
              defaultValue = "alive",
              description = "alive or down; default ${DEFAULT-VALUE}.")
          String status,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      admin.createDevice(Registry.device(device), host, state(status));
      options.done(surroundings, Json.object("hostname", host, "device", device));
    }
  }

  @Command(
      name = "mark",
      description = {
        "Say how a device is: alive, readonly, drain, down or dead.",
        "",
        "  readonly  no new files          drain  no new files, and deletes are still carried out",
        "  down      back soon             dead   lost: its copies are made again elsewhere, and",
        "                                         the number is never used again",
        ""
      })
  void mark(
      @Parameters(paramLabel = "HOST", description = "The host.") String host,
      @Parameters(paramLabel = "DEVICE", description = "As in dev12.") String device,
      @Parameters(paramLabel = "STATUS", description = "The new state.") String status,
      @Mixin AdminOptions options)
      throws IOException {
    var id = Registry.device(device);
    var state = state(status);
    try (var admin = options.open(surroundings)) {
      Registry.of(admin).requireOn(host, id, "mark", status);
      admin.setState(host, id, state);
      if (state == DeviceState.DRAIN) {
        options
            .output()
            .note(
                surroundings,
                "note: drain keeps new files away and moves none;"
                    + " to empty the device: hayloft device drain");
      }
      options.done(
          surroundings, Json.object("hostname", host, "devid", id.value(), "status", status));
    }
  }

  @Command(
      name = "drain",
      description = {
        "Empty a device: no new files, and those that it has are moved to other devices.",
        "",
        "  hayloft device drain box7 dev12 --dry-run",
        "  hayloft device drain box7 dev12 --rate 50M --wait",
        "  hayloft device drain box7 dev12 --stop     it becomes what it was before",
        "",
        "It goes on in the background until the device is empty. Files that cannot be moved are",
        "shown with their reason by status, and tried again.",
        ""
      })
  void drain(
      @Parameters(paramLabel = "HOST", description = "The host.") String host,
      @Parameters(paramLabel = "DEVICE", description = "As in dev12.") String device,
      @Option(
              names = "--rate",
              paramLabel = "BYTES",
              description = "At most so many bytes a second, as in 50M; no limit by default.")
          @Nullable String rate,
      @Option(names = "--dry-run", description = "Show what would be moved, and move nothing.")
          boolean dryRun,
      @Option(names = "--wait", description = "Show the progress until it is empty.") boolean wait,
      @Option(names = "--stop", description = "Stop emptying it, and make it what it was.")
          boolean stop,
      @Mixin AdminOptions options)
      throws IOException, InterruptedException {
    var id = Registry.device(device);
    try (var admin = options.open(surroundings)) {
      Registry.of(admin).requireOn(host, id, "drain", "");
      var jobs = new MoveJobs(surroundings, options);
      if (stop) {
        jobs.tell(
            admin, "hayloft_move_stop", jobs.job(admin, null, job -> job.empties(id.value())));
        return;
      }
      var arguments = new LinkedHashMap<String, String>();
      arguments.put("kind", "drain");
      arguments.put("host", host);
      arguments.put("device", Integer.toString(id.value()));
      if (rate != null) {
        arguments.put("rate", MoveJobs.rate(rate));
      }
      if (dryRun) {
        jobs.plan(admin, arguments);
      } else {
        jobs.start(admin, arguments, wait);
      }
    }
  }

  @Command(name = "modify", description = "Change a device's state or weight.")
  void modify(
      @Parameters(paramLabel = "HOST", description = "The host.") String host,
      @Parameters(paramLabel = "DEVICE", description = "As in dev12.") String device,
      @Option(
              names = {"--status", "--state"},
              paramLabel = "STATUS",
              description = "The new state.")
          @Nullable String status,
      @Option(
              names = "--weight",
              paramLabel = "N",
              description = "How readily it is read from; 100 is usual.")
          @Nullable Integer weight,
      @Mixin AdminOptions options)
      throws IOException {
    if (status == null && weight == null) {
      throw new Refusal(ExitCode.USAGE, "say what to change: --status or --weight");
    }
    var id = Registry.device(device);
    try (var admin = options.open(surroundings)) {
      Registry.of(admin).requireOn(host, id, "modify", "...");
      if (status != null) {
        admin.setState(host, id, state(status));
      }
      if (weight != null) {
        admin.setWeight(host, id, weight);
      }
      options.done(surroundings, Json.object("hostname", host, "devid", id.value()));
    }
  }

  @Command(name = "next", description = "Print a device number that was never used.")
  void next(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      int next = admin.nextDevice().value();
      surroundings
          .terminal()
          .line(options.json() ? Json.text(Json.object("devid", next)) : Integer.toString(next));
    }
  }

  private static DeviceState state(String word) {
    return DeviceState.named(word)
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.USAGE,
                    "a device is alive, readonly, drain, down or dead, not " + word));
  }
}
