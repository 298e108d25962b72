package io.hayloft.tracker.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.runtime.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginCatalogTest {

  private final PluginCatalog catalog = PluginCatalog.onClassPath();

  private List<String> named(String... names) {
    return catalog.named(List.of(names)).stream().map(Plugin::name).toList();
  }

  @Test
  void pluginsAreFoundOnTheClassPathAndRunOnceInTheOrderGiven() {
    assertThat(named("Obstinate", "Obstinate")).containsExactly("Obstinate");
    assertThat(named()).isEmpty();
  }

  @Test
  void whatTheOriginalsNetworkAddOnBringsIsAlwaysThere() {
    assertThat(named("Network", "MultipleNetworks", "HostsPerNetwork", "ZoneLocal")).isEmpty();
  }

  @Test
  void anUnknownPluginIsRefusedWithTheNearestOne() {
    assertThatThrownBy(() -> named("Obstinat", "Nonsense"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("plugins: Obstinat is not here")
        .hasMessageContaining("Did you mean Obstinate?")
        .hasMessageContaining("Nonsense is not here");
  }

  @Test
  void twoPluginsOfOneNameAreADefect() {
    assertThatThrownBy(
            () -> new PluginCatalog(List.of(new ObstinatePlugin(), new ObstinatePlugin())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Obstinate");
  }
}
