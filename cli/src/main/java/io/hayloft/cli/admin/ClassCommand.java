package io.hayloft.cli.admin;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import io.hayloft.client.ClassDefinition;
import io.hayloft.client.DomainInfo;
import io.hayloft.client.DomainInfo.ClassInfo;
import io.hayloft.client.HayloftAdmin;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classes: how many copies a file has, and where. */
@Command(
    name = "class",
    description = {
      "List, add, modify or delete classes, which say how many copies files have.",
      "",
      "  hayloft class add photos original --mindevcount 3 --hashtype MD5",
      "  hayloft class modify photos default --mindevcount 2",
      ""
    })
final class ClassCommand implements Runnable {

  private static final int USUAL_COPIES = 2;

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  ClassCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What can be said of a class. */
  static final class Properties {

    @Option(
        names = "--mindevcount",
        paramLabel = "N",
        description = "How many devices have a copy; 2 for a new class.")
    private @Nullable Integer mindevcount;

    @Option(
        names = "--replpolicy",
        paramLabel = "POLICY",
        description = "How the copies are spread, as in MultipleHosts(3).")
    private @Nullable String replpolicy;

    @Option(
        names = "--hashtype",
        paramLabel = "TYPE",
        description = "The checksum to keep: MD5, SHA-1 or NONE.")
    private @Nullable String hashtype;

    @Option(
        names = "--mincopies",
        paramLabel = "N",
        description = "How many durable copies an upload waits for; 1 is usual.")
    private @Nullable Integer mincopies;

    ClassDefinition define(String name, int copies) {
      return new ClassDefinition(
          name,
          mindevcount == null ? copies : mindevcount,
          Optional.ofNullable(replpolicy),
          Optional.ofNullable(hashtype),
          mincopies == null ? OptionalInt.empty() : OptionalInt.of(mincopies));
    }
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  @Command(name = "list", description = "List classes by domain.")
  void list(
      @Parameters(arity = "0..1", paramLabel = "DOMAIN", description = "Only this domain's.")
          @Nullable String domain,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      var rows =
          admin.domains().stream()
              .filter(each -> domain == null || each.name().equals(domain))
              .flatMap(ClassRow::of)
              .sorted(
                  Comparator.comparing(ClassRow::domain)
                      .thenComparing(row -> row.definition().name()))
              .toList();
      if (domain != null && rows.isEmpty()) {
        throw noSuchDomain(domain);
      }
      ClassRow.TABLE.show(surroundings.terminal(), options.json(), rows);
    }
  }

  private static Refusal noSuchDomain(String domain) {
    return new Refusal(
        ExitCode.NOT_FOUND,
        "there is no domain %s: hayloft domain list shows what there is".formatted(domain));
  }

  @Command(name = "add", description = "Add a class to a domain.")
  void add(
      @Parameters(paramLabel = "DOMAIN", description = "The domain.") String domain,
      @Parameters(paramLabel = "CLASS", description = "The new class.") String name,
      @ArgGroup(exclusive = false) @Nullable Properties properties,
      @Mixin AdminOptions options)
      throws IOException {
    var definition = orNone(properties).define(name, USUAL_COPIES);
    try (var admin = options.open(surroundings)) {
      admin.createClass(domain, definition);
      options.done(
          surroundings,
          Json.object("domain", domain, "class", name, "mindevcount", definition.mindevcount()));
    }
  }

  @Command(
      name = "modify",
      description = {
        "Change a class; what is not named stays as it is.",
        "Files that are stored already follow when fsck has looked at them: hayloft fsck start"
      })
  void modify(
      @Parameters(paramLabel = "DOMAIN", description = "The domain.") String domain,
      @Parameters(paramLabel = "CLASS", description = "The class.") String name,
      @ArgGroup(exclusive = false) @Nullable Properties properties,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      // The wire wants the number of copies each time; the original's tool then resets it to 2.
      var definition = orNone(properties).define(name, copies(admin, domain, name));
      admin.updateClass(domain, definition);
      options.done(
          surroundings,
          Json.object("domain", domain, "class", name, "mindevcount", definition.mindevcount()));
    }
  }

  private static Properties orNone(@Nullable Properties properties) {
    return properties == null ? new Properties() : properties;
  }

  private static int copies(HayloftAdmin admin, String domain, String name) throws IOException {
    DomainInfo found =
        admin.domains().stream()
            .filter(each -> each.name().equals(domain))
            .findFirst()
            .orElseThrow(() -> noSuchDomain(domain));
    return found.classes().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .map(ClassInfo::mindevcount)
        .orElse(USUAL_COPIES);
  }

  @Command(name = "delete", description = "Delete a class that no file belongs to.")
  void delete(
      @Parameters(paramLabel = "DOMAIN", description = "The domain.") String domain,
      @Parameters(paramLabel = "CLASS", description = "The class.") String name,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      admin.deleteClass(domain, name);
      options.done(surroundings, Json.object("domain", domain, "class", name));
    }
  }
}
