package io.hayloft.cli.session;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.client.DomainInfo;
import io.hayloft.client.Hayloft;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HayloftBuilder;
import io.hayloft.client.HayloftException;
import io.hayloft.client.TrackerAddress;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that work with files: the trackers and the domain. */
public final class DomainOptions {

  private static final int NAMES_SHOWN = 10;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      description = "The domain of the files; default $HAYLOFT_DOMAIN, else the only one there is.")
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
    var trackers = cluster.trackers(surroundings);
    var name =
        domain
            .filter(text -> !text.isEmpty())
            .or(() -> cluster.preferences(surroundings).value("domain"));
    return Hayloft.builder()
        .trackers(trackers)
        .domain(name.isPresent() ? name.get() : onlyDomain(trackers));
  }

  /** Where an installation has one domain, nobody has to name it. */
  private static String onlyDomain(List<TrackerAddress> trackers) {
    try (var admin = HayloftAdmin.builder().trackers(trackers).build()) {
      var names = admin.domains().stream().map(DomainInfo::name).sorted().toList();
      if (names.size() == 1) {
        return names.getFirst();
      }
      throw new Refusal(
          ExitCode.USAGE,
          names.isEmpty()
              ? "there is no domain yet: hayloft domain add NAME"
              : "which domain? Add --domain NAME or set HAYLOFT_DOMAIN; there are: "
                  + String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN))));
    } catch (HayloftException e) {
      throw new UncheckedIOException(e);
    }
  }
}
