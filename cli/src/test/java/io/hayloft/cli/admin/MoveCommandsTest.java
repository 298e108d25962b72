package io.hayloft.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.cli.Cli;
import io.hayloft.cli.SharedCluster;
import io.hayloft.cli.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that move files, against a tracker and nodes that live in this process. */
class MoveCommandsTest {

  @RegisterExtension static final SharedCluster CLUSTER = new SharedCluster();

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void makeCli() {
    cli = CLUSTER.cli(home);
  }

  private String ok(String... arguments) {
    var result = cli.run(arguments);
    assertThat(result.exitCode()).as(List.of(arguments) + ": " + result.err()).isZero();
    return result.out();
  }

  private void put(String key) {
    var result =
        cli.runWithInput(new byte[10], "put", "-", key, "-d", TestCluster.DOMAIN, "-c", "thumb");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  /** Uploads go on while the device is emptied; in the end all are on the other one, and whole. */
  @Test
  void aDeviceIsEmptiedWhileUploadsGoOn() {
    for (int i = 0; i < 20; i++) {
      put("before" + i);
    }
    assertThat(ok("device", "drain", "host1", "dev1", "--dry-run"))
        .matches("(?s)[0-9]+ files? to move, about .* B; the other devices have .* free\n.*");
    assertThat(ok("device", "drain", "host1", "dev1", "--dry-run", "--rate", "1"))
        .matches("(?s)[0-9]+ files? to move, about .* B, [0-9.]+m?[0-9]* ?s at that rate; .*");
    assertThat(ok("device", "list")).doesNotContain("drain");

    assertThat(ok("device", "drain", "host1", "dev1", "-q")).isEmpty();
    for (int i = 0; i < 20; i++) {
      put("meanwhile" + i);
    }

    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> ok("rebalance", "status").contains("dev1 is empty; it is safe to remove\n"));
    for (var key : List.of("before", "meanwhile")) {
      for (int i = 0; i < 20; i++) {
        assertThat(devices(key + i)).isEqualTo("2");
        assertThat(cli.run("get", key + i, "-", "-d", TestCluster.DOMAIN).bytes()).hasSize(10);
      }
    }
    assertThat(cli.run("device", "drain", "host1", "dev1", "--stop").exitCode()).isEqualTo(3);
    ok("device", "mark", "host1", "dev1", "alive");
  }

  private static String devices(String key) {
    try (var admin = CLUSTER.admin()) {
      var arguments = Map.of("domain", TestCluster.DOMAIN, "key", key, "devices", "1");
      return admin.ask("file_info", arguments).getOrDefault("devids", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aJobIsHeldAndGoesOnAndIsStopped() {
    ok("device", "drain", "host2", "dev2", "--rate", "1k", "--json");
    assertThat(ok("device", "list")).contains("drain");
    assertThat(ok("rebalance", "status")).contains("drain of dev2: running, ");

    ok("rebalance", "pause");
    assertThat(ok("rebalance", "status"))
        .contains("drain of dev2: paused, ")
        .contains(", at most 1.0 KB/s");
    var jobs = ok("rebalance", "status", "--json");
    assertThat(jobs).contains("\"state\":\"paused\"").contains("\"rate\":\"1000\"");
    ok("rebalance", "resume");
    ok("device", "drain", "host2", "dev2", "--stop");

    assertThat(ok("device", "list")).doesNotContain("drain");
    assertThat(cli.run("rebalance", "pause").err()).contains("there is no such job");
    assertThat(cli.run("rebalance", "resume", "4711").err()).contains("There is no such job");
  }

  @Test
  void levelsAreShownAndDevicesThatShareADiskAreLevel() {
    assertThat(ok("rebalance", "even", "--dry-run"))
        .matches("(?s)mean .*%, furthest .*, about 0 B in 0 files to move\n  dev1 .*\n  dev2 .*\n");

    assertThat(ok("rebalance", "even", "--threshold", "1.5%", "--wait", "-q"))
        .contains("even: done, 0 files moved (0 B)\n  all devices are within 1.5% of ");
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    assertThat(cli.run("device", "drain", "host2", "dev1").err())
        .contains("Did you mean: hayloft device drain host1 dev1");
    assertThat(cli.run("rebalance", "even", "--rate", "much").err())
        .contains("a rate is as in 50M (bytes a second), not much");
    assertThat(cli.run("rebalance", "even", "--threshold", "200").err())
        .contains("threshold: a percentage from 0.1 to 100");
  }

  @Test
  void ratesAreInPowersOfTen() {
    assertThat(MoveJobs.rate("50M")).isEqualTo("50000000");
    assertThat(MoveJobs.rate("1kB/s")).isEqualTo("1000");
    assertThat(MoveJobs.rate("7")).isEqualTo("7");
    assertThat(MoveJobs.rate("2g")).isEqualTo("2000000000");
  }
}
