package io.hayloft.cli.daemon;

import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.runtime.config.OriginalConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.List;

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
  public List<Path> usualFiles() {
    return List.of(Path.of("/etc/hayloft/node.yaml"), Path.of("/etc/mogilefs/mogstored.conf"));
  }

  @Override
  public String start(StorageNodeConfig config, Host host) throws Exception {
    var surroundings = host.surroundings();
    var node =
        host.lifecycle()
            .add(
                "storage node",
                new StorageNode(
                    config,
                    new StorageNode.Surroundings(
                        surroundings.time(),
                        surroundings.tasks(),
                        surroundings.random(),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                    grace -> host.shutdown().request("the side channel")));
    node.start();
    return "http %s, side channel %s, files below %s"
        .formatted(node.httpAddress(), node.sideAddress(), config.docroot());
  }
}
