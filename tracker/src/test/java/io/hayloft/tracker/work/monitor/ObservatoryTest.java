package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.model.Space;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservatoryTest {

  private static final DeviceId DISK = new DeviceId(1);
  private static final Host HOST =
      new Host(new HostId(1), "a", HostStatus.ALIVE, HostAddresses.of("127.0.0.1", 7500));

  private final Observatory observatory = new Observatory(new ClusterView.Defaults(100, 2));

  private Optional<Space> space() {
    return observatory.view().device(DISK).orElseThrow().space();
  }

  /** As it is in the tables, where another tracker may have written it. */
  private void recorded(Space space) {
    var device = new Device(DISK, HOST.id(), DeviceStatus.ALIVE, 100, Optional.of(space));
    observatory.take(
        new Registry(List.of(HOST), List.of(device), Map.of(), new ServerSettings(Map.of())));
  }

  private void seen(Space space) {
    observatory.take(
        new HostLook.Report(
            HOST, Optional.of(true), Set.of(DISK), Set.of(), Map.of(DISK, space), Map.of()));
  }

  @Test
  void theNewestOfWhatWasSeenAndWhatIsRecordedCounts() {
    recorded(new Space(1000, 100, 50));
    assertThat(space()).contains(new Space(1000, 100, 50));
    seen(new Space(1000, 200, 60));
    assertThat(space()).contains(new Space(1000, 200, 60));
    recorded(new Space(1000, 150, 55));
    assertThat(space()).contains(new Space(1000, 200, 60));
    recorded(new Space(1000, 300, 70));
    assertThat(space()).contains(new Space(1000, 300, 70));
  }
}
