package io.hayloft.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.hayloft.runtime.config.ConfigProblem.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

  enum Durability {
    FULL_SYNC,
    NONE
  }

  record Placement(
      @Setting(doc = "Room to leave free, in MB.", byDefault = "100", min = 0) int minFreeSpaceMb,
      @Setting(doc = "How long a device is left alone.", byDefault = "2s", min = 1, max = 60_000)
          Duration pause) {}

  record Sample(
      @Setting(doc = "Where it listens.", byDefault = "0.0.0.0:7001") List<Address> listen,
      @Setting(doc = "The database.", required = true) String jdbcUrl,
      @Setting(doc = "Its password.", secret = true) String password,
      @Setting(doc = "Largest body.", byDefault = "1m") long bodyBytes,
      @Setting(doc = "How safe.", byDefault = "full_sync") Durability durability,
      @Setting(doc = "Where to note the process.") Optional<Path> pidFile,
      @Setting(doc = "Whether to probe.", byDefault = "yes") boolean probe,
      @Setting(doc = "How even.", byDefault = "0.5", min = 0, max = 1) double evenness,
      Placement placement) {}

  record Limits(
      @Setting(doc = "x", byDefault = "1") int low, @Setting(doc = "x", byDefault = "2") int high) {
    Limits {
      if (low > high) {
        throw new IllegalArgumentException("low is above high");
      }
    }
  }

  record Whole(Limits limits) {}

  record Flat(@Ungrouped Limits limits, Limits others) {}

  private static final ConfigReader<Sample> READER = ConfigReader.of(Sample.class);

  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static ConfigSources.Builder complete() {
    return ConfigSources.builder().flag("jdbc_url", "jdbc:mysql://db/x");
  }

  private static List<ConfigProblem> problems(ConfigSources.Builder sources) {
    var thrown = catchThrowableOfType(ConfigException.class, () -> READER.read(sources.build()));
    assertThat(thrown).isNotNull();
    return thrown.problems();
  }

  @Test
  void defaultsStandWhereNoSourceSpeaks() {
    var config = READER.read(complete().build());

    assertThat(config.listen()).containsExactly(new Address("0.0.0.0", 7001));
    assertThat(config.password()).isEmpty();
    assertThat(config.bodyBytes()).isEqualTo(1 << 20);
    assertThat(config.durability()).isEqualTo(Durability.FULL_SYNC);
    assertThat(config.pidFile()).isEmpty();
    assertThat(config.probe()).isTrue();
    assertThat(config.evenness()).isEqualTo(0.5);
    assertThat(config.placement()).isEqualTo(new Placement(100, Duration.ofSeconds(2)));
  }

  @Test
  void yamlGivesNestedAndDottedKeysListsAndExactTexts() throws IOException {
    var file =
        file(
            "tracker.yaml",
            """
            # a comment
            listen: [127.0.0.1:1, "[::1]:2"]
            jdbc_url: jdbc:mysql://db:3306/mogilefs
            password: 0123
            body_bytes: 1.5k
            durability: none
            pid_file: /run/x.pid
            probe: off
            evenness:
            placement:
              min_free_space_mb: 7
            placement.pause: 500ms
            """);

    var config = READER.read(ConfigSources.builder().file(file).build());

    assertThat(config.listen()).containsExactly(new Address("127.0.0.1", 1), new Address("::1", 2));
    assertThat(config.jdbcUrl()).isEqualTo("jdbc:mysql://db:3306/mogilefs");
    assertThat(config.password()).isEqualTo("0123");
    assertThat(config.bodyBytes()).isEqualTo(1536);
    assertThat(config.durability()).isEqualTo(Durability.NONE);
    assertThat(config.pidFile()).contains(Path.of("/run/x.pid"));
    assertThat(config.probe()).isFalse();
    assertThat(config.evenness()).isEqualTo(0.5);
    assertThat(config.placement()).isEqualTo(new Placement(7, Duration.ofMillis(500)));
  }

  @Test
  void jsonIsReadToo() throws IOException {
    var file = file("t.json", "{\"jdbc_url\": \"a\", \"placement\": {\"min_free_space_mb\": 3}}");

    var config = READER.read(ConfigSources.builder().file(file).build());

    assertThat(config.placement().minFreeSpaceMb()).isEqualTo(3);
  }

  @Test
  void flagsWinOverTheEnvironmentWhichWinsOverTheFile() throws IOException {
    var file = file("t.yaml", "jdbc_url: file\npassword: file\nbody_bytes: 1\n");
    var environment = Map.of("HAYLOFT_PASSWORD", "env", "HAYLOFT_BODY_BYTES", "2", "PATH", "/bin");
    var sources =
        ConfigSources.builder().file(file).environment(environment).flag("--body-bytes", "3");

    var config = READER.read(sources.build());

    assertThat(config.jdbcUrl()).isEqualTo("file");
    assertThat(config.password()).isEqualTo("env");
    assertThat(config.bodyBytes()).isEqualTo(3);
  }

  @Test
  void flagsMayBeDottedKeysOrFlags() {
    var config =
        READER.read(
            complete()
                .flags(Map.of("placement.min_free_space_mb", "1", "--placement-pause", "1"))
                .build());

    assertThat(config.placement()).isEqualTo(new Placement(1, Duration.ofSeconds(1)));
  }

  @Test
  void allProblemsAreReportedAtOnceEachWithItsSource() throws IOException {
    var file = file("t.yaml", "lissten: 1\nbody_bytes: many\nplacement:\n  pause: 2m\n");
    var sources =
        ConfigSources.builder()
            .file(file)
            .environment(Map.of("HAYLOFT_PROBE", "maybe", "HAYLOFT_PROBES", "1"))
            .flag("--durabilty", "none")
            .flag("--evenness", "2");

    assertThat(problems(sources))
        .extracting(ConfigProblem::code, problem -> problem.toString())
        .containsExactlyInAnyOrder(
            tuple(
                Code.UNKNOWN_KEY,
                file + " line 1: lissten: is not a setting. Did you mean listen?"),
            tuple(Code.UNKNOWN_KEY, "HAYLOFT_PROBES: sets nothing. Did you mean HAYLOFT_PROBE?"),
            tuple(Code.UNKNOWN_KEY, "--durabilty: is not an option. Did you mean --durability?"),
            tuple(
                Code.MISSING,
                "jdbc_url: must be set, in the file, as HAYLOFT_JDBC_URL or with --jdbc-url."
                    + " The database."),
            tuple(
                Code.BAD_VALUE,
                file + " line 2: body_bytes: \"many\" is not a size (4096, 64k, 512m, 2g)"),
            tuple(Code.BAD_VALUE, "HAYLOFT_PROBE: \"maybe\" is neither yes nor no"),
            tuple(Code.OUT_OF_RANGE, "--evenness: \"2\" is out of range: it must be 0 to 1"),
            tuple(
                Code.OUT_OF_RANGE,
                file
                    + " line 4: placement.pause: \"2m\" is out of range: it must be 1 to 60000"
                    + " ms"));
  }

  @Test
  void aKeyWithoutItsGroupIsFoundByItsName() throws IOException {
    var file = file("t.yaml", "jdbc_url: a\nmin_free_space_mb: 3\nplacement.probe: yes\n");

    assertThat(problems(ConfigSources.builder().file(file)))
        .extracting(ConfigProblem::sentence)
        .containsExactly(
            "is not a setting. Did you mean placement.min_free_space_mb?",
            "is not a setting. Did you mean probe?");
  }

  @Test
  void aGroupIsNoSetting() throws IOException {
    var file = file("t.yaml", "jdbc_url: a\nplacement: 3\n");

    assertThat(problems(ConfigSources.builder().file(file)))
        .extracting(ConfigProblem::sentence)
        .containsExactly("is a group of settings, not a setting");
  }

  @Test
  void environmentOfOthersIsNotReported() {
    var environment =
        Map.of("HAYLOFT_HOME", "/x", "HAYLOFT_TEST_JDBC_URL", "y", "HAYLOFT_PASSWORD", "z");

    var config =
        READER.read(
            complete()
                .environment(environment)
                .knownElsewhere(Set.of("HAYLOFT_HOME", "HAYLOFT_TEST_", "HAYLOFT_PASSWORD"))
                .build());

    assertThat(config.password()).isEqualTo("z");
  }

  @Test
  void aVariableSetToNothingIsNotSet() {
    var environment = Map.of("HAYLOFT_BODY_BYTES", "", "HAYLOFT_NO_SUCH_THING", "");

    assertThat(READER.read(complete().environment(environment).build()).bodyBytes())
        .isEqualTo(1 << 20);
  }

  @Test
  void aSecretIsNeverShown() {
    record Secretive(@Setting(doc = "x", byDefault = "0", secret = true) int pin) {}

    assertThatThrownBy(
            () ->
                ConfigReader.of(Secretive.class)
                    .read(ConfigSources.builder().flag("pin", "hunter2").build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--pin: the value (not shown) is not a whole number");
  }

  @Test
  void brokenYamlNamesTheLineWithoutQuotingIt() throws IOException {
    var file = file("t.yaml", "jdbc_url: a\npassword: 'hunter2\n");

    var found = problems(ConfigSources.builder().file(file));

    assertThat(found.getFirst().code()).isEqualTo(Code.UNREADABLE);
    assertThat(found.getFirst().toString()).startsWith(file + " line 2").doesNotContain("hunter");
  }

  @Test
  void keysGivenTwiceAreRefused() throws IOException {
    var once = file("a.yaml", "jdbc_url: a\njdbc_url: b\n");
    var dotted = file("b.yaml", "jdbc_url: a\nplacement: {pause: 1}\nplacement.pause: 2\n");

    assertThat(problems(ConfigSources.builder().file(once)).getFirst().toString())
        .contains("a.yaml line 2")
        .contains("Duplicate");
    assertThat(problems(ConfigSources.builder().file(dotted)))
        .extracting(ConfigProblem::code)
        .containsExactly(Code.GIVEN_TWICE);
    assertThat(problems(complete().flag("--jdbc-url", "b")))
        .extracting(ConfigProblem::code)
        .containsExactly(Code.GIVEN_TWICE);
  }

  @Test
  void whatAConfigurationCannotBeIsRefusedInSentences() throws IOException {
    assertThat(problems(complete().file(file("a.yaml", "- a\n"))).getFirst().sentence())
        .isEqualTo("is not a list of settings (key: value)");
    assertThat(problems(complete().file(file("b.yaml", "password: &x 1\npid_file: *x\n"))))
        .extracting(ConfigProblem::sentence)
        .containsExactly("aliases are not read here");
    assertThat(problems(complete().file(file("c.yaml", "probe: yes\n---\nprobe: no\n"))))
        .extracting(ConfigProblem::sentence)
        .containsExactly("begins a second document, which is not read");
    assertThat(problems(complete().file(file("d.yaml", "probe: [yes, no]\n"))))
        .extracting(ConfigProblem::sentence)
        .containsExactly("takes one value, not a list of 2");
    assertThat(problems(complete().file(file("e.yaml", "listen: [{a: 1}, 2]\nprobe: x"))))
        .extracting(ConfigProblem::sentence)
        .containsExactly(
            "is a list of something else than single values", "\"x\" is neither yes nor no");
    assertThat(problems(complete().file(directory.resolve("none.yaml"))))
        .extracting(ConfigProblem::sentence)
        .containsExactly("there is no such file");
    assertThat(problems(complete().file(directory)))
        .extracting(ConfigProblem::code)
        .containsExactly(Code.UNREADABLE);
  }

  @Test
  void anEmptyFileIsAConfiguration() throws IOException {
    assertThat(READER.read(complete().file(file("a.yaml", "")).build()).probe()).isTrue();
    assertThat(READER.read(complete().file(file("b.yaml", "# none\n")).build()).probe()).isTrue();
  }

  @Test
  void aWrongValueThatIsOverriddenDoesNoHarm() throws IOException {
    var file = file("a.yaml", "body_bytes: many\n");

    assertThat(READER.read(complete().file(file).flag("body_bytes", "5").build()).bodyBytes())
        .isEqualTo(5);
  }

  @Test
  void whatTheRecordRefusesIsAProblem() {
    assertThatThrownBy(
            () ->
                ConfigReader.of(Whole.class)
                    .read(ConfigSources.builder().flag("limits.low", "3").build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("limits: low is above high");
  }

  @Test
  void keysDescribeThemselves() {
    var key = READER.keys().get(8);

    assertThat(READER.keys()).hasSize(10);
    assertThat(key.name()).isEqualTo("placement.min_free_space_mb");
    assertThat(key.environmentName()).isEqualTo("HAYLOFT_PLACEMENT_MIN_FREE_SPACE_MB");
    assertThat(key.flag()).isEqualTo("--placement-min-free-space-mb");
    assertThat(key.byDefault()).isEqualTo("100");
    assertThat(READER.keys().get(0).type()).isEqualTo("list of address");
    assertThat(READER.keys().get(4).type()).isEqualTo("one of full_sync, none");
    assertThat(READER.environmentNames()).contains("HAYLOFT_PLACEMENT_PAUSE").hasSize(10);
  }

  @Test
  void keysOfWhatIsAGroupInTheCodeOnlyStandBesideIt() {
    record Ports(@Setting(doc = "x", byDefault = "1") int read) {}
    record Daemon(@Ungrouped Ports ports, @Setting(doc = "x", byDefault = "2") int write) {}
    var reader = ConfigReader.of(Daemon.class);

    var read =
        reader.read(ConfigSources.builder().environment(Map.of("HAYLOFT_READ", "7")).build());

    assertThat(reader.keys()).extracting(ConfigKey::name).containsExactly("read", "write");
    assertThat(read).isEqualTo(new Daemon(new Ports(7), 2));
  }

  @Test
  void recordsThatAreNoConfigurationAreBugs() {
    record NoSetting(int a) {}
    record NoDefault(@Setting(doc = "x") int a) {}
    record OddType(@Setting(doc = "x", byDefault = "y") StringBuilder a) {}
    record OneName(@Setting(doc = "x") String pidFile, @Setting(doc = "x") String pid_file) {}

    for (var type : List.of(NoSetting.class, NoDefault.class, OddType.class, OneName.class)) {
      assertThatThrownBy(() -> ConfigReader.of(type)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void keysOfAnUngroupedRecordHaveNoPrefix() {
    var read =
        ConfigReader.of(Flat.class)
            .read(ConfigSources.builder().flag("high", "7").flag("others.high", "9").build());

    assertThat(read).isEqualTo(new Flat(new Limits(1, 7), new Limits(1, 9)));
    assertThatThrownBy(
            () ->
                ConfigReader.of(Flat.class).read(ConfigSources.builder().flag("low", "7").build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("low is above high");
  }
}
