package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.store.RegistryStore.ClassTerms;
import io.hayloft.tracker.work.WorkFixture;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with many copies in poor places: they are spread before any copy goes. */
class SurplusPlacementTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int MOST_PASSES = 12;
  private static final Duration POLL = Duration.ofMillis(10);

  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture
        .host("a", "10.1.0.1", 7500, 1, 2, 3)
        .host("b", "10.1.0.2", 7500, 4)
        .host("c", "10.2.0.1", 7500, 5, 6);
    var registry = fixture.stores().registry();
    registry.set("network_zones", Optional.of("near,far"));
    registry.set("zone_near", Optional.of("10.1.0.0/16"));
    registry.set("zone_far", Optional.of("10.2.0.0/16"));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** In the end there is one copy on each of as many hosts as are wanted, the last column. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MultipleHosts(2)                                | 1 2 3   | a[bc]
          MultipleHosts(2)                                | 1 2 5   | ac
          MultipleHosts(3)                                | 1 2 3 4 | abc
          MultipleNetworks(2)                             | 1 2 3   | ac
          MultipleNetworks(2)                             | 1 2 4   | [ab]c
          HostsPerNetwork(near=1, far=1)                  | 1 2 3   | ac
          HostsPerNetwork(near=1, far=1)                  | 1 4 5 6 | [ab]c
          HostsPerNetwork(near=2, far=1)                  | 1 2 3 5 | abc
          Union(MultipleHosts(2), HostsPerNetwork(far=1)) | 1 2 3   | ac
          Union(MultipleHosts(3), HostsPerNetwork(far=1)) | 1 2 3 4 | abc
          Union(MultipleHosts(2), MultipleNetworks(2))    | 1 2 5 6 | ac
          """)
  void noCopyGoesBeforeTheFileIsSpread(String policy, String on, String hosts) throws Exception {
    var terms = new ClassTerms(FileClass.DEFAULT_NAME, 1, Optional.of(policy), Optional.empty());
    fixture.stores().registry().createClass(new DomainId(1), terms);
    var fid =
        fixture.copied("k", Arrays.stream(on.split(" ")).mapToInt(Integer::parseInt).toArray());
    var tracker = fixture.tracker("t");

    int wanted = hosts.replaceAll("\\[.*?]", "x").length();
    int copies = fixture.on(fid).size();
    for (int pass = 0; pass < MOST_PASSES && isQueued(fid); pass++) {
      fixture.sql("UPDATE file_to_replicate SET nexttry = 0");
      tracker.replicateOnce();
      await().pollInterval(POLL).until(() -> isSettled(fid));
      if (fixture.on(fid).size() < copies) {
        assertThat(hosts(fid)).as("when one has gone").hasSizeGreaterThanOrEqualTo(wanted);
      }
      copies = fixture.on(fid).size();
    }

    assertThat(isQueued(fid)).isFalse();
    assertThat(hosts(fid)).matches(hosts);
    assertThat(fixture.on(fid)).hasSize(wanted);
    assertThat(fixture.nodes.replicas()).hasSize(wanted);
  }

  private String hosts(Fid fid) throws SQLException {
    return fixture
        .query(
            "SELECT DISTINCT hostname FROM file_on JOIN device USING (devid) JOIN host USING"
                + " (hostid) WHERE fid = "
                + fid
                + " ORDER BY hostname")
        .stream()
        .collect(Collectors.joining());
  }

  private boolean isQueued(Fid fid) throws SQLException {
    return !fixture.query("SELECT fid FROM file_to_replicate WHERE fid = " + fid).isEmpty();
  }

  /** Whether what a pass decided is written down: the file is done, or due at another time. */
  private boolean isSettled(Fid fid) throws SQLException {
    return fixture
        .query(
            "SELECT fid FROM file_to_replicate WHERE fid = "
                + fid
                + " AND (nexttry = 0 OR nexttry > UNIX_TIMESTAMP() + 200)")
        .isEmpty();
  }
}
