package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.DeviceInfo;
import io.hayloft.client.DeviceState;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HostChange;
import io.hayloft.client.HostInfo;
import io.hayloft.client.HostState;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Hosts: the machines with the disks. */
@Command(
    name = "host",
    description = {
      "List, add, modify, mark or delete storage hosts.",
      "",
      "  hayloft host add box7 --ip 10.0.0.7 --status alive",
      "  hayloft host mark box7 down                back soon, with its disks",
      "  hayloft host mark box7 dead --devices      lost: its copies are made again elsewhere",
      ""
    })
final class HostCommand implements Runnable {

  private static final int USUAL_PORT = 7500;

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  HostCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What can be said of a host. */
  static final class Properties {

    @Option(names = "--ip", paramLabel = "IP", description = "Its address, no other host's.")
    private @Nullable String ip;

    @Option(names = "--port", paramLabel = "PORT", description = "Of its storage node; 7500.")
    private @Nullable Integer port;

    @Option(names = "--getport", paramLabel = "PORT", description = "For reading, if another.")
    private @Nullable Integer getPort;

    @Option(names = "--altip", paramLabel = "IP", description = "Its address in another network.")
    private @Nullable String altIp;

    @Option(names = "--altmask", paramLabel = "MASK", description = "The clients who use --altip.")
    private @Nullable String altMask;

    @Option(
        names = {"--status", "--state"},
        paramLabel = "STATUS",
        description = "alive, readonly, down or dead; down for a new host.")
    private @Nullable String status;

    HostChange change(String name) {
      var change = HostChange.of(name);
      change = ip == null ? change : change.ip(ip);
      change = port == null ? change : change.port(port);
      change = getPort == null ? change : change.getPort(getPort);
      change = altIp == null ? change : change.alternateIp(altIp);
      change = altMask == null ? change : change.alternateMask(altMask);
      return status == null ? change : change.state(state(status));
    }
  }

  private static HostState state(String word) {
    return HostState.named(word)
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.USAGE, "a host is alive, readonly, down or dead, not " + word));
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  @Command(name = "list", description = "List hosts with their states and addresses.")
  void list(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var hosts = admin.hosts();
      if (options.json()) {
        surroundings.terminal().line(Json.text(hosts.stream().map(HostCommand::json).toList()));
        return;
      }
      for (var host : hosts) {
        show(host);
      }
    }
  }

  private void show(HostInfo host) {
    var terminal = surroundings.terminal();
    terminal.line("%s [%d]: %s".formatted(host.name(), host.id(), host.status()));
    terminal.line("  IP:       %s:%d".formatted(host.address().ip(), host.address().port()));
    host.alternate().ip().ifPresent(ip -> terminal.line("  Alt IP:   " + ip));
    host.alternate().mask().ifPresent(mask -> terminal.line("  Alt Mask: " + mask));
    host.address().getPort().ifPresent(port -> terminal.line("  GET Port: " + port));
    terminal.line("");
  }

  private static Map<String, @Nullable Object> json(HostInfo host) {
    var getPort = host.address().getPort();
    return Json.object(
        "hostid", host.id(),
        "hostname", host.name(),
        "status", host.status(),
        "hostip", host.address().ip(),
        "http_port", host.address().port(),
        "http_get_port", getPort.isPresent() ? getPort.getAsInt() : null,
        "altip", host.alternate().ip().orElse(null),
        "altmask", host.alternate().mask().orElse(null));
  }

  @Command(name = "add", description = "Add a host; without --ip its name is looked up.")
  void add(
      @Parameters(paramLabel = "HOST", description = "Its name.") String name,
      @ArgGroup(exclusive = false) @Nullable Properties given,
      @Mixin AdminOptions options)
      throws IOException {
    var properties = given == null ? new Properties() : given;
    properties.ip = properties.ip == null ? addressOf(name) : properties.ip;
    properties.port = properties.port == null ? USUAL_PORT : properties.port;
    properties.status = properties.status == null ? "down" : properties.status;
    try (var admin = options.open(surroundings)) {
      int id = admin.createHost(properties.change(name));
      options.done(surroundings, Json.object("hostid", id, "hostname", name));
    }
  }

  private static String addressOf(String name) {
    try {
      return InetAddress.getByName(name).getHostAddress();
    } catch (UnknownHostException e) {
      throw new Refusal(
          ExitCode.USAGE, "the name %s has no address here: add --ip".formatted(name), e);
    }
  }

  @Command(name = "modify", description = "Change a host; what is not named stays as it is.")
  void modify(
      @Parameters(paramLabel = "HOST", description = "Its name.") String name,
      @ArgGroup(exclusive = false, multiplicity = "1") Properties properties,
      @Mixin AdminOptions options)
      throws IOException {
    change(properties.change(name), options);
  }

  @Command(
      name = "mark",
      description = {
        "Say whether a host is alive, readonly, down or dead.",
        "",
        "A dead host is not read and not written any more. What was on it is copied again when its",
        "devices are dead too, which --devices says of all of them at once.",
        ""
      })
  void mark(
      @Parameters(paramLabel = "HOST", description = "Its name.") String name,
      @Parameters(paramLabel = "STATUS", description = "alive, readonly, down or dead.")
          String status,
      @Option(
              names = "--devices",
              description = "With dead: all its devices too, so that their files are copied again.")
          boolean devices,
      @Mixin AdminOptions options)
      throws IOException {
    var state = state(status);
    if (devices && state != HostState.DEAD) {
      throw new Refusal(ExitCode.USAGE, "--devices is for a host that is marked dead");
    }
    if (!devices) {
      change(HostChange.of(name).state(state), options);
      return;
    }
    try (var admin = options.open(surroundings)) {
      admin.updateHost(HostChange.of(name).state(state));
      var marked = livingDevices(admin, name);
      for (var device : marked) {
        admin.setState(name, device, DeviceState.DEAD);
      }
      var ids = marked.stream().map(DeviceId::value).toList();
      options.done(surroundings, Json.object("hostname", name, "devices", ids));
    }
  }

  private void change(HostChange change, AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      admin.updateHost(change);
      if (HostState.DEAD.wire().equals(change.values().get("status"))) {
        noteLivingDevices(admin, change.name(), options);
      }
      options.done(surroundings, Json.object("hostname", change.name()));
    }
  }

  /** As with the original a dead host's devices are not emptied; few operators expect that. */
  private void noteLivingDevices(HayloftAdmin admin, String name, AdminOptions options)
      throws IOException {
    int left = livingDevices(admin, name).size();
    if (left > 0) {
      options
          .output()
          .note(
              surroundings,
              ("note: %s not marked dead, so nothing is copied again; when the bytes are"
                      + " lost: hayloft host mark %s dead --devices")
                  .formatted(left == 1 ? "1 device on it is" : left + " devices on it are", name));
    }
  }

  private static List<DeviceId> livingDevices(HayloftAdmin admin, String name) throws IOException {
    var registry = Registry.of(admin);
    return registry.devicesOf(registry.host(name)).stream()
        .filter(device -> !device.state().equals(Optional.of(DeviceState.DEAD)))
        .map(DeviceInfo::id)
        .toList();
  }

  @Command(name = "delete", description = "Delete a host that never had a device.")
  void delete(
      @Parameters(paramLabel = "HOST", description = "Its name.") String name,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      admin.deleteHost(name);
      options.done(surroundings, Json.object("hostname", name));
    }
  }
}
