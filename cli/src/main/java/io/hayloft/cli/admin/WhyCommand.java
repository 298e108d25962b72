package io.hayloft.cli.admin;

import static io.hayloft.cli.admin.Numbered.text;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.DomainInfo;
import io.hayloft.client.FileMissingException;
import io.hayloft.client.HayloftAdmin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains one file. */
@Command(
    name = "why",
    description = {
      "Explain a file: where its copies are, what is to be done, what failed last.",
      "",
      "  hayloft why pets/cat.jpg",
      "  hayloft why --fid 1234",
      ""
    },
    sortOptions = false)
final class WhyCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(arity = "0..1", paramLabel = "KEY", description = "The key of the file.")
  private @Nullable String key;

  @Option(names = "--fid", paramLabel = "FID", description = "Its number, instead of a key.")
  private @Nullable String fid;

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      description = "The domain of the key; default the only one there is.")
  private Optional<String> domain = Optional.empty();

  @Mixin private AdminOptions options = new AdminOptions();

  WhyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    try (var admin = options.open(surroundings)) {
      var reply = ask(admin);
      if (options.json()) {
        surroundings.terminal().line(Json.text(json(reply)));
      } else {
        show(reply);
      }
      boolean isFile = reply.getOrDefault("file", "0").equals("1");
      return (isFile ? ExitCode.OK : ExitCode.NOT_FOUND).number();
    }
  }

  private Map<String, String> ask(HayloftAdmin admin) throws IOException {
    try {
      return admin.ask("hayloft_why", question(admin));
    } catch (FileMissingException e) {
      throw new Refusal(ExitCode.NOT_FOUND, "there is no file of key " + key, e);
    }
  }

  /** A number alone is a key too; so a fid is said to be one. */
  private Map<String, String> question(HayloftAdmin admin) throws IOException {
    if (fid != null) {
      return Map.of("fid", fid);
    }
    if (key == null) {
      throw new Refusal(ExitCode.USAGE, "which file? Say its key, or --fid and its number");
    }
    var bytes = new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return Map.of("key", bytes, "domain", domain.isPresent() ? domain.get() : only(admin));
  }

  private static String only(HayloftAdmin admin) throws IOException {
    var names = admin.domains().stream().map(DomainInfo::name).toList();
    if (names.size() != 1) {
      throw new Refusal(ExitCode.USAGE, "which domain? Add --domain NAME");
    }
    return names.getFirst();
  }

  private static Map<String, @Nullable Object> json(Map<String, String> reply) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    reply.forEach(
        (name, value) -> {
          if (!name.matches("(copy|queue|attempt)_[0-9]+_.*")
              && !name.matches("copies|queues|attempts")) {
            object.put(name, value);
          }
        });
    object.put("copies", Numbered.list(reply, "copy"));
    object.put("queues", Numbered.list(reply, "queue"));
    object.put("attempts", Numbered.list(reply, "attempt"));
    return object;
  }

  private void show(Map<String, String> reply) {
    var terminal = surroundings.terminal();
    if (reply.getOrDefault("file", "0").equals("1")) {
      terminal.line(
          "fid %s: key %s, domain %s, %s bytes"
              .formatted(
                  reply.getOrDefault("fid", ""),
                  reply.getOrDefault("key", ""),
                  reply.getOrDefault("domain", ""),
                  reply.getOrDefault("length", "")));
      terminal.line(
          "class %s asks for %s copies by %s"
              .formatted(
                  reply.getOrDefault("class", ""),
                  reply.getOrDefault("mindevcount", ""),
                  reply.getOrDefault("policy", "")));
    } else {
      terminal.line("fid %s is no file".formatted(reply.getOrDefault("fid", "")));
    }
    var copies = Numbered.list(reply, "copy");
    terminal.line(copies.isEmpty() ? "no copy is known" : "copies:");
    for (var copy : copies) {
      var why = text(copy, "why");
      terminal.line(
          "  dev%s on %s, %s: %s"
              .formatted(
                  text(copy, "devid"),
                  text(copy, "host"),
                  text(copy, "status"),
                  why.isEmpty() ? "usable" : why));
    }
    terminal.line("next: " + reply.getOrDefault("plan", ""));
    for (var queue : Numbered.list(reply, "queue")) {
      terminal.line(
          "queue %s: %s failures, tried %s"
              .formatted(text(queue, "name"), text(queue, "failures"), when(text(queue, "next"))));
    }
    for (var attempt : Numbered.list(reply, "attempt")) {
      terminal.line(
          "failed %s: %s%s%s: %s"
              .formatted(
                  when(text(attempt, "when")),
                  text(attempt, "job"),
                  device(" from dev", text(attempt, "from")),
                  device(" to dev", text(attempt, "to")),
                  text(attempt, "why")));
    }
  }

  private static String device(String before, String number) {
    return number.isEmpty() ? "" : before + number;
  }

  /** What is due is due since an old time; new uploads have none. */
  private static String when(String seconds) {
    if (!seconds.matches("[0-9]{1,12}")) {
      return seconds;
    }
    long at = Long.parseLong(seconds);
    return at == 0 ? "now" : "at " + Instant.ofEpochSecond(at);
  }
}
