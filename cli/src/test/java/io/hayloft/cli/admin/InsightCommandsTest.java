package io.hayloft.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.cli.Cli;
import io.hayloft.cli.SharedCluster;
import io.hayloft.cli.TestCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands that explain, against a tracker and nodes that live in this process. */
class InsightCommandsTest {

  @RegisterExtension static final SharedCluster CLUSTER = new SharedCluster();

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void storeTwoCopies() {
    cli = CLUSTER.cli(home);
    cli.runWithInput(new byte[10], "put", "-", "k", "-d", TestCluster.DOMAIN);
    await().until(() -> cli.run("stat", "k").out().contains("1,2"));
  }

  @Test
  void whyShowsCopiesAndThatNothingIsToBeDone() {
    var result = cli.run("why", "k");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("key k, domain photos, 10 bytes")
        .contains("dev1 on host1, alive: usable")
        .contains("dev2 on host2, alive: usable")
        .contains("next: nothing");
    assertThat(cli.run("why", "k", "--json").out()).contains("\"copies\":[{\"devid\":\"1\"");
    assertThat(cli.run("why", "--fid", "999999").exitCode()).isEqualTo(3);
    var nope = cli.run("why", "nope");
    assertThat(nope.exitCode()).isEqualTo(3);
    assertThat(nope.err()).isEqualTo("hayloft: there is no file of key nope\n");
    assertThat(cli.run("why").exitCode()).isEqualTo(2);
  }

  @Test
  void riskIsNoneWhereEveryFileHasItsCopies() {
    await().until(() -> cli.run("risk").exitCode() == 0);

    assertThat(cli.run("risk").out())
        .contains("photos/default (wants 2):")
        .contains("with 2")
        .contains("Last check of all files: none\n");
    assertThat(cli.run("risk", "--json").out()).contains("\"files_gone\":\"0\"");
  }

  @Test
  void aDeviceWithTheOnlyOtherCopyMustStay() {
    var result = cli.run("device", "safe-to-remove", "dev1");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("it takes new files")
        .contains("files would have fewer copies")
        .contains("photos k");
    assertThat(cli.run("device", "safe-to-remove", "dev1", "--json").out())
        .contains("\"safe\":false");
    assertThat(cli.run("device", "safe-to-remove", "dev99").exitCode()).isEqualTo(3);
  }

  @Test
  void safeModeIsShownAndOverridden() {
    assertThat(cli.run("safe-mode").out()).startsWith("safe mode is off: 0 of 2 devices");
    assertThat(cli.run("safe-mode", "--override", "60", "--json").out())
        .contains("\"overridden\":true");
    assertThat(cli.run("safe-mode", "--end", "--json").out()).contains("\"overridden\":false");
    assertThat(cli.run("safe-mode", "--end", "--override", "1").exitCode()).isEqualTo(2);
  }

  @Test
  void aDeadHostIsSaidToHaveLivingDevicesUntilTheyAreMarkedToo() {
    cli.run("host", "add", "rack9", "--ip", "10.9.9.9", "--status", "down");
    cli.run("device", "add", "rack9", "dev8");
    cli.run("device", "add", "rack9", "dev9");

    var alone = cli.run("host", "mark", "rack9", "dead");
    assertThat(alone.exitCode()).isZero();
    assertThat(alone.err())
        .startsWith("note: 2 devices on it are not marked dead")
        .endsWith("hayloft host mark rack9 dead --devices\n");
    assertThat(cli.run("risk").out())
        .contains("host rack9 is marked dead and dev8, dev9 on it not")
        .contains("hayloft host mark rack9 dead --devices\n");

    assertThat(cli.run("host", "mark", "rack9", "down", "--devices").exitCode()).isEqualTo(2);
    assertThat(cli.run("host", "mark", "rack9", "dead", "--devices", "--json").out())
        .isEqualTo("{\"hostname\":\"rack9\",\"devices\":[8,9]}\n");
    assertThat(cli.run("host", "mark", "rack9", "dead").err()).isEmpty();
    assertThat(cli.run("risk").out()).doesNotContain("rack9");
  }
}
