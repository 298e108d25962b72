package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.DISK_REFUSED;
import static io.hayloft.protocol.ErrorCode.NO_DEVICE;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.node.NativeNodes.DeviceAnswer;
import io.hayloft.tracker.policy.AutoDead;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.DeviceRecordStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What operators may say about devices that are out of reach or show another disk: {@code
 * hayloft_safe_mode} and {@code hayloft_accept_disk}.
 */
final class SafetyCommands {

  private static final int NAMED = 100;

  /** Whoever overrides it for longer should set the share instead. */
  private static final long LONGEST_OVERRIDE = Duration.ofDays(1).toSeconds();

  private final Backend backend;
  private final DeviceRecordStore records;
  private final World world;
  private final Refresh refresh;

  SafetyCommands(Backend backend, DeviceRecordStore records, World world, Refresh refresh) {
    this.backend = backend;
    this.records = records;
    this.world = world;
    this.refresh = refresh;
  }

  Map<String, Command> table() {
    return Map.of("hayloft_safe_mode", this::safeMode, "hayloft_accept_disk", this::acceptDisk);
  }

  /** Shows it; with {@code override} goes on all the same for so many seconds, 0 ending that. */
  private Reply safeMode(Call call) {
    if (!call.text("override").isEmpty()) {
      override(call);
    }
    var view = call.fresh();
    var mode = SafeMode.of(view, world.time().epochSecond());
    var reply =
        Reply.ok()
            .with("safe_mode", mode.on() ? 1 : 0)
            .with("overridden", mode.overridden() ? 1 : 0)
            .with("out", mode.out().size())
            .with("devices", mode.considered())
            .with("max_share", view.settings().get(SafeMode.SHARE))
            .with("auto_dead_after", AutoDead.after(view.settings()).map(Duration::toSeconds));
    int i = 1;
    for (var id : mode.out().stream().sorted().limit(NAMED).toList()) {
      reply.with("out_" + i, id.value());
      i++;
    }
    return reply.build();
  }

  private void override(Call call) {
    var text = call.text("override");
    long seconds = text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1;
    if (seconds < 0 || seconds > LONGEST_OVERRIDE) {
      throw new Refused(BAD_PARAMS, "override is a number of seconds, a day at most");
    }
    backend
        .stores()
        .registry()
        .set(
            SafeMode.OVERRIDE,
            seconds == 0
                ? Optional.empty()
                : Optional.of(Long.toString(world.time().epochSecond() + seconds)));
  }

  /** Makes the disk that a device shows now the one that belongs to it. */
  private Reply acceptDisk(Call call) throws InterruptedException {
    var device =
        call.device("device")
            .flatMap(id -> call.find(view -> view.device(id)))
            .orElseThrow(() -> new Refused(NO_DEVICE));
    var identity = shown(call, device);
    var before = records.load().of(device.id()).identity();
    boolean isOther = before.filter(recorded -> !recorded.equals(identity)).isPresent();
    if (isOther && !call.flag("force") && holdsFiles(device.id())) {
      throw new Refused(
          DISK_REFUSED,
          "Files are believed to be on dev%s: mark it dead first, or force".formatted(device.id()));
    }
    if (!records.acceptDisk(device.id(), identity)) {
      throw new Refused(DISK_REFUSED, "The disk " + identity + " belongs to another device");
    }
    refresh.devices();
    return Reply.ok().with("identity", identity).with("before", before).build();
  }

  private boolean holdsFiles(DeviceId device) {
    return !backend.stores().replication().filesOn(device, 1).isEmpty();
  }

  private String shown(Call call, Device device) {
    var host = call.view().host(device.host()).orElseThrow(() -> new Refused(NO_DEVICE));
    var nodes = backend.nodes().nativeNodes().filter(each -> each.isNative(host));
    if (nodes.isEmpty()) {
      throw new Refused(DISK_REFUSED, "The node on " + host.name() + " does not tell disks apart");
    }
    try {
      return Optional.ofNullable(nodes.get().devices(host).get(device.id()))
          .flatMap(DeviceAnswer::identity)
          .orElseThrow(
              () -> new Refused(DISK_REFUSED, "The node shows no disk for dev" + device.id()));
    } catch (IOException e) {
      throw new Refused(DISK_REFUSED, "The node on " + host.name() + " does not answer");
    }
  }
}
