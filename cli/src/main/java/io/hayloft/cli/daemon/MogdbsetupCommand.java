package io.hayloft.cli.daemon;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.daemon.OptionTable.Takes;
import io.hayloft.schema.DatabaseCreation;
import io.hayloft.schema.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * {@code mogdbsetup} under its own name and with its own options: makes database and account as the
 * server's administrator, then the tables. May be run again; then it brings the tables up to date.
 */
final class MogdbsetupCommand implements Callable<Integer> {

  private static final OptionTable OPTIONS =
      new OptionTable()
          .other("dbhost", "", Takes.VALUE)
          .other("dbport", "", Takes.VALUE)
          .other("dbname", "", Takes.VALUE)
          .other("dbuser", "", Takes.VALUE)
          .other("dbpassword", "", Takes.VALUE)
          .other("dbrootuser", "", Takes.VALUE)
          .other("dbrootpassword", "", Takes.VALUE)
          .other("type", "", Takes.VALUE)
          .other("plugins", "", Takes.VALUE)
          .other("yes", "", Takes.NOTHING)
          .other("verbose", "", Takes.NOTHING)
          .other("noschemabump", "", Takes.NOTHING);

  private final Surroundings surroundings;
  private final OriginalProgram program;

  private MogdbsetupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.program =
        OriginalProgram.of(
            this,
            "mogdbsetup",
            "hayloft db create and hayloft db migrate with the options of the original's tool:",
            OPTIONS);
  }

  static CommandLine of(Surroundings surroundings) {
    return new MogdbsetupCommand(surroundings).program.commandLine();
  }

  @Override
  public Integer call() throws IOException {
    var given = program.parsed();
    var type = given.other("type").orElse("MySQL");
    if (!type.toLowerCase(Locale.ROOT).equals("mysql")) {
      throw new Refusal(
          ExitCode.USAGE, "there is no support for " + type + ": use MySQL or MariaDB");
    }
    var server =
        "jdbc:mysql://%s:%s/"
            .formatted(
                given.other("dbhost").orElse("localhost"), given.other("dbport").orElse("3306"));
    var creation = creation(given);
    if (!given.has("yes") && !agrees(creation + " on " + server)) {
      surroundings.terminal().note("mogdbsetup: nothing was done");
      return ExitCode.FAILED.number();
    }
    creation.run(
        server, given.other("dbrootuser").orElse("root"), given.other("dbrootpassword").orElse(""));
    if (!given.has("noschemabump")) {
      Schema.migrate(server + creation.database(), creation.user(), creation.password());
    }
    if (given.has("verbose")) {
      surroundings.terminal().line("Made or brought up to date: " + creation + " on " + server);
    }
    return ExitCode.OK.number();
  }

  private static DatabaseCreation creation(OptionTable.Parsed given) {
    try {
      return new DatabaseCreation(
          given.other("dbname").orElse("mogilefs"),
          given.other("dbuser").orElse("mogile"),
          given.other("dbpassword").orElse(""));
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /** As the original asks; what is not a yes is a no. */
  private boolean agrees(String what) throws IOException {
    surroundings.terminal().note("This makes or updates " + what + ". Continue? [N/y]");
    var answer =
        new BufferedReader(
                new InputStreamReader(surroundings.terminal().in(), StandardCharsets.UTF_8))
            .readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
