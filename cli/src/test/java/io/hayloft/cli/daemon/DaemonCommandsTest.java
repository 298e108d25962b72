package io.hayloft.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.cli.Cli;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.TrackerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DaemonCommandsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void makeCli() {
    cli = new Cli(home, Map.of());
  }

  @Test
  void helpNamesEveryKeyWithItsDefault() {
    var tracker = cli.run("tracker", "--help").out();
    for (var key : ConfigReader.of(TrackerConfig.class).keys()) {
      assertThat(tracker).contains(key.flag());
    }
    assertThat(tracker).contains("Default: 0.0.0.0:7001.");
    var node = cli.run("node", "--help").out();
    for (var key : ConfigReader.of(StorageNodeConfig.class).keys()) {
      assertThat(node).contains(key.flag());
    }
  }

  @Test
  void everyProblemOfTheConfigurationIsSaidAtOnce() throws Exception {
    var file =
        Files.writeString(home.resolve("node.yaml"), "docrot: /x\nhttp.max_connections: 0\n");

    var result = cli.run("node", "--config", file.toString(), "--durability=maybe");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("docrot", "docroot", "http.max_connections", "--durability", "maybe");
  }

  @Test
  void trackerWithoutDatabaseSaysWhichKeyIsMissing() {
    var result = cli.run("tracker", "--skip-config");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("database.url");
  }

  @Test
  void variablesOfOtherPartsAreNoProblemButMisspeltOnesAre() {
    var shared =
        Map.of(
            "HAYLOFT_DOMAIN", "photos",
            "HAYLOFT_DATABASE_URL", "jdbc:mysql://x/y",
            "HAYLOFT_DOCROT", "/x");

    var result = new Cli(home, shared).run("node", "--skip-config", "--http-max-connections=0");

    assertThat(result.err())
        .contains("HAYLOFT_DOCROT", "HAYLOFT_DOCROOT")
        .doesNotContain("HAYLOFT_DOMAIN", "HAYLOFT_DATABASE_URL");
  }

  @Test
  void fileOfTheOriginalNodeIsRead() throws Exception {
    var file =
        Files.writeString(
            home.resolve("mogstored.conf"),
            """
            httplisten = 127.0.0.1:0 # any
            mgmtlisten=127.0.0.1:0
            server = perlbal
            docroot = /somewhere
            maxcons = 5
            """);

    var result = cli.run("node", "-c", file.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("maxcons", "maxconns").doesNotContain("docroot =");
  }

  @Test
  void tablesAreMadeOnceAndTheStatusSaysSo() throws Exception {
    DATABASE.clear();
    var access =
        new String[] {
          "--url", DATABASE.url(), "--user", DATABASE.user(), "--password", DATABASE.password()
        };

    assertThat(db("status", access).exitCode()).isEqualTo(2);
    assertThat(db("status", access).out()).contains("has no tables yet");
    assertThat(tracker().exitCode()).isEqualTo(2);
    assertThat(tracker().err()).contains("hayloft db migrate");
    assertThat(db("migrate", access).out()).startsWith("Migrated, now at version");
    assertThat(db("migrate", access).out()).startsWith("Nothing to do");
    assertThat(db("status", access).exitCode()).isZero();
  }

  private Cli.Result db(String verb, String[] access) {
    var words = new ArrayList<>(List.of("db", verb));
    words.addAll(List.of(access));
    return cli.run(words.toArray(String[]::new));
  }

  private Cli.Result tracker() {
    return cli.run(
        "tracker",
        "--skip-config",
        "--listen=127.0.0.1:0",
        "--http-listen=127.0.0.1:0",
        "--database-url=" + DATABASE.url(),
        "--database-user=" + DATABASE.user(),
        "--database-password=" + DATABASE.password());
  }
}
