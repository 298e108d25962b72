package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.DeviceState;
import java.io.IOException;
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
                    + " to empty the device: hayloft rebalance");
      }
      options.done(
          surroundings, Json.object("hostname", host, "devid", id.value(), "status", status));
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
