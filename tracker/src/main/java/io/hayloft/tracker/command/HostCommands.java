package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.HOST_EXISTS;
import static io.hayloft.protocol.ErrorCode.HOST_NOT_EMPTY;
import static io.hayloft.protocol.ErrorCode.HOST_NOT_FOUND;
import static io.hayloft.protocol.ErrorCode.NO_HOST;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_HOST;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.store.RegistryStore;
import java.util.Map;

/** Commands about hosts. Addresses are refused here when nothing could ever be reached there. */
final class HostCommands {

  /** The width of the column. */
  private static final int MAX_NAME = 40;

  private final RegistryStore registry;
  private final Refresh refresh;

  HostCommands(RegistryStore registry, Refresh refresh) {
    this.registry = registry;
    this.refresh = refresh;
  }

  Map<String, Command> table() {
    return Map.of(
        "get_hosts", this::hosts,
        "create_host", this::create,
        "update_host", this::update,
        "delete_host", this::delete);
  }

  private Reply hosts(Call call) {
    var hosts =
        call.view().registry().hosts().values().stream()
            .filter(
                host -> !call.flag("hostid") || call.text("hostid").equals(host.id().toString()))
            .toList();
    var reply = Reply.ok().with("hosts", hosts.size());
    int i = 1;
    for (var host : hosts) {
      add(reply, "host" + i + "_", host);
      i++;
    }
    return reply.build();
  }

  private static void add(Reply.Builder reply, String prefix, Host host) {
    var addresses = host.addresses();
    reply
        .with(prefix + "hostid", host.id().value())
        .with(prefix + "status", host.status().wire())
        .with(prefix + "hostname", host.name())
        .with(prefix + "hostip", addresses.ip())
        .with(prefix + "http_port", addresses.httpPort())
        .with(
            prefix + "http_get_port",
            addresses.getPort().isPresent() ? "" + addresses.getPort().getAsInt() : "")
        .with(prefix + "altip", addresses.altIp())
        .with(prefix + "altmask", addresses.altMask());
  }

  private Reply create(Call call) throws InterruptedException {
    if (call.flag("update")) {
      return update(call);
    }
    var name = call.text("host");
    if (!call.flag("host")) {
      return Reply.err(NO_HOST);
    }
    if (name.length() > MAX_NAME) {
      return Reply.err(BAD_PARAMS, "A host's name has at most " + MAX_NAME + " bytes");
    }
    if (call.fresh().registry().host(name).isPresent()) {
      return Reply.err(HOST_EXISTS);
    }
    var terms = HostTerms.ofNew(call);
    var addresses = terms.addresses();
    var id = registry.createHost(name, terms.status(HostStatus.DOWN), addresses);
    refresh.devices();
    return reply(id, name);
  }

  private Reply update(Call call) throws InterruptedException {
    if (!call.flag("host")) {
      return Reply.err(NO_HOST);
    }
    var host = host(call, HOST_NOT_FOUND);
    var terms = new HostTerms(call, host.addresses());
    registry.updateHost(host.id(), terms.status(host.status()), terms.addresses());
    refresh.devices();
    return reply(host.id(), host.name());
  }

  private Reply delete(Call call) throws InterruptedException {
    var host = host(call, UNKNOWN_HOST);
    if (!registry.deleteHost(host.id())) {
      return Reply.err(HOST_NOT_EMPTY);
    }
    refresh.registry();
    return Reply.ok().build();
  }

  private static Reply reply(HostId id, String name) {
    return Reply.ok().with("hostid", id.value()).with("hostname", name).build();
  }

  private static Host host(Call call, ErrorCode whenUnknown) {
    return call.fresh()
        .registry()
        .host(call.text("host"))
        .orElseThrow(() -> new Refused(whenUnknown));
  }
}
