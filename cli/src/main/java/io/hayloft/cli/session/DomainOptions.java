package io.hayloft.cli.session;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.client.Hayloft;
import io.hayloft.client.HayloftBuilder;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that work with files: the trackers and the domain. */
public final class DomainOptions {

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      description = "The domain of the files; default $HAYLOFT_DOMAIN.")
  private Optional<String> domain = Optional.empty();

  /** A client for these files; it connects when it is used. */
  public Hayloft client(Surroundings surroundings) {
    return builder(surroundings).build();
  }

  /** A client that stores in a class unless the person's own preference says another. */
  public Hayloft client(Surroundings surroundings, Optional<String> fileClass) {
    var builder = builder(surroundings);
    fileClass
        .or(() -> cluster.preferences(surroundings).value("class"))
        .ifPresent(builder::fileClass);
    return builder.build();
  }

  private HayloftBuilder builder(Surroundings surroundings) {
    var name =
        domain
            .filter(text -> !text.isEmpty())
            .or(() -> cluster.preferences(surroundings).value("domain"))
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.USAGE,
                        "which domain? Add --domain NAME or set HAYLOFT_DOMAIN"
                            + " (hayloft domain list shows what there is)"));
    return Hayloft.builder().trackers(cluster.trackers(surroundings)).domain(name);
  }
}
