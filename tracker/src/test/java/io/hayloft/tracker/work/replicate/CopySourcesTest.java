package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.plugin.CopySources;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a plugin has copies read from. */
class CopySourcesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1).host("b", 2).host("c", 3).host("d", 4);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** Highest number first, by a network of its own. */
  private static final CopySources OPINION =
      new CopySources() {
        @Override
        public List<Device> orderSources(
            StoredFile file, List<Device> sources, ClusterView cluster) {
          return sources.stream().sorted(Comparator.comparing(Device::id).reversed()).toList();
        }

        @Override
        public Optional<HostAddresses> alternateSource(
            StoredFile file, Device source, ClusterView cluster) {
          return Optional.of(HostAddresses.of("192.168.0." + source.id(), 7500));
        }
      };

  @Test
  void orderAndWayAreThePlugins() throws Exception {
    fixture.sources(OPINION);
    var fileClass = fixture.fileClass("four", 4, Optional.empty());
    for (int i = 0; i < 5; i++) {
      var fid = fixture.uploaded("k" + i, fileClass, 1);
      for (int device : new int[] {2, 3}) {
        fixture.stores().replication().copied(fid, new DeviceId(device), Optional.empty());
        fixture.nodes.store(device, fid.value(), WorkFixture.BYTES);
      }
    }

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.nodes.sources()).hasSize(5).containsOnly("192.168.0.3");
  }

  @Test
  void withoutAnOpinionThePlainAddressesAreUsed() throws Exception {
    fixture.uploaded("k", 1);

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.nodes.sources()).containsExactly("127.0.0.1");
  }
}
