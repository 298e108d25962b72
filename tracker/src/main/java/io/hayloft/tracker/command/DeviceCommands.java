package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_ARGS;
import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.EXISTING_DEVID;
import static io.hayloft.protocol.ErrorCode.HOST_MISMATCH;
import static io.hayloft.protocol.ErrorCode.INVALID_DEVID;
import static io.hayloft.protocol.ErrorCode.INVALID_STATE;
import static io.hayloft.protocol.ErrorCode.NO_DEVICE;
import static io.hayloft.protocol.ErrorCode.STATE_TOO_HIGH;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_HOST;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_HOSTID;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.store.DeviceRecordStore;
import io.hayloft.tracker.store.RegistryStore;
import java.util.Map;
import java.util.Optional;

/** Commands about devices. There is none to remove one: their numbers are never used again. */
final class DeviceCommands {

  /** What the column holds. */
  private static final int MAX_WEIGHT = 8_388_607;

  private final RegistryStore registry;
  private final DeviceRecordStore records;
  private final Refresh refresh;

  DeviceCommands(RegistryStore registry, DeviceRecordStore records, Refresh refresh) {
    this.registry = registry;
    this.records = records;
    this.refresh = refresh;
  }

  Map<String, Command> table() {
    return Map.of(
        "get_devices", this::devices,
        "create_device", this::create,
        "set_state", this::setState,
        "set_weight", this::setWeight);
  }

  private Reply devices(Call call) {
    var view = call.view();
    var devices =
        view.devices().stream()
            .filter(
                device -> !call.flag("devid") || call.text("devid").equals(device.id().toString()))
            .toList();
    var reply = Reply.ok().with("devices", devices.size());
    int i = 1;
    for (var device : devices) {
      add(reply, "dev" + i + "_", device, view);
      i++;
    }
    return reply.build();
  }

  private static void add(Reply.Builder reply, String prefix, Device device, ClusterView view) {
    var seen = view.observation(device.id());
    var space = device.space();
    reply
        .with(prefix + "devid", device.id().value())
        .with(prefix + "hostid", device.host().value())
        .with(prefix + "status", device.status().wire())
        .with(prefix + "weight", device.weight())
        .with(prefix + "mb_total", space.map(Space::totalMb))
        .with(prefix + "mb_used", space.map(Space::usedMb))
        .with(prefix + "mb_asof", space.map(Space::asOf))
        .with(prefix + "observed_state", seen.reach().wire())
        .with(prefix + "utilization", seen.utilization())
        .with(prefix + "reject_bad_md5", seen.rejectsBadMd5().map(rejects -> rejects ? 1 : 0))
        .with(prefix + "mb_free", space.map(Space::freeMb));
    seen.refused().ifPresent(why -> reply.with(prefix + "refused", why));
    seen.distrusted().ifPresent(why -> reply.with(prefix + "distrusted", why));
    if (Room.isFull(view, device)) {
      reply.with(prefix + "full", 1);
    }
  }

  private Reply create(Call call) throws InterruptedException {
    var status =
        call.flag("state")
            ? DeviceStatus.named(call.text("state")).orElseThrow(() -> new Refused(INVALID_STATE))
            : DeviceStatus.ALIVE;
    var id = call.device("devid").orElseThrow(() -> new Refused(INVALID_DEVID));
    var host = hostOfNew(call);
    if (call.fresh().device(id).isPresent()) {
      return Reply.err(EXISTING_DEVID);
    }
    // A row that somebody deleted by hand: the disk is still somewhere, and so are its files.
    if (records.load().of(id).identity().isPresent()) {
      return Reply.err(
          EXISTING_DEVID, "dev%s had a disk before; numbers are never used again".formatted(id));
    }
    registry.createDevice(id, host.id(), status);
    refresh.devices();
    return Reply.ok().build();
  }

  private static Host hostOfNew(Call call) {
    var hosts = call.fresh().registry();
    if (call.text("hostid").matches("[0-9]+") && call.flag("hostid")) {
      return hosts.hosts().values().stream()
          .filter(host -> host.id().value() == call.arguments().number("hostid"))
          .findFirst()
          .orElseThrow(() -> new Refused(UNKNOWN_HOSTID));
    }
    if (call.flag("hostname")) {
      return hosts.host(call.text("hostname")).orElseThrow(() -> new Refused(UNKNOWN_HOST));
    }
    throw new Refused(BAD_ARGS, "No hostid/hostname parameter");
  }

  private Reply setState(Call call) throws InterruptedException {
    var status = DeviceStatus.named(call.text("state"));
    if (!call.flag("host") || call.device("device").isEmpty() || status.isEmpty()) {
      return Reply.err(BAD_PARAMS);
    }
    var device = deviceOnHost(call);
    if (device.status() == DeviceStatus.DEAD && status.get() == DeviceStatus.ALIVE) {
      return Reply.err(STATE_TOO_HIGH);
    }
    registry.setStatus(device.id(), status.get());
    refresh.devices();
    return Reply.ok().build();
  }

  private Reply setWeight(Call call) {
    long weight = call.arguments().number("weight");
    if (!call.flag("host")
        || call.device("device").isEmpty()
        || weight < 0
        || weight > MAX_WEIGHT) {
      return Reply.err(BAD_PARAMS);
    }
    registry.setWeight(deviceOnHost(call).id(), (int) weight);
    refresh.registry();
    return Reply.ok().build();
  }

  private static Device deviceOnHost(Call call) {
    var device =
        call.device("device")
            .flatMap(id -> call.fresh().device(id))
            .orElseThrow(() -> new Refused(NO_DEVICE));
    Optional<Host> host = call.fresh().host(device.host());
    if (host.isEmpty() || !host.get().name().equals(call.text("host"))) {
      throw new Refused(HOST_MISMATCH);
    }
    return device;
  }
}
