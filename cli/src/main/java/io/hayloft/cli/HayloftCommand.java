package io.hayloft.cli;

import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hayloft} by itself: says what there is. */
@Command(
    name = "hayloft",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "A file store for very many small and middle-sized files.",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "",
      "New here? Two commands, nothing to install but a JDK and Maven:",
      "  hayloft demo ~/Pictures   stores them in a scratch cluster, kills a node, compares all",
      "  hayloft dev               starts a cluster and leaves it running",
      "Then, in another shell:",
      "  hayloft put cat.jpg       hayloft ls       hayloft get cat.jpg copy.jpg",
      ""
    },
    footer = {
      "",
      "Trackers, domain and class come from --trackers, --domain, --class; else from",
      "HAYLOFT_TRACKERS, HAYLOFT_DOMAIN, HAYLOFT_CLASS; else from ~/.mogilefs.conf or",
      "/etc/mogilefs/mogilefs.conf; else the tracker on 127.0.0.1:7001 is asked.",
      "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 no answer (hayloft help exit-codes).",
      "More about a command: hayloft COMMAND --help"
    })
final class HayloftCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  HayloftCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    surroundings.terminal().line(text(spec.commandLine()));
  }

  private static String text(CommandLine line) {
    return line.getUsageMessage().stripTrailing();
  }
}
