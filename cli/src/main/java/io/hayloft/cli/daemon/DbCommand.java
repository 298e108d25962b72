package io.hayloft.cli.daemon;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.console.Table;
import io.hayloft.cli.session.OutputOptions;
import io.hayloft.schema.DatabaseCreation;
import io.hayloft.schema.Schema;
import io.hayloft.schema.SchemaStatus;
import io.hayloft.schema.SchemaStatus.Migration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The tables of the trackers' database. */
@Command(
    name = "db",
    description = {
      "Create, update or look at the tables of the trackers' database.",
      "",
      "  hayloft db status --url jdbc:mysql://db1:3306/mogilefs --user mogile",
      "  hayloft db create --url jdbc:mysql://db1:3306/mogilefs --user mogile --admin-user root",
      "  hayloft db migrate --config /etc/mogilefs/mogilefsd.conf",
      "",
      "migrate also takes over the database of a MogileFS, whose tables stay as they are.",
      ""
    })
final class DbCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  DbCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: db status, db create, db migrate");
  }

  @Command(name = "status", description = "Say in which state the tables are. Changes nothing.")
  int status(@Mixin DatabaseOptions database, @Mixin OutputOptions output) {
    var access = database.read(surroundings);
    var status = Schema.status(access.url(), access.user(), access.password());
    var terminal = surroundings.terminal();
    if (output.json()) {
      terminal.line(Json.text(json(status)));
    } else {
      terminal.line(sentence(status));
      new Table<Migration>()
          .words("version", "version", Migration::version)
          .words("applied", "applied", each -> each.applied() ? "yes" : "no")
          .words("what it does", "description", Migration::description)
          .show(terminal, false, status.migrations());
    }
    return status.state() == SchemaStatus.State.CURRENT
        ? ExitCode.OK.number()
        : ExitCode.USAGE.number();
  }

  private static Map<String, @Nullable Object> json(SchemaStatus status) {
    return Json.object(
        "state", status.state().name().toLowerCase(Locale.ROOT),
        "detail", status.detail(),
        "migrations",
            status.migrations().stream()
                .map(
                    each ->
                        Json.object(
                            "version", each.version(),
                            "description", each.description(),
                            "applied", each.applied()))
                .toList());
  }

  static String sentence(SchemaStatus status) {
    return switch (status.state()) {
      case EMPTY -> "The database has no tables yet: hayloft db migrate makes them.";
      case ADOPTABLE -> "It is a MogileFS database: hayloft db migrate takes it over.";
      case BEHIND -> "The tables are older than this version: hayloft db migrate updates them.";
      case CURRENT -> "The tables are as this version wants them.";
      case NEWER -> "A newer version has migrated the tables: install that version here too.";
      case OTHER_VERSION ->
          "It is a MogileFS database of schema version %s, which cannot be taken over."
              .formatted(status.detail());
      case FOREIGN ->
          "Other tables are in it (%s): create an empty database.".formatted(status.detail());
    };
  }

  @Command(
      name = "create",
      description = "Create the database and the account, as the server's administrator.")
  void create(
      @Mixin DatabaseOptions database,
      @Option(
              names = "--admin-user",
              paramLabel = "USER",
              defaultValue = "root",
              description = "Who may create databases. Default: root.")
          String admin,
      @Option(
              names = "--admin-password",
              paramLabel = "PASSWORD",
              defaultValue = "",
              description = "That account's password.")
          String adminPassword) {
    var access = database.read(surroundings);
    var address =
        DatabaseAddress.parse(access.url())
            .orElseThrow(
                () -> new Refusal(ExitCode.USAGE, "the address names no database to create"));
    DatabaseCreation creation;
    try {
      creation = new DatabaseCreation(address.database(), access.user(), access.password());
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
    creation.run(address.serverUrl(), admin, adminPassword);
    surroundings
        .terminal()
        .line("%s is there for %s. Next: hayloft db migrate".formatted(address, access.user()));
  }

  @Command(name = "migrate", description = "Create the tables, update them, or take them over.")
  void migrate(@Mixin DatabaseOptions database, @Mixin OutputOptions output) {
    var access = database.read(surroundings);
    var result = Schema.migrate(access.url(), access.user(), access.password());
    if (output.json()) {
      surroundings
          .terminal()
          .line(Json.text(Json.object("adopted", result.adopted(), "applied", result.applied())));
    } else if (result.applied().isEmpty()) {
      surroundings.terminal().line("Nothing to do: the tables are as this version wants them.");
    } else {
      surroundings
          .terminal()
          .line(
              "%s, now at version %s."
                  .formatted(
                      result.adopted() ? "Took the MogileFS database over" : "Migrated",
                      result.applied().getLast()));
    }
  }
}
