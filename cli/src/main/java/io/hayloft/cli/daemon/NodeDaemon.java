package io.hayloft.cli.daemon;

import io.hayloft.cli.console.Version;
import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.runtime.config.OriginalConfig;
import io.hayloft.runtime.metrics.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code hayloft node}: a storage node. */
final class NodeDaemon implements Daemon<StorageNodeConfig> {

  @Override
  public String name() {
    return "node";
  }

  @Override
  public List<String> description() {
    return List.of(
        "Run a storage node: keeps the bytes, in plain files.",
        "",
        "  hayloft node --docroot /var/mogdata",
        "",
        "Where another web server keeps the files (nginx with dav_methods, for example):",
        "",
        "  hayloft node --docroot /var/mogdata --usage-only",
        "");
  }

  @Override
  public Class<StorageNodeConfig> configuration() {
    return StorageNodeConfig.class;
  }

  @Override
  public OriginalConfig original() {
    return MogstoredConf.format();
  }

  @Override
  public Map<String, String> translated(Map<String, String> environment) {
    return MogstoredConf.translated(environment);
  }

  @Override
  public List<Path> usualFiles() {
    return List.of(Path.of("/etc/hayloft/node.yaml"), Path.of("/etc/mogilefs/mogstored.conf"));
  }

  @Override
  public String start(StorageNodeConfig config, Host host) throws Exception {
    var surroundings = host.surroundings();
    var metrics = host.lifecycle().add("metrics", new Metrics("node", Version.text()));
    var running = new AtomicReference<@Nullable StorageNode>();
    var node =
        new StorageNode(
            config,
            new StorageNode.Surroundings(
                surroundings.time(),
                surroundings.tasks(),
                surroundings.random(),
                metrics.registry()),
            grace -> surroundings.tasks().start("stop", () -> stop(running.get(), grace, host)));
    running.set(host.lifecycle().add("storage node", node));
    node.start();
    return where(node, config);
  }

  /** The requests under way get the time that was asked for, which may be longer than ours. */
  private static void stop(@Nullable StorageNode node, Duration grace, Host host) {
    if (node != null) {
      node.stop(grace);
    }
    host.shutdown().request("the side channel");
  }

  private static String where(StorageNode node, StorageNodeConfig config) {
    var what =
        config.usage().only()
            ? "usage files below " + config.docroot()
            : "http %s%s, files below %s"
                .formatted(
                    node.httpAddress(),
                    node.tlsAddress().map(address -> ", https " + address).orElse(""),
                    config.docroot());
    return config.side().enabled() ? what + ", side channel " + node.sideAddress() : what;
  }
}
