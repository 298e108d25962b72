package io.hayloft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a checkout of its own with a JDK and a Maven that are shell scripts: the JDK
 * prints its arguments, the Maven leaves a class path.
 */
class LauncherTest {

  private static final Path LAUNCHER = Path.of("..", "bin", "hayloft").toAbsolutePath().normalize();

  @TempDir private Path scratch;
  private Path checkout;
  private Path tools;
  private Path jdks;

  private record Result(int exitCode, String out, String err) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = Files.createDirectories(scratch.resolve("check out")); // with a blank on purpose
    tools = Files.createDirectories(scratch.resolve("tools"));
    jdks = Files.createDirectories(scratch.resolve("jdks"));
    Files.createDirectories(checkout.resolve("bin"));
    Files.copy(LAUNCHER, checkout.resolve("bin/hayloft"));
    var source = checkout.resolve("cli/src/main/java/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class Main {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    script(
        tools.resolve("mvn"),
        "echo built >>'%s'; printf 'a.jar:b.jar' >cli/target/classpath"
            .formatted(scratch.resolve("builds")));
  }

  @Test
  void withoutJdkSaysWhatToInstall() throws Exception {
    var result = run(Map.of(), "ls");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("hayloft: no JDK 25 or newer was found: install one")
        .contains("JAVA_HOME")
        .hasLineCount(1);
  }

  @Test
  void olderJdkIsPassedOver() throws Exception {
    var old = jdk("jdk-17", "17.0.9");
    jdk("jdk-26", "26");

    var result = run(Map.of("JAVA_HOME", old.toString()), "ls");

    assertThat(result.out()).startsWith("jdk-26 ");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void javaHomeWinsWhenItIsNewEnough() throws Exception {
    jdk("jdk-25", "25.0.1");
    var chosen = jdk("elsewhere", "27-ea");

    var result = run(Map.of("JAVA_HOME", chosen.toString()), "ls");

    assertThat(result.out()).startsWith("elsewhere ");
  }

  @Test
  void buildsOnFirstUseAndThenNoMore() throws Exception {
    jdk("jdk-25", "25");

    var first = run(Map.of(), "ls", "two words");
    var second = run(Map.of(), "ls");

    assertThat(first.err()).contains("building Hayloft (first use");
    assertThat(first.out())
        .contains("check out/cli/target/classes:a.jar:b.jar io.hayloft.cli.Main ls [two words]");
    assertThat(second.err()).isEmpty();
    assertThat(scratch.resolve("builds")).hasContent("built");
  }

  @Test
  void changedSourceIsBuiltAgain() throws Exception {
    jdk("jdk-25", "25");
    run(Map.of(), "ls");
    Files.setLastModifiedTime(
        checkout.resolve("cli/target/classpath"),
        FileTime.from(Instant.parse("2019-01-01T00:00:00Z")));

    var result = run(Map.of(), "ls");

    assertThat(result.err()).contains("building Hayloft (the sources have changed)");
    assertThat(scratch.resolve("builds")).hasContent("built\nbuilt");
  }

  @Test
  void withoutMavenSaysWhatToInstall() throws Exception {
    jdk("jdk-25", "25");
    Files.delete(tools.resolve("mvn"));

    var result = run(Map.of(), "ls");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("hayloft: Maven is needed to build Hayloft");
  }

  @Test
  void failedBuildSaysWhereItsLogIs() throws Exception {
    jdk("jdk-25", "25");
    script(tools.resolve("mvn"), "echo '[ERROR] no such plugin'; exit 1");

    var result = run(Map.of(), "ls");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("the build failed: [ERROR] no such plugin")
        .contains("cli/target/build.log");
  }

  @Test
  void worksThroughALinkFromAnywhere() throws Exception {
    jdk("jdk-25", "25");
    var link = Files.createSymbolicLink(scratch.resolve("hl"), Path.of("check out/bin/hayloft"));

    var result = run(link, Map.of(), "ls");

    assertThat(result.out()).contains("check out/cli/target/classes:");
  }

  @Test
  void jarsOfPluginsAreOnTheClassPath() throws Exception {
    jdk("jdk-25", "25");
    Files.createDirectories(checkout.resolve("lib"));
    Files.createDirectories(checkout.resolve("plugins"));

    assertThat(run(Map.of(), "tracker").out())
        .contains("check out/lib/*:" + checkout.resolve("plugins") + "/* io.hayloft.cli.Main");
  }

  @Test
  void installationIsNeverBuilt() throws Exception {
    jdk("jdk-25", "25");
    Files.createDirectories(checkout.resolve("lib"));

    var result = run(Map.of(), "tracker");

    assertThat(result.out())
        .contains("check out/lib/* io.hayloft.cli.Main")
        .contains("UseSerialGC");
    assertThat(scratch.resolve("builds")).doesNotExist();
  }

  @Test
  void whatARehearsalLeftIsUsedWithTheJarsThatItIsOf() throws Exception {
    jdk("jdk-25", "25");
    var target = leaveCache();

    assertThat(run(Map.of(), "node").out())
        .contains(" -XX:AOTCache=" + target.resolve("hayloft.aot") + " ")
        .contains(" -cp " + target.resolve("hayloft-cli-1.jar") + ":a.jar:b.jar io.hayloft");
    assertThat(run(Map.of("HAYLOFT_BUILD", "never"), "node").out()).contains(" -XX:AOTCache=");
    var compiled =
        Files.createFile(Files.createDirectories(target.resolve("classes")).resolve("A.class"));
    Files.setLastModifiedTime(compiled, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run(Map.of("HAYLOFT_BUILD", "never"), "node").out())
        .as("the jars are older than what was compiled")
        .doesNotContain("AOTCache")
        .contains("cli/target/classes:a.jar:b.jar");
  }

  @Test
  void whatARehearsalLeftYieldsToOptionsThatDoNotGoWithIt() throws Exception {
    jdk("jdk-25", "25");
    leaveCache();

    assertThat(run(Map.of("HAYLOFT_JAVA_OPTS", "-Xshare:off"), "node").out())
        .contains("-Xshare:off")
        .doesNotContain("AOTCache");
  }

  @Test
  void aRehearsalRunsAnotherMainWithTheFlagsOfTheDaemon() throws Exception {
    jdk("jdk-25", "25");
    leaveCache();

    var result = run(Map.of("HAYLOFT_BUILD", "never", "HAYLOFT_REHEARSAL", "/x/new.aot"), "node");

    assertThat(result.out())
        .contains("UseSerialGC")
        .contains(" -XX:AOTCacheOutput=/x/new.aot ")
        .doesNotContain("-XX:AOTCache=")
        .contains("hayloft-cli-1.jar:a.jar:b.jar io.hayloft.cli.Rehearsal node");
  }

  /** The directory with what a build leaves. */
  private Path leaveCache() throws Exception {
    run(Map.of(), "ls");
    var target = checkout.resolve("cli/target").toRealPath();
    Files.createFile(target.resolve("hayloft-cli-1.jar"));
    Files.createFile(target.resolve("hayloft.aot"));
    return target;
  }

  @Test
  void linkCalledAsOneOfTheOriginalsProgramsIsThatProgram() throws Exception {
    jdk("jdk-25", "25");
    var link =
        Files.createSymbolicLink(scratch.resolve("mogilefsd"), Path.of("check out/bin/hayloft"));

    var result = run(link, Map.of(), "--skipconfig");

    assertThat(result.out())
        .contains("io.hayloft.cli.Main mogilefsd --skipconfig")
        .contains("UseSerialGC");
  }

  @Test
  void daemonInTheBackgroundIsReadyWhenTheLauncherReturns() throws Exception {
    var home = jdk("jdk-25", "25");
    script(
        home.resolve("bin").resolve("java"),
        "echo starting; touch '%s'; echo 'hayloft node is ready: x'"
            .formatted(scratch.resolve("was-started")));
    var link =
        Files.createSymbolicLink(scratch.resolve("mogstored"), Path.of("check out/bin/hayloft"));

    var result = run(link, Map.of(), "--daemon");

    assertThat(result.exitCode()).isZero();
    assertThat(scratch.resolve("was-started")).exists();
  }

  @Test
  void fileOfTheOriginalSendsADaemonIntoTheBackgroundToo() throws Exception {
    var home = jdk("jdk-25", "25");
    script(
        home.resolve("bin").resolve("java"),
        "echo \"$@\" >'%s'; echo 'hayloft tracker is ready: x'"
            .formatted(scratch.resolve("words")));
    var link =
        Files.createSymbolicLink(scratch.resolve("mogilefsd"), Path.of("check out/bin/hayloft"));
    var file =
        Files.writeString(
            scratch.resolve("m.conf"), "#daemonize = 0\ndaemonize = 1\npidfile = /run/m.pid \n");

    var inBackground = run(link, Map.of(), "-c", file.toString());
    Files.writeString(file, "daemonize = 0\n");
    var inForeground = run(link, Map.of(), "--config=" + file);

    assertThat(inBackground.exitCode()).isZero();
    assertThat(inBackground.out()).isEmpty();
    assertThat(scratch.resolve("words"))
        .content()
        .endsWith("Main mogilefsd --config=" + file + "\n");
    assertThat(inForeground.out()).contains("is ready");
  }

  @Test
  void pidFileOfTheFileIsHandedOnBeforeTheOptions() throws Exception {
    jdk("jdk-25", "25");
    var link =
        Files.createSymbolicLink(scratch.resolve("mogstored"), Path.of("check out/bin/hayloft"));
    var file = Files.writeString(scratch.resolve("s.conf"), "pidfile = /run/s.pid\n");

    var result = run(link, Map.of(), "-c", file.toString(), "--pidfile=/own.pid");

    assertThat(result.out())
        .contains("mogstored --pidfile=/run/s.pid -c " + file + " --pidfile=/own.pid");
  }

  @Test
  void daemonInTheBackgroundLetsGoOfTheCallersOutput() throws Exception {
    var home = jdk("jdk-25", "25");
    script(home.resolve("bin").resolve("java"), "echo 'hayloft node is ready: x'; exec sleep 20");
    Files.createSymbolicLink(scratch.resolve("mogstored"), Path.of("check out/bin/hayloft"));
    var reader =
        Files.writeString(scratch.resolve("caller"), "x=$(./mogstored -s -d 2>&1); echo $?");

    var process = start(reader, Map.of());

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("the caller reads to the end").isTrue();
    assertThat(scratch.resolve("out")).hasContent("0");
  }

  @Test
  void daemonThatDoesNotStartFailsTheLauncher() throws Exception {
    var home = jdk("jdk-25", "25");
    script(home.resolve("bin").resolve("java"), "echo 'no database' >&2; exit 2");
    var link =
        Files.createSymbolicLink(scratch.resolve("mogilefsd"), Path.of("check out/bin/hayloft"));

    var result = run(link, Map.of(), "-D");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).endsWith("no database\nmogilefsd: it did not start\n");
  }

  private Path jdk(String name, String version) throws IOException {
    var home = jdks.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(
        home.resolve("bin").resolve("java"),
        "printf '%s' "
            + name
            + "\n"
            + "for word in \"$@\"; do\n"
            + "  case $word in *' '*) case $word in */*) printf ' %s' \"$word\" ;;"
            + " *) printf ' [%s]' \"$word\" ;; esac ;; *) printf ' %s' \"$word\" ;; esac\n"
            + "done");
    return home;
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    return run(checkout.resolve("bin/hayloft"), environment, arguments);
  }

  private Result run(Path launcher, Map<String, String> environment, String... arguments)
      throws Exception {
    var process = start(launcher, environment, arguments);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(scratch.resolve("out")),
        Files.readString(scratch.resolve("err")));
  }

  private Process start(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException {
    var command = new ArrayList<>(List.of("bash", launcher.toString()));
    command.addAll(List.of(arguments));
    var out = scratch.resolve("out");
    var err = scratch.resolve("err");
    var builder =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    var variables = new HashMap<>(environment);
    variables.put("PATH", tools + ":" + systemTools());
    variables.put("HOME", scratch.toString());
    variables.put("HAYLOFT_JDK_DIRS", jdks.toString());
    builder.environment().clear();
    builder.environment().putAll(variables);
    return builder.start();
  }

  /** The usual tools without the machine's own Maven and Java. */
  private Path systemTools() throws IOException {
    var directory = Files.createDirectories(scratch.resolve("system"));
    for (var name :
        List.of(
            "bash",
            "sh",
            "sed",
            "head",
            "dirname",
            "readlink",
            "find",
            "touch",
            "mkdir",
            "cat",
            "cut",
            "grep",
            "flock",
            "setsid",
            "mktemp",
            "sleep",
            "rm",
            "stty")) {
      for (var place : List.of("/usr/bin", "/bin")) {
        var tool = Path.of(place, name);
        if (Files.exists(tool) && !Files.exists(directory.resolve(name))) {
          Files.createSymbolicLink(directory.resolve(name), tool);
        }
      }
    }
    return directory;
  }
}
