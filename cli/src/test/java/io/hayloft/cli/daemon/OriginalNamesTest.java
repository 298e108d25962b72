package io.hayloft.cli.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.hayloft.cli.Cli;
import io.hayloft.schema.Schema;
import io.hayloft.schema.SchemaStatus.State;
import io.hayloft.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The original's programs under their own names. */
class OriginalNamesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void makeCli() {
    cli = new Cli(home, Map.of());
  }

  @Test
  void optionsOfTheTrackerAreReadOverItsFile() throws Exception {
    var file = Files.writeString(home.resolve("m.conf"), "default_mindevcount = 999\n");

    var fromFile = cli.run("mogilefsd", "-c", file.toString(), "--dsn=DBI:mysql:m");
    var overridden =
        cli.run("mogilefsd", "-c", file.toString(), "--dsn=DBI:Pg:dbname=m", "--default_minde=2");

    assertThat(fromFile.exitCode()).isEqualTo(2);
    assertThat(fromFile.err()).contains("default_mindevcount", "999");
    assertThat(overridden.exitCode()).isEqualTo(2);
    assertThat(overridden.err()).contains("PostgreSQL").doesNotContain("999");
  }

  @Test
  void unknownOptionsAreRefusedWithTheNearestOne() {
    var result = cli.run("mogstored", "--skipconfig", "--docrot=/x");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--docrot", "Did you mean docroot?");
  }

  @Test
  void mogdbsetupMakesDatabaseAccountAndTablesAndMayRunAgain() throws Exception {
    DATABASE.clear();
    var address = DatabaseAddress.parse(DATABASE.url()).orElseThrow();
    var port = address.server().replaceAll(".*:(\\d+)/", "$1");
    var user = "setup_" + ProcessHandle.current().pid();
    var words =
        new String[] {
          "mogdbsetup",
          "--dbhost=127.0.0.1",
          "--dbport=" + port,
          "--dbname=" + address.database(),
          "--dbuser=" + user,
          "--dbpass=it's",
          "--dbrootuser=" + DATABASE.user(),
          "--dbrootpass=" + DATABASE.password(),
          "--yes"
        };
    try {
      var first = cli.run(words);

      assertThat(first.err()).isEmpty();
      assertThat(first.exitCode()).isZero();
      assertThat(Schema.status(DATABASE.url(), user, "it's").state()).isEqualTo(State.CURRENT);
      assertThat(cli.run(words).exitCode()).isZero();
    } finally {
      try (var connection = DATABASE.connect();
          var statement = connection.createStatement()) {
        statement.execute("DROP USER IF EXISTS '" + user + "'@'%', '" + user + "'@'localhost'");
      }
    }
  }

  @Test
  void mogdbsetupAsksFirst() {
    var result = cli.runWithInput("n\n".getBytes(UTF_8), "mogdbsetup", "--dbhost=192.0.2.1");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("database mogilefs for mogile", "nothing was done");
  }

  @Test
  void databaseIsCreatedByItsAddressToo() throws Exception {
    DATABASE.clear();
    var name = DatabaseAddress.parse(DATABASE.url()).orElseThrow().database() + "_made";
    var url = DATABASE.url().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1");
    var user = "made_" + ProcessHandle.current().pid();
    try {
      var result =
          cli.run(
              "db",
              "create",
              "--url",
              url.replace("createDatabaseIfNotExist=true", "x=y"),
              "--user",
              user,
              "--password",
              "p",
              "--admin-user",
              DATABASE.user(),
              "--admin-password",
              DATABASE.password());

      assertThat(result.err()).isEmpty();
      assertThat(result.out()).contains("is there for " + user);
      assertThatCode(() -> DriverManager.getConnection(url, user, "p").close())
          .doesNotThrowAnyException();
    } finally {
      try (var connection = DATABASE.connect();
          var statement = connection.createStatement()) {
        statement.execute("DROP DATABASE IF EXISTS " + name);
        statement.execute("DROP USER IF EXISTS '" + user + "'@'%', '" + user + "'@'localhost'");
      }
    }
  }
}
