package io.hayloft.node.device;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Shows each device's room and whether it takes writes. */
public final class DeviceMeters {

  private static final int KIB = 1_024;

  private final Devices devices;
  private final MultiGauge writable;
  private final MultiGauge distrusted;
  private final MultiGauge used;
  private final MultiGauge available;

  public DeviceMeters(Devices devices, MeterRegistry registry) {
    this.devices = devices;
    this.writable =
        MultiGauge.builder("hayloft.node.device.writable")
            .description("1 when the device took a write at the last look, else 0")
            .register(registry);
    this.distrusted =
        MultiGauge.builder("hayloft.node.device.distrusted")
            .description("1 when a sync failed and the device was not checked since, else 0")
            .register(registry);
    this.used =
        MultiGauge.builder("hayloft.node.device.used")
            .description("Bytes in use on the device's filesystem")
            .baseUnit("bytes")
            .register(registry);
    this.available =
        MultiGauge.builder("hayloft.node.device.available")
            .description("Bytes that can still be written to the device")
            .baseUnit("bytes")
            .register(registry);
  }

  /** Takes the devices of the last look over. */
  public void refresh() {
    show(writable, state -> state.isWritable() ? 1 : 0);
    show(distrusted, state -> state.isTrusted() ? 0 : 1);
    show(used, state -> state.space().map(space -> space.used() * KIB).orElse(0L));
    show(available, state -> state.space().map(space -> space.available() * KIB).orElse(0L));
  }

  private void show(MultiGauge gauge, ToDoubleFunction<DeviceState> value) {
    gauge.register(
        devices.states().stream()
            .map(state -> Row.of(Tags.of("device", state.id().directory()), state, value))
            .collect(Collectors.<Row<?>>toList()),
        true);
  }
}
