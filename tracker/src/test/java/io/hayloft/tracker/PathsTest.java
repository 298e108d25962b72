package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.Reach;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The paths that clients are told to write to and read from, where chance has a say in them. */
class PathsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void severalDestinationsAreOnAsManyHosts() {
    tracker.addDevice(1, 11);
    for (int host = 2; host <= 4; host++) {
      tracker.addHost(host);
      tracker.addDevice(host, host + 10);
    }
    for (int i = 0; i < 20; i++) {
      var reply = tracker.ok("create_open domain=d&multi_dest=1");
      assertThat(reply).containsEntry("dev_count", "3");
      assertThat(
              IntStream.rangeClosed(1, 3)
                  .mapToObj(n -> WireFixture.value(reply, "path_" + n).split("/")[2]))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void oneHostGivesOneDestination() {
    tracker.addDevice(1, 2);

    assertThat(tracker.ok("create_open domain=d&multi_dest=1")).containsEntry("dev_count", "1");
  }

  /** A file on devices 1 to 3 of as many hosts. */
  private void replicated() {
    tracker.addHost(2);
    tracker.addHost(3);
    long fid = tracker.store("d", "k", "12345");
    for (int device = 1; device <= 3; device++) {
      tracker.nodes().put(device, fid, 5);
      tracker.stores().replication().copied(new Fid(fid), new DeviceId(device), Optional.empty());
    }
  }

  private List<Integer> paths(String more) {
    var reply = tracker.ok("get_paths domain=d&key=k" + more);
    var devices = new ArrayList<Integer>();
    for (int i = 1; i <= Integer.parseInt(WireFixture.value(reply, "paths")); i++) {
      var path = WireFixture.value(reply, "path" + i);
      devices.add(Integer.valueOf(path.replaceAll(".*/dev([0-9]+)/.*", "$1")));
    }
    return devices;
  }

  @Test
  void twoPathsAreGivenUnlessMoreAreAskedFor() {
    replicated();
    assertThat(paths("")).hasSize(2).doesNotHaveDuplicates();
    assertThat(paths("&pathcount=0")).hasSize(2);
    assertThat(paths("&pathcount=1&noverify=1")).hasSize(2);
    assertThat(paths("&pathcount=3")).hasSize(3).doesNotHaveDuplicates();
    assertThat(paths("&pathcount=50")).hasSize(3);
  }

  @Test
  void replicaThatIsGoneIsNeverFirst() {
    replicated();
    tracker.nodes().remove(2, 1);
    for (int i = 0; i < 20; i++) {
      assertThat(paths("").getFirst()).isNotEqualTo(2);
    }
  }

  @Test
  void replicaOfTheWrongLengthIsNeverFirst() {
    replicated();
    tracker.nodes().put(2, 1, 4);
    tracker.nodes().put(3, 1, 6);
    for (int i = 0; i < 20; i++) {
      assertThat(paths("").getFirst()).isEqualTo(1);
    }
  }

  @Test
  void noReplicaIsStillAnAnswer() {
    replicated();
    for (int device = 1; device <= 3; device++) {
      tracker.nodes().remove(device, 1);
    }
    assertThat(tracker.ask("get_paths domain=d&key=k")).isEqualTo("OK paths=0");
    assertThat(paths("&noverify=1")).hasSize(2);
  }

  @Test
  void hungNodeDoesNotKeepAClientWaiting() {
    replicated();
    tracker.nodes().hang(2);
    assertTimeout(
        Duration.ofSeconds(6),
        () -> {
          for (int i = 0; i < 6; i++) {
            assertThat(paths("").getFirst()).isNotEqualTo(2);
          }
        });
  }

  @Test
  void drainingDeviceIsLastAndUnreadableOneIsTheLastResort() {
    replicated();
    tracker.ok("set_state host=h2&device=2&state=drain");
    for (int i = 0; i < 10; i++) {
      assertThat(paths("&pathcount=3").getLast()).isEqualTo(2);
    }
    tracker.ok("set_state host=h3&device=3&state=down");
    tracker.cluster().see(1, Reach.UNREACHABLE, "");
    assertThat(paths("&pathcount=3")).containsExactly(2);

    tracker.ok("set_state host=h2&device=2&state=down");
    assertThat(paths("")).hasSize(1);
  }

  @Test
  void busyDeviceIsSeldomFirst() {
    tracker.addHost(2);
    tracker.store("d", "k", "12345");
    for (int device = 1; device <= 2; device++) {
      tracker.nodes().put(device, 1, 5);
      tracker.stores().replication().copied(new Fid(1), new DeviceId(device), Optional.empty());
    }
    tracker.cluster().see(1, Reach.WRITEABLE, "95.50");
    tracker.cluster().see(2, Reach.WRITEABLE, "5.00");
    int second = 0;
    for (int i = 0; i < 200; i++) {
      second += paths("&noverify=1").getFirst() == 2 ? 1 : 0;
    }
    assertThat(second).isGreaterThan(160);
  }
}
