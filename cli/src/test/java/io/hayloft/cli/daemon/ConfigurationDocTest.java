package io.hayloft.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.StorageNodeConfig;
import io.hayloft.runtime.config.ConfigKey;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.tracker.TrackerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The reference of all configuration keys is written from the keys themselves. {@code mvn -pl cli
 * -am test -Dtest=ConfigurationDocTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dhayloft.docs=write} writes it anew.
 */
class ConfigurationDocTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

  @Test
  void theReferenceSaysWhatTheProgramsRead() throws IOException {
    var now = document();
    if ("write".equals(System.getProperty("hayloft.docs"))) {
      Files.writeString(DOCUMENT, now);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(now);
  }

  private static String document() {
    return """
    # Configuration

    Written from the programs' own keys; do not edit by hand.

    A key can be set, the first that says something wins, as a flag (`hayloft tracker --help` shows them), as an environment variable, in a
    file, or is left at its default. The file is YAML, nested or with dotted keys: `/etc/hayloft/tracker.yaml` and `/etc/hayloft/node.yaml`,
    or what `--config` names. The original's `mogilefsd.conf` and `mogstored.conf` are read as they are. An unknown key stops the program,
    which names the nearest known one; all problems are told at once.

    Durations are written `2s`, `500ms`, `1h`; a bare number is seconds. Sizes take `k`, `m`, `g`. Lists are separated by commas.

    ## Tracker: `hayloft tracker`

    """
        + table(ConfigReader.of(TrackerConfig.class).keys())
        + """

        ## Storage node: `hayloft node`

        """
        + table(ConfigReader.of(StorageNodeConfig.class).keys());
  }

  private static String table(List<ConfigKey> keys) {
    var out = new StringBuilder("| key | variable | default | what it is |\n|---|---|---|---|\n");
    for (var key : keys) {
      out.append(
          "| `%s` | `%s` | %s | %s |%n"
              .formatted(
                  key.name(),
                  key.environmentName(),
                  key.required()
                      ? "must be given"
                      : key.byDefault().isEmpty() ? "–" : "`" + key.byDefault() + "`",
                  key.doc()));
    }
    return out.toString();
  }
}
