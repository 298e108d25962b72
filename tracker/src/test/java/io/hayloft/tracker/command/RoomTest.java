package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Reach;
import org.junit.jupiter.api.Test;

/** The devices of a {@link Drawing} have 1000 MiB each, of which 900 are free. */
class RoomTest {

  private final Drawing drawing =
      new Drawing()
          .with(1, DeviceStatus.ALIVE)
          .with(2, DeviceStatus.ALIVE)
          .with(3, DeviceStatus.DRAIN)
          .with(4, DeviceStatus.ALIVE, Reach.UNREACHABLE);

  @Test
  void whatTakesFilesIsCountedWithItsSpace() {
    var room = Room.of(drawing.view(900));

    assertThat(room.taking()).isEqualTo(2);
    assertThat(room.free()).isEqualTo(0.9);
    assertThat(room.full()).isEmpty();
    assertThat(room.isOut()).isFalse();
  }

  @Test
  void onlyDevicesThatLackNothingButSpaceAreFull() {
    var room = Room.of(drawing.view(901));

    assertThat(room.full()).extracting(Device::id).containsExactly(id(1), id(2));
    assertThat(room.taking()).isZero();
    assertThat(room.isOut()).isTrue();
  }

  @Test
  void whereNothingIsWritableTheSpaceIsNotToBlame() {
    assertThat(Room.of(new Drawing().with(3, DeviceStatus.DRAIN).view(901)).isOut()).isFalse();
  }

  private static DeviceId id(int number) {
    return new DeviceId(number);
  }
}
