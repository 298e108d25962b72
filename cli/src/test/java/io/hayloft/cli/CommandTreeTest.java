package io.hayloft.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandTreeTest {

  @TempDir private Path home;
  private Cli cli;

  @BeforeEach
  void makeCli() {
    cli = new Cli(home, Map.of());
  }

  @Test
  void withoutWordsSaysHowToBegin() {
    var result = cli.run();

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("hayloft demo", "hayloft dev", "Exit codes:");
  }

  @Test
  void unknownCommandIsAUsageErrorWithTheNearestOne() {
    var result = cli.run("stta");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("hayloft: there is no command stta. Did you mean: stat? (see hayloft --help)\n");
  }

  @Test
  void unknownOptionIsAUsageErrorWithTheNearestOne() {
    var result = cli.run("put", "--prefx=a", "x");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "hayloft: there is no option --prefx=a. Did you mean: --prefix?"
                + " (see hayloft put --help)\n");
  }

  @Test
  void everyCommandExplainsItselfAndTakesJson() {
    var checked = check(CommandTree.of(new Cli(home, Map.of()).surroundings()).root());

    assertThat(checked).isGreaterThan(8);
  }

  /** Each starts with a tree of its own, which nobody should notice. */
  @Test
  void aDaemonByItselfIsWhatItIsAmongAllCommands() {
    var surroundings = new Cli(home, Map.of()).surroundings();
    var all = CommandTree.of(surroundings).root();

    for (var daemon : Main.DAEMONS) {
      var one = CommandTree.forLine(surroundings, daemon, "--help").root();
      assertThat(usage(one, daemon)).contains(daemon).isEqualTo(usage(all, daemon));
      assertThat(one.getSubcommands()).hasSize(1);
    }
    for (String[] others : new String[][] {{}, {"ls"}, {"--help"}, {"help", "node"}}) {
      assertThat(CommandTree.forLine(surroundings, others).root().getSubcommands())
          .hasSameSizeAs(all.getSubcommands());
    }
  }

  private static String usage(CommandLine root, String command) {
    return requireNonNull(root.getSubcommands().get(command)).getUsageMessage();
  }

  private static int check(CommandLine command) {
    int checked = 1;
    for (var each : command.getSubcommands().values()) {
      var spec = each.getCommandSpec();
      assertThat(spec.usageMessage().description()).as(spec.qualifiedName()).isNotEmpty();
      assertThat(each.getUsageMessage()).as(spec.qualifiedName()).contains("--help");
      spec.options()
          .forEach(
              option ->
                  assertThat(option.description())
                      .as(spec.qualifiedName() + " " + option.longestName())
                      .isNotEmpty());
      checked += check(each);
    }
    return checked;
  }

  @Test
  void exitCodesAreDocumented() {
    assertThat(cli.run("help", "exit-codes").out().lines().map(line -> line.strip().split(" ")[0]))
        .containsExactly("0", "1", "2", "3", "4", "130");
  }

  @Test
  void helpOfACommandIsItsHelp() {
    assertThat(cli.run("help", "put").out().strip())
        .isEqualTo(cli.run("put", "--help").out().strip());
    assertThat(cli.run("help", "nothing").exitCode()).isEqualTo(2);
  }

  @Test
  void completionScriptIsGoodShell() throws Exception {
    var script = home.resolve("completion.sh");
    Files.write(script, cli.run("completion").bytes());

    var shell = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();

    assertThat(shell.waitFor()).isZero();
    assertThat(script).content().contains("complete -F", "hayloft", "--trackers");
  }

  @Test
  void noTrackerIsExitCodeFourAndOneLine() {
    // A port that the system never gives to a listener.
    var result = cli.run("ls", "--domain", "d", "--trackers", "127.0.0.1:1");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err()).startsWith("hayloft: ").contains("hayloft dev").hasLineCount(1);
  }
}
