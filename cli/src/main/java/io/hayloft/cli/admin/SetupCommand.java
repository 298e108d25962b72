package io.hayloft.cli.admin;

import io.hayloft.cli.admin.SetupOrder.ClassOrder;
import io.hayloft.cli.admin.SetupOrder.NodeOrder;
import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.ClassDefinition;
import io.hayloft.client.DeviceState;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftException;
import io.hayloft.client.HostChange;
import io.hayloft.client.HostState;
import io.hayloft.protocol.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Registers the hosts, devices, domains and classes of a new installation in one go. What is there
 * already stays as it is, so it may run again, as scripts and containers do.
 */
@Command(
    name = "setup",
    description = {
      "Register hosts, devices, domains and classes of a new installation.",
      "What is there already stays as it is: running it again does no harm.",
      "",
      "  hayloft setup --hosts 'store1=10.0.0.11:7500=1,2 store2=10.0.0.12:7500=3,4' \\",
      "                --classes 'photos/original=2 photos/thumbnail=2'",
      ""
    })
final class SetupCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private AdminOptions options = new AdminOptions();

  @Option(
      names = "--hosts",
      paramLabel = "NAME=IP[:PORT]=DEV,...",
      description = "Hosts with their devices, separated by blanks; default $HAYLOFT_SETUP_HOSTS.")
  private Optional<String> hosts = Optional.empty();

  @Option(
      names = "--classes",
      paramLabel = "DOMAIN[/CLASS=COPIES]",
      description = "Domains and classes, separated by blanks; default $HAYLOFT_SETUP_CLASSES.")
  private Optional<String> classes = Optional.empty();

  SetupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    var order =
        SetupOrder.parse(
            hosts.or(() -> surroundings.variable("HAYLOFT_SETUP_HOSTS")).orElse(""),
            classes.or(() -> surroundings.variable("HAYLOFT_SETUP_CLASSES")).orElse(""));
    if (order.nodes().isEmpty() && order.classes().isEmpty()) {
      throw new Refusal(ExitCode.USAGE, "nothing to set up: give --hosts, --classes or both");
    }
    int added = 0;
    try (var admin = options.open(surroundings)) {
      for (var node : order.nodes()) {
        added += add(admin, node);
      }
      for (var each : order.classes()) {
        added += add(admin, each);
      }
    }
    options.done(surroundings, Json.object("added", added));
    return ExitCode.OK.number();
  }

  private static int add(HayloftAdmin admin, NodeOrder node) throws HayloftException {
    var host = HostChange.of(node.host()).ip(node.ip()).port(node.port()).state(HostState.ALIVE);
    int added = added(ErrorCode.HOST_EXISTS, () -> admin.createHost(host));
    for (var device : node.devices()) {
      added +=
          added(
              ErrorCode.EXISTING_DEVID,
              () -> admin.createDevice(device, node.host(), DeviceState.ALIVE));
    }
    return added;
  }

  private static int add(HayloftAdmin admin, ClassOrder order) throws HayloftException {
    int added = added(ErrorCode.DOMAIN_EXISTS, () -> admin.createDomain(order.domain()));
    if (!order.name().isEmpty()) {
      var definition = ClassDefinition.of(order.name(), order.mindevcount());
      added += added(ErrorCode.CLASS_EXISTS, () -> admin.createClass(order.domain(), definition));
    }
    return added;
  }

  private interface Addition {
    void run() throws HayloftException;
  }

  /** 1 when it was added, 0 when the tracker says with that word that it was there. */
  private static int added(ErrorCode there, Addition addition) throws HayloftException {
    try {
      addition.run();
      return 1;
    } catch (HayloftException e) {
      if (e.errorCode().filter(code -> code == there).isPresent()) {
        return 0;
      }
      throw e;
    }
  }
}
