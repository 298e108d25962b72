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

/** Checking and moving files, against a tracker and nodes that live in this process. */
class UpkeepCommandsTest {

  @RegisterExtension static final SharedCluster CLUSTER = new SharedCluster();

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void makeCli() {
    cli = CLUSTER.cli(home);
  }

  private String ok(String... arguments) {
    var result = cli.run(arguments);
    assertThat(result.err()).as(List.of(arguments).toString()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return result.out();
  }

  @Test
  void aCheckRunsToItsEndAndTellsWhatItFound() {
    cli.runWithInput(new byte[10], "put", "-", "k", "-d", TestCluster.DOMAIN, "-c", "thumb");
    ok("fsck", "reset");
    ok("fsck", "start");

    assertThat(cli.run("fsck", "watch").out()).startsWith("    Running: No\n");

    await().atMost(Duration.ofSeconds(20)).until(() -> !setting("fsck_fids_checked").equals("0"));
    assertThat(ok("fsck", "status"))
        .matches(
            """
            (?s)    Running: No
                 Status: ([0-9]+) / \\1 \\(100\\.00%\\)
                   Time: 0m \\([0-9]+ fids/s\\)
             Check Type: Normal \\(check policy \\+ files\\)
            .*\
            """);
    assertThat(ok("fsck", "printlog")).startsWith("unixtime ");

    ok("fsck", "reset", "--policy-only", "--startpos", "7");
    assertThat(ok("fsck", "status")).contains(" Check Type: Repl policy only (skip file checks)\n");
    assertThat(setting("fsck_highest_fid_checked")).isEqualTo("7");
    ok("fsck", "clearlog");
    ok("fsck", "stop");
  }

  @Test
  void aCheckOfSomeFilesIsReported() {
    cli.runWithInput(new byte[10], "put", "-", "r", "-d", TestCluster.DOMAIN, "-c", "thumb");
    ok("fsck", "start", "--checksums", "--domain", TestCluster.DOMAIN, "--class", "thumb");
    assertThat(ok("fsck", "status"))
        .contains("      Terms: all contents, domain " + TestCluster.DOMAIN + ", class thumb\n");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> ok("fsck", "report").contains("   Outcome: finished on "));

    assertThat(ok("fsck", "report"))
        .matches(
            """
            (?s)       Run: [0-9]+, asked by command
                 Terms: all contents, domain photos, class thumb
               Outcome: finished on .*
                  Time: 20.*Z, .* s \\([0-9.]+ files/s\\)
               Checked: [1-9][0-9]* files?
               Stalled: 0 files
               Orphans: 0 found, 0 adopted, 0 in quarantine
            .*      Lost: 0 files
            """);
    assertThat(ok("fsck", "report", "--json"))
        .contains("\"outcome\":\"finished\"")
        .contains("\"lost_files\":[]");
    assertThat(ok("fsck", "runs").lines().toList().get(2))
        .contains("  command ")
        .contains("  full");
    assertThat(cli.run("fsck", "report", "99999").err()).contains("There is no such run");
    assertThat(cli.run("fsck", "start", "--device", "77").exitCode()).isNotZero();
  }

  private static String setting(String name) {
    try (var admin = CLUSTER.admin()) {
      return admin.setting(name).orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRebalanceIsSetUpTestedAndRun() {
    assertThat(cli.run("rebalance", "status").err()).contains("No available rebalance status");
    ok("rebalance", "policy", "--options=from_devices=1");

    assertThat(ok("rebalance", "test"))
        .isEqualTo(
            """
            Tested rebalance policy...
            Policy: from_devices=1
            Source devices:
             - 1
            Destination devices:
             - 2
            """);
    assertThat(ok("rebalance", "settings"))
        .isEqualTo("             rebal_policy = from_devices=1\n");
    ok("rebalance", "start");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ok("rebalance", "status").startsWith("Rebalance is stopped\n"));
    assertThat(ok("rebalance", "status"))
        .contains("Rebalance status:\n")
        .contains("           completed_devs = 1\n");
    ok("rebalance", "reset");
    assertThat(cli.run("rebalance", "stop").err()).contains("Rebalance not running");
  }

  @Test
  void filesMoveBetweenRealNodes() {
    cli.runWithInput(new byte[10], "put", "-", "moved", "-d", TestCluster.DOMAIN, "-c", "thumb");
    int from = device();
    ok("rebalance", "policy", "--options=from_devices=" + from);

    ok("rebalance", "start");

    await().atMost(Duration.ofSeconds(30)).until(() -> device() == 3 - from);
    assertThat(cli.run("get", "moved", "-", "-d", TestCluster.DOMAIN).bytes()).hasSize(10);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ok("rebalance", "status").startsWith("Rebalance is stopped\n"));
    // The list is what the tracker read last, which may be a moment ago.
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(ok("device", "list")).doesNotContain("drain"));
  }

  /** The one that has the file. */
  private static int device() {
    try (var admin = CLUSTER.admin()) {
      var info = admin.ask("file_info", Map.of("domain", "photos", "key", "moved", "devices", "1"));
      return Integer.parseInt(info.getOrDefault("devids", "0").split(",")[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theRateIsThatOfTheFilesCheckedAndTheRestThatOfTheNumbersPassed() {
    var status =
        Map.of(
            "running", "1",
            "host", "host1",
            "max_fid_checked", "6000",
            "end_fid", "10000",
            "start_fid", "2000",
            "fids_checked", "1200",
            "start_time", "1000",
            "current_time", "1240",
            "num_MISS", "3");

    assertThat(FsckCommand.statusLines(status))
        .containsExactly(
            "    Running: Yes (on host1)",
            "     Status: 6000 / 10000 (60.00%)",
            "       Time: 4m (5 fids/s; 4m remain)",
            " Check Type: Normal (check policy + files)",
            "",
            " [num_MISS]: 3");
  }

  @Test
  void aTrackerThatDoesNotCountIsTakenByItsPosition() {
    var status =
        Map.of(
            "running", "0",
            "max_fid_checked", "1200",
            "end_fid", "1200",
            "start_time", "1000",
            "stop_time", "1060");

    assertThat(FsckCommand.statusLines(status)).contains("       Time: 1m (20 fids/s)");
  }
}
