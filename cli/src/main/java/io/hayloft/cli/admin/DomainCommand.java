package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.cli.session.AdminOptions;
import java.io.IOException;
import java.util.Comparator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Domains: name spaces of files. */
@Command(
    name = "domain",
    description = {
      "List, add or delete domains, the name spaces of files.",
      "",
      "  hayloft domain add photos",
      ""
    })
final class DomainCommand implements Runnable {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  DomainCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw Group.incomplete(spec);
  }

  @Command(name = "list", description = "List domains and their classes.")
  void list(@Mixin AdminOptions options) throws IOException {
    try (var admin = options.open(surroundings)) {
      var domains = admin.domains();
      if (options.json()) {
        var objects =
            domains.stream()
                .map(
                    domain ->
                        Json.object("domain", domain.name(), "classes", ClassRow.classes(domain)))
                .toList();
        surroundings.terminal().line(Json.text(objects));
        return;
      }
      var rows =
          domains.stream()
              .flatMap(ClassRow::of)
              .sorted(Comparator.comparing(ClassRow::domain))
              .toList();
      ClassRow.TABLE.show(surroundings.terminal(), false, rows);
    }
  }

  @Command(name = "add", description = "Add a domain.")
  void add(
      @Parameters(paramLabel = "DOMAIN", description = "Its name.") String domain,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      admin.createDomain(domain);
      options.done(surroundings, Json.object("domain", domain));
    }
  }

  @Command(name = "delete", description = "Delete a domain without files and classes.")
  void delete(
      @Parameters(paramLabel = "DOMAIN", description = "Its name.") String domain,
      @Mixin AdminOptions options)
      throws IOException {
    try (var admin = options.open(surroundings)) {
      admin.deleteDomain(domain);
      options.done(surroundings, Json.object("domain", domain));
    }
  }
}
