package io.hayloft.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hayloft.runtime.config.OriginalConfig.Comments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginalConfigTest {

  record Sample(
      @Setting(doc = "x", byDefault = "0.0.0.0:7001") List<Address> listen,
      @Setting(doc = "x", byDefault = "20") int queryJobs,
      @Setting(doc = "x") String jdbcUrl,
      @Setting(doc = "x", secret = true) String password,
      @Setting(doc = "x") List<String> plugins) {}

  private static final ConfigReader<Sample> READER = ConfigReader.of(Sample.class);

  private static final OriginalConfig TABLE = table(Comments.WHOLE_LINES);

  private static OriginalConfig table(Comments comments) {
    return OriginalConfig.builder(comments)
        .key("query_jobs", "query_jobs")
        .key("db_pass", "password")
        .list("plugins", "plugins")
        .converted("db_dsn", "jdbc_url", OriginalDsn::jdbcUrl)
        .together(
            Set.of("listen", "conf_port"),
            values ->
                Map.of(
                    "listen",
                    values.getOrDefault("listen", "0.0.0.0")
                        + ":"
                        + values.getOrDefault("conf_port", "7001")))
        .ignored("daemonize", "the service manager does it")
        .build();
  }

  @TempDir Path directory;

  private ConfigSources.Builder sources(String text) throws IOException {
    return ConfigSources.builder()
        .file(Files.writeString(directory.resolve("mogilefsd.conf"), text))
        .original(TABLE);
  }

  private List<String> problems(String text) throws IOException {
    var sources = sources(text).build();
    var thrown = catchThrowableOfType(ConfigException.class, () -> READER.read(sources));
    return thrown.problems().stream()
        .map(ConfigProblem::toString)
        .map(problem -> problem.replace(directory + "/", ""))
        .toList();
  }

  @Test
  void linesOfTheOriginalBecomeOurSettings() throws IOException {
    var config =
        READER.read(
            sources(
                    """
                    # as installed
                    daemonize = 1
                    db_dsn = DBI:mysql:mogilefs:host=db1
                      # indented
                    db_pass = a#b
                    conf_port=7101
                    query_jobs   =   7
                    plugins = A, B
                    plugins = C
                    """)
                .build());

    assertThat(config)
        .isEqualTo(
            new Sample(
                List.of(new Address("0.0.0.0", 7101)),
                7,
                "jdbc:mysql://db1:3306/mogilefs",
                "a#b",
                List.of("A", "B", "C")));
  }

  @Test
  void commentsMayBeginAnywhereInTheNodesFile() throws IOException {
    var sources = sources("query_jobs = 3 # three\n").original(table(Comments.ANYWHERE));

    assertThat(READER.read(sources.build()).queryJobs()).isEqualTo(3);
  }

  @Test
  void theLaterOfTwoLinesWins() throws IOException {
    assertThat(READER.read(sources("query_jobs = 3\nquery_jobs = 4\n").build()).queryJobs())
        .isEqualTo(4);
  }

  @Test
  void flagsWinOverTheOriginalsFileToo() throws IOException {
    var sources = sources("query_jobs = 3\n").flag("--query-jobs", "9").build();

    assertThat(READER.read(sources).queryJobs()).isEqualTo(9);
  }

  @Test
  void optionsOfTheOriginalWinOverFileAndEnvironmentAndLoseToFlags() throws IOException {
    var sources =
        sources("query_jobs = 3\ndb_pass = file\nlisten = 127.0.0.1\nconf_port = 7101\n")
            .environment(Map.of("HAYLOFT_QUERY_JOBS", "4", "HAYLOFT_PASSWORD", "env"))
            .originalOptions(Map.of("query_jobs", "5", "db_pass", "option", "conf_port", "7102"))
            .flag("--query-jobs", "6")
            .build();

    var config = READER.read(sources);

    assertThat(config.queryJobs()).isEqualTo(6);
    assertThat(config.password()).isEqualTo("option");
    assertThat(config.listen()).containsExactly(new Address("127.0.0.1", 7102));
  }

  @Test
  void optionsOfTheOriginalNeedNoFile() {
    var sources =
        ConfigSources.builder()
            .original(TABLE)
            .originalOptions(Map.of("db_dsn", "DBI:mysql:x", "daemonize", "1"))
            .build();

    assertThat(READER.read(sources).jdbcUrl()).isEqualTo("jdbc:mysql://localhost:3306/x");
  }

  @Test
  void whatIsWrongWithTheFileIsSaidOnceAndWithAnOptionAsItsOwn() throws IOException {
    var sources =
        sources("nonsense\n").originalOptions(Map.of("db_dsn", "DBI:Pg:dbname=x")).build();

    var thrown = catchThrowableOfType(ConfigException.class, () -> READER.read(sources));

    assertThat(thrown.problems().stream().map(ConfigProblem::toString).toList())
        .hasSize(2)
        .anyMatch(problem -> problem.contains("mogilefsd.conf line 1: is not of the form"))
        .anyMatch(problem -> problem.startsWith("the command line: db_dsn: names a PostgreSQL"));
  }

  @Test
  void allProblemsAreReportedAtOnce() throws IOException {
    assertThat(
            problems(
                """
                query_job = 3
                nonsense
                db_dsn = DBI:Pg:dbname=x
                query_jobs = many
                """))
        .containsExactlyInAnyOrder(
            "mogilefsd.conf line 2: is not of the form key = value",
            "mogilefsd.conf line 3: db_dsn: names a PostgreSQL database, which Hayloft does not"
                + " support: move the tables to MySQL or MariaDB first and name that database",
            "mogilefsd.conf line 1: query_job: is not a setting. Did you mean query_jobs?",
            "mogilefsd.conf line 4: query_jobs: \"many\" is not a whole number");
  }

  @Test
  void aKeyCannotStandTwiceInATable() {
    var builder = OriginalConfig.builder(Comments.ANYWHERE).ignored("iostat", "measured always");

    assertThatThrownBy(() -> builder.key("iostat", "iostat"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nameOrFirstLineTellTheFormat() {
    assertThat(ConfigFile.isOriginal(Path.of("m.conf"), "a = b")).isTrue();
    assertThat(ConfigFile.isOriginal(Path.of("m.conf"), "nonsense")).isTrue();
    assertThat(ConfigFile.isOriginal(Path.of("m.conf"), "db_dsn=DBI:mysql:x")).isTrue();
    assertThat(ConfigFile.isOriginal(Path.of("m.conf"), "# x\n\nlisten: 1")).isFalse();
    assertThat(ConfigFile.isOriginal(Path.of("m.cfg"), "# x\n\n  a = b")).isTrue();
    assertThat(ConfigFile.isOriginal(Path.of("m"), "url: a = b")).isFalse();
    assertThat(ConfigFile.isOriginal(Path.of("m.yaml"), "a = b")).isFalse();
    assertThat(ConfigFile.isOriginal(Path.of("m.json"), "{}")).isFalse();
  }

  @Test
  void withoutATableTheOriginalsFormatIsRefused() throws IOException {
    var file = Files.writeString(directory.resolve("a.conf"), "a = b\n");

    assertThatThrownBy(() -> READER.read(ConfigSources.builder().file(file).build()))
        .hasMessageContaining("is not YAML");
  }
}
