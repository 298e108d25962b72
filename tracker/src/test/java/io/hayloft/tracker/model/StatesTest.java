package io.hayloft.tracker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the states of devices and hosts allow, one state a line. */
class StatesTest {

  private static final HostId HOST = new HostId(1);
  private static final DeviceId DEVICE = new DeviceId(1);

  @ParameterizedTest(name = "host {0}, device {1}, seen {2}")
  @CsvSource(
      textBlock =
          """
          # host,    device,   seen,        probed, read,  new,   delete, counts
          alive,    alive,    writeable,   true,   true,  true,  true,   true
          alive,    alive,    readable,    true,   true,  false, true,   true
          alive,    alive,    unreachable, true,   false, false, true,   true
          alive,    alive,    '',          true,   false, false, true,   true
          alive,    readonly, writeable,   true,   true,  false, false,  true
          alive,    drain,    writeable,   true,   true,  false, true,   true
          alive,    down,     writeable,   false,  false, false, false,  true
          alive,    dead,     writeable,   false,  false, false, false,  false
          readonly, alive,    writeable,   true,   true,  false, false,  true
          readonly, drain,    readable,    true,   true,  false, false,  true
          down,     alive,    writeable,   false,  false, false, false,  true
          dead,     alive,    writeable,   false,  false, false, false,  true
          dead,     dead,     writeable,   false,  false, false, false,  false
          """)
  void aStateAllows(
      String host,
      String device,
      String seen,
      boolean probed,
      boolean read,
      boolean takesNewFiles,
      boolean delete,
      boolean counts) {
    var view = view(host, device, seen, Set.of(HOST), Optional.of(new Space(1000, 100, 1)));
    var disk = view.device(DEVICE).orElseThrow();

    assertThat(view.mayRead(disk)).as("probed").isEqualTo(probed);
    assertThat(view.shouldRead(disk)).as("read").isEqualTo(read);
    assertThat(view.shouldGetNewFiles(disk)).as("new files").isEqualTo(takesNewFiles);
    assertThat(view.mayDelete(disk)).as("delete").isEqualTo(delete);
    assertThat(view.countsAsCopy(DEVICE)).as("counts").isEqualTo(counts);
  }

  @ParameterizedTest(name = "{0} of {1} MB used")
  @CsvSource({"1000, 1000, false", "901, 1000, false", "900, 1000, true"})
  void aFullDeviceTakesNoNewFiles(long used, long total, boolean takes) {
    var view =
        view("alive", "alive", "writeable", Set.of(HOST), Optional.of(new Space(total, used, 1)));

    assertThat(view.shouldGetNewFiles(view.device(DEVICE).orElseThrow())).isEqualTo(takes);
  }

  @ParameterizedTest
  @CsvSource({"writeable", "readable"})
  void nothingIsUsedOfAHostOutOfReach(String seen) {
    var view = view("alive", "alive", seen, Set.of(), Optional.empty());
    var disk = view.device(DEVICE).orElseThrow();

    assertThat(view.shouldRead(disk)).isFalse();
    assertThat(view.shouldGetNewFiles(disk)).isFalse();
    assertThat(view.isWriteable(disk)).isFalse();
    assertThat(view.countsAsCopy(DEVICE)).isTrue();
  }

  private static ClusterView view(
      String host, String device, String seen, Set<HostId> reachable, Optional<Space> space) {
    var disk = new Device(DEVICE, HOST, DeviceStatus.named(device).orElseThrow(), 100, space);
    var machine =
        new Host(
            HOST, "h", HostStatus.named(host).orElseThrow(), HostAddresses.of("10.0.0.1", 7500));
    var reach = List.of(Reach.values()).stream().filter(r -> r.wire().equals(seen)).findFirst();
    return new ClusterView(
        new Registry(List.of(machine), List.of(disk), Map.of(), new ServerSettings(Map.of())),
        reachable,
        Map.of(DEVICE, Observation.NONE.with(reach.orElseThrow())),
        new ClusterView.Defaults(100, 2));
  }
}
