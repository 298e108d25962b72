package io.hayloft.tracker.command;

import static java.util.stream.Collectors.joining;

import io.hayloft.protocol.DeviceId;
import java.util.Collection;

/** Devices as replies list them: {@code 3,8}. */
final class DeviceList {

  private DeviceList() {}

  static String text(Collection<DeviceId> devices) {
    return devices.stream().map(DeviceId::toString).collect(joining(","));
  }
}
