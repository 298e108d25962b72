package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.StorageNodeConfig.Bounds;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CapacityTest {

  private static final long MIB = 1 << 20;
  private static final StorageNodeConfig CONFIG = config();

  private static StorageNodeConfig config() {
    return config(Optional.of(256));
  }

  private static StorageNodeConfig config(Optional<Integer> openFiles) {
    var usual =
        TestNode.config(
            Path.of("/none"),
            limits ->
                new StorageNodeConfig.Limits(
                    limits.usageInterval(),
                    limits.idleTimeout(),
                    limits.sideIdleTimeout(),
                    limits.uploads(),
                    limits.diskQueue(),
                    openFiles));
    return usual.with(
        new StorageNodeConfig.Http(
            usual.httpListen(),
            new Bounds(10_000, 4_096, 256 * MIB, 1_024),
            96 * MIB,
            true,
            false,
            StorageNodeConfig.Tls.NONE));
  }

  private static Capacity of(long heap, long files) {
    return Capacity.of(CONFIG, new Capacity.Means(heap, heap, files));
  }

  @Test
  void whatIsConfiguredHoldsWhereThereIsEnough() {
    var capacity = of(1_024 * MIB, 60_000);

    assertThat(capacity).isEqualTo(new Capacity(10_000, 4_096, 64, 256, 256 * MIB, 96 * MIB));
    assertThat(capacity.lowered(CONFIG)).isEmpty();
  }

  @Test
  void aSmallHeapHoldsLess() {
    var capacity = of(64 * MIB, 60_000);

    assertThat(capacity.connections()).isEqualTo(4_096);
    assertThat(capacity.requests()).isEqualTo(1_024);
    assertThat(capacity.bufferBytes()).isEqualTo(32 * MIB);
    assertThat(capacity.hotBytes()).isEqualTo(16 * MIB);
    assertThat(capacity.lowered(CONFIG))
        .containsExactly(
            "http.max_connections from 10000 to 4096", "http.max_requests from 4096 to 1024");
  }

  @Test
  void fewFilesAreSharedOut() {
    assertThat(of(1_024 * MIB, 1_000))
        .isEqualTo(new Capacity(416, 234, 64, 234, 256 * MIB, 96 * MIB));
    var fewest = of(1_024 * MIB, 150);
    assertThat(fewest).isEqualTo(new Capacity(39, 21, 21, 21, 256 * MIB, 96 * MIB));
    assertThat(fewest.lowered(CONFIG))
        .containsExactly(
            "http.max_connections from 10000 to 39",
            "http.max_requests from 4096 to 21",
            "limits.uploads from 64 to 21",
            "limits.open_files from 256 to 21");
  }

  @Test
  void whereNobodySaysHowManyFilesAreKeptOpenItIsWhatConnectionsLeave() {
    assertThat(openFilesOf(1_024 * MIB, 1_000_000)).isEqualTo(65_536);
    assertThat(openFilesOf(1_024 * MIB, 65_536)).isEqualTo(16_368);
    assertThat(openFilesOf(1_024 * MIB, 20_000)).isEqualTo(4_590);
    assertThat(openFilesOf(1_024 * MIB, 18_000)).isEqualTo(4_096);
    assertThat(openFilesOf(1_024 * MIB, 1_064)).isEqualTo(250);
    assertThat(openFilesOf(96 * MIB, 1_000_000)).isEqualTo(6_144);

    var config = config(Optional.empty());
    var means = new Capacity.Means(1_024 * MIB, 1_024 * MIB, 20_000);
    assertThat(Capacity.of(config, means).lowered(config)).isEmpty();
  }

  private static int openFilesOf(long heap, long files) {
    return Capacity.of(config(Optional.empty()), new Capacity.Means(heap, heap, files)).openFiles();
  }

  @Property
  void whatIsHeldNeedsNoMoreFilesThanThereAre(
      @ForAll @LongRange(min = 150, max = 1_000_000) long files,
      @ForAll @LongRange(min = 32, max = 4_096) long heapMib) {
    var capacity = of(heapMib * MIB, files);

    assertThat(
            capacity.connections()
                + io.hayloft.node.http.HttpPort.refusedConnections(capacity.connections())
                + capacity.requests()
                + capacity.openFiles())
        .isLessThanOrEqualTo((int) files);
    assertThat(capacity.connections()).isGreaterThanOrEqualTo(8);
  }
}
