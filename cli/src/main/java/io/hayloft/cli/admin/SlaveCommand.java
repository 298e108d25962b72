package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.HayloftAdmin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Read replicas of the database. Each is a setting with address, user and password. */
@Command(
    name = "slave",
    description = {
      "List, add, modify or delete read replicas of the database.",
      "",
      "  hayloft slave add db2 --dsn=DBI:mysql:mogilefs:host=db2 --username=u --password=p",
      ""
    })
final class SlaveCommand implements Runnable {

  private static final String LIST = "slave_keys";

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  SlaveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  @Command(name = "list", description = "List the read replicas; passwords are not shown.")
  void list(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var objects = new ArrayList<Map<String, @Nullable Object>>();
      for (var key : keys(admin)) {
        var parts = parts(admin.setting("slave_" + key).orElse(""));
        objects.add(Json.object("key", key, "dsn", parts.get(0), "username", parts.get(1)));
      }
      if (options.json()) {
        surroundings.terminal().line(Json.text(objects));
        return;
      }
      objects.forEach(
          slave ->
              surroundings
                  .terminal()
                  .line(
                      "%s --dsn=%s --username=%s"
                          .formatted(slave.get("key"), slave.get("dsn"), slave.get("username"))));
    }
  }

  private static List<String> keys(HayloftAdmin admin) throws IOException {
    return Arrays.stream(admin.setting(LIST).orElse("").split(","))
        .map(String::strip)
        .filter(key -> !key.isEmpty())
        .toList();
  }

  /** Address, user and password, of which any may be missing. */
  private static List<String> parts(String setting) {
    var parts = new ArrayList<>(List.of(setting.split("\\|", -1)));
    while (parts.size() < 3) {
      parts.add("");
    }
    return parts;
  }

  @Command(
      name = "add",
      aliases = "modify",
      description = "Add a read replica, or change one; what is not named stays as it is.")
  void add(
      @Parameters(paramLabel = "KEY", description = "A name for it.") String key,
      @Option(names = "--dsn", paramLabel = "DSN", description = "Its address.")
          @Nullable String dsn,
      @Option(names = "--username", paramLabel = "USER", description = "Its user.")
          @Nullable String user,
      @Option(names = "--password", paramLabel = "PASSWORD", description = "The user's password.")
          @Nullable String password,
      @Mixin AdminOptions options)
      throws IOException {
    if (!key.matches("\\w+") || key.equals("keys") || key.equals("version")) {
      throw new Refusal(ExitCode.USAGE, "a replica's name is one word, not " + key);
    }
    try (var admin = options.open(surroundings)) {
      var old = parts(admin.setting("slave_" + key).orElse(""));
      var address = dsn == null ? old.get(0) : dsn;
      if (address.isEmpty()) {
        throw new Refusal(ExitCode.USAGE, "a new replica needs --dsn");
      }
      var value =
          String.join(
              "|",
              address,
              user == null ? old.get(1) : user,
              password == null ? old.get(2) : password);
      admin.changeSetting("slave_" + key, value);
      var keys = new ArrayList<>(keys(admin));
      if (!keys.contains(key)) {
        keys.add(key);
        admin.changeSetting(LIST, String.join(",", keys));
      }
      options.done(surroundings, Json.object("key", key));
    }
  }

  @Command(name = "delete", description = "Take a read replica out.")
  void delete(
      @Parameters(paramLabel = "KEY", description = "Its name.") String key,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      var keys = new ArrayList<>(keys(admin));
      if (!keys.remove(key)) {
        throw new Refusal(
            ExitCode.NOT_FOUND, "there is no replica %s: see hayloft slave list".formatted(key));
      }
      admin.changeSetting(LIST, String.join(",", keys));
      admin.changeSetting("slave_" + key, "");
      options.done(surroundings, Json.object("key", key));
    }
  }
}
