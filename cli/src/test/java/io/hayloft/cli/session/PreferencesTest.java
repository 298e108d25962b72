package io.hayloft.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.cli.console.Refusal;
import io.hayloft.cli.console.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferencesTest {

  @TempDir private Path home;

  private Surroundings with(Map<String, String> environment) {
    var system = Surroundings.system();
    return new Surroundings(system.terminal(), environment, home, system.means());
  }

  @Test
  void environmentWinsOverTheFileOfTheOriginalsTools() throws Exception {
    Files.writeString(
        home.resolve(".mogilefs.conf"),
        "# mine\ntrackers = a:7001,b:7001\n domain=photos\nlib = /x\n");

    var preferences = Preferences.read(with(Map.of("HAYLOFT_DOMAIN", "docs")), Optional.empty());

    assertThat(preferences.value("trackers")).contains("a:7001,b:7001");
    assertThat(preferences.value("domain")).contains("docs");
    assertThat(preferences.values()).doesNotContainKey("lib");
  }

  @Test
  void namedFileReplacesTheUsualOnes() throws Exception {
    Files.writeString(home.resolve(".mogilefs.conf"), "domain = photos\n");
    var other = Files.writeString(home.resolve("other"), "class = thumb\n");

    var preferences = Preferences.read(with(Map.of()), Optional.of(other));

    assertThat(preferences.value("domain")).isEmpty();
    assertThat(preferences.value("class")).contains("thumb");
  }

  @Test
  void namedFileThatIsMissingIsRefused() {
    assertThatThrownBy(() -> Preferences.read(with(Map.of()), Optional.of(home.resolve("missing"))))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--config");
  }
}
