package io.hayloft.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.cli.Cli;
import io.hayloft.cli.SharedCluster;
import io.hayloft.cli.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every command for an installation against a cluster that lives in this process. */
class AdminCommandsTest {

  @RegisterExtension static final SharedCluster CLUSTER = new SharedCluster();

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void makeCli() {
    cli = CLUSTER.cli(home);
  }

  private void ok(String... arguments) {
    var result = cli.run(arguments);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).as("a change says nothing").isEmpty();
  }

  private JsonNode json(String... arguments) throws Exception {
    var result = cli.run(arguments);
    assertThat(result.err()).isEmpty();
    return JSON.readTree(result.out());
  }

  @Test
  void domainsAndClassesComeAndGo() throws Exception {
    ok("domain", "add", "docs");
    ok("class", "add", "docs", "paper", "--mindevcount", "3", "--hashtype", "MD5");
    ok("class", "modify", "docs", "paper", "--mincopies", "2");
    ok("class", "modify", "docs", "paper", "--replpolicy", "MultipleHosts(2)");

    var paper = json("class", "list", "docs", "--json").findParents("class").getLast();
    assertThat(paper.get("mindevcount").asInt()).as("kept by modify").isEqualTo(3);
    assertThat(paper.get("hashtype").asText()).isEqualTo("MD5");
    assertThat(paper.get("replpolicy").asText()).isEqualTo("MultipleHosts(2)");
    assertThat(paper.get("mincopies").asInt()).as("kept by modify").isEqualTo(2);
    assertThat(cli.run("domain", "list").out()).contains("docs", "paper", "mindevcount");
    assertThat(cli.run("class", "modify", "docs", "paper", "--mincopies", "300").err())
        .contains("invalid_mincopies");

    assertThat(cli.run("domain", "delete", "docs").err()).contains("domain_has_classes");
    ok("class", "delete", "docs", "paper");
    ok("domain", "delete", "docs");
    assertThat(cli.run("domain", "delete", "docs").exitCode()).isEqualTo(3);
    assertThat(cli.run("class", "list", "docs").exitCode()).isEqualTo(3);
  }

  @Test
  void hostsAreAddedMarkedAndDeleted() throws Exception {
    ok("host", "add", "box7", "--ip", "10.9.9.7", "--port", "7555", "--altip", "10.8.8.7");
    ok("host", "mark", "box7", "readonly");
    ok("host", "modify", "box7", "--getport", "7556");

    assertThat(cli.run("host", "list").out())
        .contains("box7 [3]: readonly\n  IP:       10.9.9.7:7555\n  Alt IP:   10.8.8.7\n")
        .contains("  GET Port: 7556\n");
    var host = json("host", "list", "--json").get(2);
    assertThat(host.get("hostip").asText()).isEqualTo("10.9.9.7");
    assertThat(host.get("altmask").isNull()).isTrue();

    assertThat(cli.run("host", "mark", "box7", "ill").exitCode()).isEqualTo(2);
    ok("host", "delete", "box7");
    assertThat(cli.run("host", "delete", "box7").exitCode()).isEqualTo(3);
  }

  @Test
  void deviceOfAnotherHostIsRefusedWithTheRightWords() {
    var result = cli.run("device", "mark", "host1", "dev2", "dead");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "hayloft: device dev2 belongs to host host2, not host1."
                + " Did you mean: hayloft device mark host2 dev2 dead\n");
  }

  @Test
  void devicesAreAddedMarkedAndWeighed() throws Exception {
    var next = cli.run("device", "next").out().strip();
    ok("device", "add", "host2", "dev" + next, "--status", "down");
    ok("device", "modify", "host2", next, "--weight", "50", "--status", "readonly");

    assertThat(cli.run("device", "list", "--hostname", "host2").out())
        .startsWith("host2 [2]: alive\n")
        .contains("used(G)", "dev" + next + ":", "readonly");
    var rows = json("device", "list", "--all", "--json");
    assertThat(rows.get(rows.size() - 1).get("weight").asInt()).isEqualTo(50);

    ok("device", "mark", "host2", next, "dead");
    assertThat(cli.run("device", "list").out()).doesNotContain("dev" + next + ":");
    assertThat(cli.run("device", "mark", "host2", next, "alive").err()).contains("state_too_high");
    assertThat(cli.run("device", "mark", "host2", "dev99", "down").exitCode()).isEqualTo(3);
    assertThat(cli.run("device", "mark", "host2", "disk1", "down").exitCode()).isEqualTo(2);
  }

  @Test
  void summaryAddsUpTheSpace() throws Exception {
    var sums = json("device", "summary", "--json");

    assertThat(sums.get(0).get("mb_total").asLong()).isPositive();
    assertThat(cli.run("device", "summary").out()).contains("Hostname", "%Used", "host1");
  }

  @Test
  void checkLooksAtEverything() throws Exception {
    cli.runWithInput(new byte[10], "put", "-", "k", "-d", TestCluster.DOMAIN);

    Awaitility.await("nothing wrong, once there is a second copy")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              var result = cli.run("check", "--files");
              assertThat(result.out())
                  .contains(
                      "Checking trackers...\n  " + CLUSTER.address() + " ... OK\n",
                      "  [ 1] host1 ... OK\n",
                      "dev2",
                      "writeable",
                      "Checking files...",
                      "Nothing is wrong.");
              assertThat(result.exitCode()).isZero();
            });
    var json = json("check", "--json");
    assertThat(json.get("devices").get(0).get("bytes_total").asLong()).isPositive();
    assertThat(json.get("problems").isEmpty()).isTrue();
  }

  @Test
  void checkSaysWhatIsWrong() {
    ok("host", "add", "gone", "--ip", "127.0.0.9", "--port", "1", "--status", "alive");
    try {
      var result = cli.run("check");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.out())
          .contains("gone ... REQUEST FAILURE", "Wrong:\n  host gone does not answer");
    } finally {
      ok("host", "delete", "gone");
    }
  }

  @Test
  void settingsAreListedAndSet() throws Exception {
    ok("settings", "set", "memcache_ttl", "77");

    assertThat(json("settings", "list", "--json").get("memcache_ttl").asText()).isEqualTo("77");
    assertThat(cli.run("settings", "list").out()).contains("             memcache_ttl = 77\n");
    assertThat(cli.run("settings", "set", "nonsense", "1").err()).contains("not_writable");
  }

  @Test
  void statsSumUpTrackersAndFiles() throws Exception {
    assertThat(cli.run("stats", "--files").out())
        .contains("uptime", "queryworker", "Max file id:", "Statistics for files...");
    assertThat(cli.run("stats").out())
        .containsPattern("waiting +command\\n")
        .containsPattern("waiting +statement\\n")
        .contains("COMMIT");
    assertThat(json("stats", "--json").get("trackers").get(0).get("counters").has("uptime"))
        .isTrue();
  }

  @Test
  void onlyDomainNeedsNoNameAndOneOfSeveralDoes() {
    assertThat(cli.run("ls").exitCode()).isZero();
    ok("domain", "add", "second");
    try {
      var result = cli.run("ls");

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err()).contains("--domain", "photos, second").hasLineCount(1);
    } finally {
      ok("domain", "delete", "second");
    }
  }

  @Test
  void groupAloneSaysWhatThereIs() {
    var result = cli.run("device");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("device mark").hasLineCount(1);
  }
}
