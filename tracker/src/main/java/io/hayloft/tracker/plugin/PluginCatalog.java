package io.hayloft.tracker.plugin;

import io.hayloft.runtime.config.ConfigException;
import io.hayloft.runtime.config.ConfigProblem;
import io.hayloft.runtime.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins that are there to be chosen from, by name. */
public final class PluginCatalog {

  private static final Logger log = LoggerFactory.getLogger(PluginCatalog.class);

  /** What the original's add-on for networks brings is always here, where it is configured. */
  private static final Set<String> ALWAYS_ON =
      Set.of("HostsPerNetwork", "MultipleNetworks", "Network", "ZoneLocal");

  private final SortedMap<String, Plugin> plugins = new TreeMap<>();

  PluginCatalog(Iterable<? extends Plugin> plugins) {
    for (var plugin : plugins) {
      if (this.plugins.put(plugin.name(), plugin) != null) {
        throw new IllegalStateException("two plugins are called " + plugin.name());
      }
    }
  }

  /** Those on the class path. */
  public static PluginCatalog onClassPath() {
    return new PluginCatalog(ServiceLoader.load(Plugin.class));
  }

  /**
   * The plugins of these names, in this order, each once.
   *
   * @throws ConfigException naming all that are not there, with the nearest that is
   */
  public List<Plugin> named(List<String> names) {
    var found = new ArrayList<Plugin>();
    var problems = new ArrayList<ConfigProblem>();
    for (var name : names) {
      var plugin = plugins.get(name);
      if (ALWAYS_ON.contains(name)) {
        log.info("{} need not be named in plugins: it is always there", name);
      } else if (plugin == null) {
        problems.add(unknown(name));
      } else if (!found.contains(plugin)) {
        found.add(plugin);
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return List.copyOf(found);
  }

  private ConfigProblem unknown(String name) {
    var known = new TreeSet<>(plugins.keySet());
    known.addAll(ALWAYS_ON);
    return new ConfigProblem(
        ConfigProblem.Code.BAD_VALUE,
        "plugins",
        "%s is not here; these are: %s%s"
            .formatted(name, String.join(", ", known), Nearest.hint(name, known)));
  }
}
