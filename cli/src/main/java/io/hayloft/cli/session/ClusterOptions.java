package io.hayloft.cli.session;

import io.hayloft.cli.console.ExitCode;
import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.client.TrackerAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options by which every command finds its trackers. */
public final class ClusterOptions {

  /** Where {@code hayloft dev} and a tracker with its defaults listen. */
  private static final String USUAL_TRACKER = "127.0.0.1:7001";

  @Option(
      names = "--trackers",
      paramLabel = "HOST[:PORT],...",
      description = "The trackers to ask; default $HAYLOFT_TRACKERS, else 127.0.0.1:7001.")
  private Optional<String> trackers = Optional.empty();

  @Option(
      names = {"--config", "--conf"},
      paramLabel = "FILE",
      description = "Lines \"key = value\" with trackers, domain, class; not ~/.mogilefs.conf.")
  private Optional<Path> config = Optional.empty();

  public List<TrackerAddress> trackers(Surroundings surroundings) {
    var text = trackers.or(() -> preferences(surroundings).value("trackers")).orElse(USUAL_TRACKER);
    try {
      var addresses = TrackerAddress.parseList(text);
      if (addresses.isEmpty()) {
        throw new Refusal(ExitCode.USAGE, "no tracker was named: --trackers host1:7001,host2:7001");
      }
      return addresses;
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, e.getMessage() + ": see --trackers", e);
    }
  }

  Preferences preferences(Surroundings surroundings) {
    return Preferences.read(surroundings, config);
  }
}
