package io.hayloft.bench.healing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * That each benchmark does its job and counts right, on a few files; the speeds mean nothing here.
 */
class BenchmarksTest {

  private static final int FILES = 24;

  private static Path directory;
  private static Tasks tasks;
  private static Cluster cluster;
  private static Stage stage;

  @BeforeAll
  static void startCluster() throws Exception {
    // Not below the directory for temporary files, where the database's data do not last.
    directory =
        Files.createTempDirectory(Files.createDirectories(Path.of("target", "smoke")), "run");
    tasks = Tasks.virtual();
    var flags =
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED");
    cluster =
        Cluster.start(
            new ClusterSettings(directory.toAbsolutePath(), 3, flags, List.of()), Time.system());
    stage = new Stage(cluster, tasks, new Scale(FILES, 1000, 0, 1));
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
    tasks.close();
    try (var below = Files.walk(directory)) {
      for (var each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static Figure only(List<Figure> figures, Yardstick yardstick) {
    return figures.stream().filter(each -> each.yardstick() == yardstick).findFirst().orElseThrow();
  }

  @Test
  void filesAreLaidAsUploadsLeaveThem() throws Exception {
    stage.database().forgetFiles();
    var files = stage.filler().fill(FILES, Filler.Manner.WHOLE);

    stage.mustBeWhole(files, 2);
    assertThat(stage.database().copies()).isEqualTo(2 * FILES);
    for (var file : files) {
      var hosts =
          file.devices().stream().map(each -> cluster.nodeOf(each).number()).distinct().toList();
      assertThat(hosts).hasSize(2);
      var reply = stage.operator().ok("get_paths domain=" + Cluster.DOMAIN + "&key=" + file.key());
      assertThat(reply.number("paths")).isEqualTo(2);
    }
    assertThatThrownBy(() -> stage.mustBeWhole(files, 1)).hasMessageContaining("24 files");
  }

  @Test
  void checkCountsEveryFileAndNoneThatIsOnlyAName() throws Exception {
    stage.database().forgetFiles();
    var files = stage.filler().fillWithNames(FILES, Filler.Manner.WHOLE);
    assertThat(Fsck.check(stage, false).operations()).isEqualTo(FILES);

    var lost = files.get(FILES / 2);
    Files.delete(
        cluster
            .nodeOf(lost.devices().getFirst())
            .file(new ReplicaPath(lost.devices().getFirst(), lost.fid())));

    assertThatThrownBy(() -> Fsck.check(stage, false)).hasMessageContaining("num_MISS=1");
  }

  @Test
  void replicationIsMeasuredFromTheFirstToTheLastCopy() throws Exception {
    var figures = new Replicate().measure(stage);

    var rate = only(figures, Yardstick.REPLICATE).samples().getFirst();
    assertThat(rate.operations()).isEqualTo(FILES);
    assertThat(rate.value()).isPositive();
    assertThat(rate.trackerKib()).isGreaterThan(10_000);
    assertThat(only(figures, Yardstick.REPLICATE_CPU).values().median())
        .isEqualTo((double) rate.used().central() / FILES);
    assertThat(stage.database().copies()).isEqualTo(2 * FILES);
  }

  @Test
  void deletionLeavesNothing() throws Exception {
    var figures = new Delete().measure(stage);

    assertThat(only(figures, Yardstick.DELETE).samples().getFirst().operations()).isEqualTo(FILES);
    assertThat(stage.database().files()).isZero();
    assertThat(stage.database().copies()).isZero();
  }

  @Test
  void healingCountsTheCopiesThatWereLost() throws Exception {
    var figures = new Heal("heal", FILES, Yardstick.HEAL).measure(stage);

    var sample = only(figures, Yardstick.HEAL).samples().getFirst();
    assertThat(sample.operations()).isBetween(1L, (long) FILES);
    assertThat(only(figures, Yardstick.HEAL_RATE).values().median())
        .isEqualTo(sample.operations() / sample.value());
    assertThat(cluster.liveNodes()).hasSize(3);
  }

  @Test
  void uploadsAreTimedUntilTheirSecondCopy() throws Exception {
    var figures = new FreshUploads().measure(stage);

    double median = only(figures, Yardstick.SECOND_COPY_MEDIAN).values().median();
    assertThat(median).isPositive();
    assertThat(only(figures, Yardstick.SECOND_COPY_P99).values().median())
        .isGreaterThanOrEqualTo(median);
    assertThat(stage.database().files()).isEqualTo(FILES);
    assertThat(stage.database().copies()).isEqualTo(2 * FILES);
  }

  @Test
  void rebalanceCountsTheCopiesThatMoved() throws Exception {
    var figures = new Rebalance().measure(stage);

    assertThat(only(figures, Yardstick.REBALANCE).samples().getFirst().operations())
        .isBetween(1L, (long) FILES);
    assertThat(stage.database().copies()).isEqualTo(2 * FILES);
  }

  @Test
  void drainCountsTheCopiesThatMoved() throws Exception {
    var figures = new Drain().measure(stage);

    assertThat(only(figures, Yardstick.DRAIN).samples().getFirst().operations())
        .isBetween(1L, (long) FILES);
    assertThat(stage.database().copies()).isEqualTo(2 * FILES);
  }

  @Test
  void contentsAreReadAsFastAsCounted() throws Exception {
    stage.database().forgetFiles();
    var figures = new FsckChecksums(false).measure(stage);

    assertThat(only(figures, Yardstick.FSCK_CHECKSUMS).samples().getFirst().operations())
        .isEqualTo(FILES);
    assertThat(only(figures, Yardstick.FSCK_SHARE).values().median()).isPositive();
  }

  @Test
  void outagesAreSeenAndEnd() throws Exception {
    var figures = new Outage(Duration.ofMillis(100)).measure(stage);

    assertThat(only(figures, Yardstick.KILLED).values().median()).isPositive();
    assertThat(only(figures, Yardstick.HUNG).values().median()).isPositive();
    assertThat(only(figures, Yardstick.SLOWEST_QUIET).values().median()).isPositive();
    assertThat(cluster.liveNodes()).hasSize(3);
  }

  @Test
  void plainReadingFindsTheKnownChecksum() throws Exception {
    var file = Files.writeString(directory.resolve("check"), "123456789");

    assertThat(FsckChecksums.crc(file, ByteBuffer.allocate(4))).isEqualTo(0xE3069283L);
  }

  @Test
  void daemonsRunAsTheLauncherRunsThem() throws Exception {
    var launcher = Files.readString(Path.of("..", "bin", "hayloft"));

    var ofDaemons =
        Pattern.compile("tracker \\| node .*?flags=\"([^\"]*)\"", Pattern.DOTALL).matcher(launcher);

    assertThat(launcher).contains(ClusterSettings.SHIPPED_FLAGS);
    assertThat(ofDaemons.find()).isTrue();
    assertThat(ClusterSettings.SHIPPED_FLAGS).contains(ofDaemons.group(1).split(" "));
  }
}
