package io.hayloft.cli;

import io.hayloft.client.ClassDefinition;
import io.hayloft.client.DeviceState;
import io.hayloft.client.HayloftAdmin;
import io.hayloft.client.HostChange;
import io.hayloft.client.HostState;
import io.hayloft.node.StorageNode;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.runtime.config.ConfigSources;
import io.hayloft.runtime.lifecycle.Lifecycle;
import io.hayloft.runtime.metrics.Metrics;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.schema.Schema;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.Tracker;
import io.hayloft.tracker.TrackerConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * A tracker and two storage nodes with a device each, in the test's own process. Hosts {@code
 * host1} and {@code host2} with {@code dev1} and {@code dev2}; domain {@code photos} with the
 * classes {@code default} and {@code thumb}.
 */
public final class TestCluster implements AutoCloseable {

  public static final String DOMAIN = "photos";

  private final Lifecycle lifecycle = new Lifecycle(Time.system(), Duration.ofSeconds(30));
  private final Tasks tasks = lifecycle.add("tasks", Tasks.virtual());
  private final Tracker tracker;

  public TestCluster(TestDatabase database, Path directory) throws Exception {
    Schema.migrate(database.url(), database.user(), database.password());
    var first = node(1, directory);
    var second = node(2, directory);
    tracker =
        lifecycle.start(
            "tracker",
            () ->
                Tracker.start(
                    configuration(
                        TrackerConfig.class,
                        Map.of(
                            "listen",
                            "127.0.0.1:0",
                            "http_listen",
                            "127.0.0.1:0",
                            "nodes.side_channel_port",
                            "0",
                            "database.url",
                            database.url(),
                            "database.user",
                            database.user(),
                            "database.password",
                            database.password())),
                    new Tracker.Surroundings(
                        Time.system(), tasks, Randomness.SYSTEM, new Metrics("tracker", "test")),
                    () -> {}));
    register(List.of(first, second));
  }

  private StorageNode node(int number, Path directory) throws Exception {
    var docroot = directory.resolve("node" + number);
    Files.createDirectories(docroot.resolve("dev" + number));
    var address = "127.0.0." + number + ":0";
    var config =
        configuration(
            StorageNodeConfig.class,
            Map.of(
                "http_listen", address,
                "side_listen", address,
                "docroot", docroot.toString()));
    var node =
        lifecycle.add(
            "node",
            new StorageNode(
                config,
                new StorageNode.Surroundings(
                    Time.system(),
                    tasks,
                    Randomness.SYSTEM,
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                grace -> {}));
    node.start();
    return node;
  }

  private static <T extends Record> T configuration(Class<T> type, Map<String, String> values) {
    return ConfigReader.of(type).read(ConfigSources.builder().flags(values).build());
  }

  private void register(List<StorageNode> nodes) throws IOException {
    try (var admin = admin()) {
      for (int i = 1; i <= nodes.size(); i++) {
        admin.createHost(
            HostChange.of("host" + i)
                .ip("127.0.0." + i)
                .port(nodes.get(i - 1).httpAddress().port())
                .state(HostState.ALIVE));
        admin.createDevice(new DeviceId(i), "host" + i, DeviceState.ALIVE);
      }
      admin.createDomain(DOMAIN);
      admin.createClass(DOMAIN, ClassDefinition.of("thumb", 1));
      Awaitility.await("all devices writeable")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                admin.clearCache();
                return admin.devices().stream()
                    .allMatch(
                        device ->
                            device.observation().state().equals(Optional.of("writeable"))
                                && device.space().totalMib().isPresent());
              });
    }
  }

  public HayloftAdmin admin() {
    return HayloftAdmin.builder().trackers(address()).build();
  }

  public String address() {
    return "127.0.0.1:" + tracker.port();
  }

  /** Command lines that find this cluster by their environment. */
  public Cli cli(Path home) {
    return new Cli(home, Map.of("HAYLOFT_TRACKERS", address()));
  }

  @Override
  public void close() {
    lifecycle.close();
  }
}
