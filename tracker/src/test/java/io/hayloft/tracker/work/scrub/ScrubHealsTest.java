package io.hayloft.tracker.work.scrub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.blob.Durability;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.http.HttpStorageNodes;
import io.hayloft.tracker.node.http.NodeOptions;
import io.hayloft.tracker.work.WorkFixture;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From a byte that a disk lost to a whole file again, with everything real. */
class ScrubHealsTest {

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
    nodes =
        HttpStorageNodes.start(
            new NodeOptions(
                NodeOptions.usual().limits(), a.sideAddress().port(), false, () -> false),
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

  private StorageNode node(String ip, int sidePort, int device) throws IOException {
    var docroot = directory.resolve(ip);
    Files.createDirectories(docroot.resolve("dev" + device));
    var limits =
        new StorageNodeConfig.Limits(
            Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofSeconds(30), 64, 256, 256);
    var local = new Address(ip, sidePort);
    var config =
        new StorageNodeConfig(new Address(ip, 0), local, docroot, 1_000, Durability.FULL, limits)
            .with(
                new StorageNodeConfig.Care(
                    new StorageNodeConfig.Quarantine(Duration.ofDays(14)),
                    new StorageNodeConfig.Scrub(1L << 40, Duration.ofMillis(100))));
    var node =
        new StorageNode(
            config,
            new StorageNode.Surroundings(
                Time.system(),
                tasks,
                Randomness.SYSTEM,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
            grace -> {});
    node.start();
    return node;
  }

  private Path file(String ip, int device, Fid fid) {
    return directory.resolve(ip + new ReplicaPath(new DeviceId(device), fid));
  }

  @Test
  void lostByteIsFoundTheCopyTakenAwayAndMadeAnew() throws Exception {
    var tracker = fixture.tracker("t");
    for (int device : new int[] {1, 2}) {
      await()
          .untilAsserted(
              () -> {
                tracker.monitor().refresh();
                assertThat(tracker.monitor().view().observation(new DeviceId(device)).reach())
                    .isEqualTo(Reach.WRITEABLE);
              });
    }
    var fid = fixture.uploaded("k", 1);
    var first = file("127.0.0.1", 1, fid);
    Files.createDirectories(first.getParent());
    Files.write(first, WorkFixture.BYTES);
    tracker.replicateOnce();
    assertThat(fixture.on(fid)).containsExactly(1, 2);
    var copy = file("127.0.0.2", 2, fid);
    assertThat(copy).hasBinaryContent(WorkFixture.BYTES);

    var rotten = WorkFixture.BYTES.clone();
    rotten[3] ^= 1;
    Files.write(copy, rotten);
    Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minusSeconds(7_200)));

    await().untilAsserted(() -> assertThat(copy).doesNotExist());
    var findings =
        new FindingsWorker(
            tracker.monitor(),
            new FindingsWorker.Ports(fixture.stores(), fixture.upkeep(), nodes, nodes.natives()),
            new FindingsWorker.Ambience(tasks, Time.system(), new Random(1), "t:1"));
    await()
        .untilAsserted(
            () -> {
              findings.step();
              assertThat(fixture.on(fid)).containsExactly(1);
            });
    await()
        .untilAsserted(
            () -> {
              tracker.replicateOnce();
              assertThat(fixture.on(fid)).containsExactly(1, 2);
            });

    assertThat(copy).hasBinaryContent(WorkFixture.BYTES);
    assertThat(fixture.query("SELECT evcode FROM fsck_log ORDER BY logid"))
        .containsExactly("BSUM", "REPL");
    assertThat(directory.resolve("127.0.0.2/dev2/quarantine").toFile().list()).hasSize(1);
    assertThat(
            nodes
                .natives()
                .findings(tracker.monitor().view().hostOf(new DeviceId(2)).orElseThrow()))
        .isEmpty();
  }
}
