package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.blob.Durability;
import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.node.http.HttpStorageNodes;
import io.hayloft.tracker.node.http.NodeOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The workers with everything real: database, storage nodes, HTTP and side channel. */
class RealNodesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path directory;

  private final Tasks tasks = Tasks.virtual();
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private StorageNode a;
  private StorageNode b;
  private WorkFixture fixture;
  private HttpStorageNodes nodes;

  @BeforeEach
  void start() throws Exception {
    a = node("127.0.0.1", 0, 1);
    b = node("127.0.0.2", a.sideAddress().port(), 2);
    threads.start();
    var usual = NodeOptions.usual();
    nodes =
        HttpStorageNodes.start(
            new NodeOptions(usual.limits(), a.sideAddress().port(), false, () -> false),
            new HttpStorageNodes.World(threads, tasks, Time.system(), new Random(1)));
    fixture = new WorkFixture(DATABASE, nodes);
    fixture.host("a", "127.0.0.1", a.httpAddress().port(), 1);
    fixture.host("b", "127.0.0.2", b.httpAddress().port(), 2);
  }

  @AfterEach
  void stop() throws Exception {
    fixture.close();
    nodes.close();
    threads.stop();
    a.close();
    b.close();
    tasks.close();
  }

  @Test
  void aFileIsCopiedWithItsDigestAndDeletedWithAllItsBytes() throws Exception {
    var tracker = fixture.tracker("t");
    for (int device : new int[] {1, 2}) {
      await()
          .untilAsserted(
              () -> {
                tracker.monitor().refresh();
                var seen = tracker.monitor().view().observation(new DeviceId(device));
                assertThat(seen.reach()).isEqualTo(Reach.WRITEABLE);
                assertThat(seen.rejectsBadMd5()).contains(true);
              });
    }
    var md5 = fixture.fileClass("md5", 2, Optional.of(HashAlgorithm.MD5));
    var fid = fixture.uploaded("k", md5, 1);
    var source = directory.resolve("127.0.0.1" + new ReplicaPath(new DeviceId(1), fid));
    var copy = directory.resolve("127.0.0.2" + new ReplicaPath(new DeviceId(2), fid));
    Files.createDirectories(source.getParent());
    Files.write(source, WorkFixture.BYTES);

    tracker.replicateOnce();
    assertThat(fixture.on(fid)).containsExactly(1, 2);
    assertThat(copy).hasBinaryContent(WorkFixture.BYTES);
    assertThat(fixture.stores().files().checksums(List.of(fid))).hasSize(1);

    fixture.delete("k");
    tracker.delete().step();
    assertThat(source).doesNotExist();
    assertThat(copy).doesNotExist();
  }

  @Test
  void aSourceThatIsNotWhatItShouldBeLeavesNoTrace() throws Exception {
    var bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    var fid = new Fid(17);
    var source = directory.resolve("127.0.0.1" + new ReplicaPath(new DeviceId(1), fid));
    Files.createDirectories(source.getParent());
    Files.write(source, bytes);
    var registry = fixture.stores().registry().load();
    var from = Place.of(registry.host("a").orElseThrow(), new DeviceId(1), fid);
    var to = Place.of(registry.host("b").orElseThrow(), new DeviceId(2), fid);
    var wrong = Optional.of(new Checksum(HashAlgorithm.SHA_1, "0".repeat(40)));

    assertThat(nodes.copy(new Order(from, to, bytes.length, wrong, Optional.empty())))
        .isInstanceOf(Copy.SourceFailed.class);
    assertThat(directory.resolve("127.0.0.2" + to.path())).doesNotExist();
    assertThat(nodes.copy(new Order(from, to, bytes.length, Optional.empty(), Optional.empty())))
        .isInstanceOf(Copy.Made.class);
    assertThat(directory.resolve("127.0.0.2" + to.path())).hasBinaryContent(bytes);
    assertThat(nodes.digest(to, HashAlgorithm.SHA_1, bytes.length))
        .isEqualTo(nodes.digest(from, HashAlgorithm.SHA_1, bytes.length))
        .isPresent();
  }

  private StorageNode node(String ip, int sidePort, int device) throws IOException {
    var docroot = directory.resolve(ip);
    Files.createDirectories(docroot.resolve("dev" + device));
    var limits =
        new StorageNodeConfig.Limits(
            Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofSeconds(30), 64, 256, 256);
    var node =
        new StorageNode(
            new StorageNodeConfig(
                new Address(ip, 0),
                new Address(ip, sidePort),
                docroot,
                1_000,
                Durability.FULL,
                limits),
            new StorageNode.Surroundings(
                Time.system(),
                tasks,
                Randomness.SYSTEM,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
            grace -> {});
    node.start();
    return node;
  }
}
