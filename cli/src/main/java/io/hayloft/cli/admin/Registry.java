package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.client.DeviceInfo;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HostInfo;
import io.hayloft.protocol.DeviceId;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** All hosts and devices at one moment. */
record Registry(List<HostInfo> hosts, List<DeviceInfo> devices) {

  Registry {
    hosts = hosts.stream().sorted(Comparator.comparingInt(HostInfo::id)).toList();
    devices = devices.stream().sorted(Comparator.comparingInt(each -> each.id().value())).toList();
  }

  static Registry of(HayloftAdmin admin) throws IOException {
    return new Registry(admin.hosts(), admin.devices());
  }

  HostInfo host(String name) {
    return hosts.stream()
        .filter(host -> host.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.NOT_FOUND,
                    "there is no host %s: hayloft host list shows what there is".formatted(name)));
  }

  String hostOf(DeviceInfo device) {
    return hosts.stream()
        .filter(host -> host.id() == device.hostId())
        .map(HostInfo::name)
        .findFirst()
        .orElse("?");
  }

  List<DeviceInfo> devicesOf(HostInfo host) {
    return devices.stream().filter(device -> device.hostId() == host.id()).toList();
  }

  /**
   * Makes sure that a device is on a host, and says what to type when it is on another.
   *
   * @param rest the words behind host and device
   */
  void requireOn(String host, DeviceId id, String verb, String rest) {
    var device =
        devices.stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.NOT_FOUND,
                        "there is no device dev%d: hayloft device list --all shows what there is"
                            .formatted(id.value())));
    var owner = hostOf(device);
    if (!owner.equals(host(host).name())) {
      throw new Refusal(
          ExitCode.FAILED,
          "device dev%d belongs to host %s, not %s. Did you mean: hayloft device %s %s dev%d %s"
              .formatted(id.value(), owner, host, verb, owner, id.value(), rest));
    }
  }

  /** {@code dev5} or {@code 5}. */
  static DeviceId device(String word) {
    var digits = word.startsWith("dev") ? word.substring(3) : word;
    if (!digits.matches("[1-9][0-9]{0,8}")) {
      throw new Refusal(ExitCode.USAGE, "a device is named as in dev5 or 5, not " + word);
    }
    return new DeviceId(Integer.parseInt(digits));
  }
}
