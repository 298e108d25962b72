package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.client.Hayloft;
import io.hayloft.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two trackers on one database share the work and are one system to their clients. */
class SeveralTrackersTest {

  private static final int FILES = 150;

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path directory;

  @BeforeEach
  void emptyDatabase() throws Exception {
    DATABASE.clear();
  }

  @Test
  void filesAreStoredCopiedOnceHealedAndDeletedByEither() throws Exception {
    try (var cluster = LiveCluster.start(new LiveCluster.Size(2, 3), DATABASE, directory);
        var client = cluster.client().build()) {
      var stored = storeSome(client);
      awaitCopies(client, stored.keySet().stream().toList(), 2);
      assertThat(copiesByFid(cluster))
          .as("each file has two copies on disk, none was copied twice")
          .hasSize(FILES)
          .allSatisfy((fid, copies) -> assertThat(copies).isEqualTo(2));
      assertReadable(client, stored);

      cluster.node(1).killHard();
      assertReadable(client, stored);
      cluster.ok("set_state host=node1&device=1&state=dead");
      cluster.ok("set_state host=node1&device=2&state=dead");
      awaitCopiesOnLiveNodes(cluster, stored.size());
      assertReadable(client, stored);

      cluster.tracker(0).killHard();
      assertReadable(client, stored);
      for (var key : stored.keySet()) {
        assertThat(client.delete(key)).isTrue();
      }
      Awaitility.await("all bytes on live nodes gone")
          .atMost(Duration.ofSeconds(60))
          .until(() -> onLiveNodes(cluster).isEmpty());
    }
  }

  private static Map<String, byte[]> storeSome(Hayloft client) throws Exception {
    var stored = new TreeMap<String, byte[]>();
    for (int i = 0; i < FILES; i++) {
      var bytes = ("photo " + i + " ").repeat(i * 7).getBytes(UTF_8);
      client.store("album/" + i, bytes);
      stored.put("album/" + i, bytes);
    }
    return stored;
  }

  private static void assertReadable(Hayloft client, Map<String, byte[]> stored) throws Exception {
    for (var file : stored.entrySet()) {
      assertThat(client.read(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
    }
  }

  private static void awaitCopies(Hayloft client, List<String> keys, int copies) {
    Awaitility.await(copies + " copies of all")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(250))
        .until(
            () -> {
              for (var key : keys) {
                if (client.info(key).map(info -> info.copies().count()).orElse(0) < copies) {
                  return false;
                }
              }
              return true;
            });
  }

  private static Map<String, Long> copiesByFid(LiveCluster cluster) {
    return cluster.replicasOnDisk().stream()
        .collect(
            Collectors.groupingBy(file -> file.getFileName().toString(), Collectors.counting()));
  }

  private static List<Path> onLiveNodes(LiveCluster cluster) {
    return cluster.replicasOnDisk().stream()
        .filter(file -> !file.startsWith(cluster.docroot(1)))
        .toList();
  }

  private static void awaitCopiesOnLiveNodes(LiveCluster cluster, int files) {
    Awaitility.await("two copies of all on nodes 2 and 3")
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(
                        onLiveNodes(cluster).stream()
                            .collect(
                                Collectors.groupingBy(
                                    file -> file.getFileName().toString(), Collectors.counting())))
                    .hasSize(files)
                    .allSatisfy((fid, copies) -> assertThat(copies).isEqualTo(2)));
  }

  @Test
  void whatOneCreatesTheOtherKnowsAtOnce() throws Exception {
    try (var cluster = LiveCluster.start(new LiveCluster.Size(2, 1), DATABASE, directory)) {
      var replies =
          IntStream.range(0, 10)
              .mapToObj(
                  i -> {
                    cluster.ask(0, "create_domain domain=d" + i);
                    cluster.ask(0, "create_class domain=d" + i + "&class=c&mindevcount=1");
                    return cluster.ask(1, "create_open domain=d" + i + "&class=c&key=k");
                  })
              .toList();
      assertThat(replies).allMatch(reply -> reply.startsWith("OK fid="));
    }
  }
}
