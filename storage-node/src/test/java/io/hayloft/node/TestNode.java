package io.hayloft.node;

import io.hayloft.node.blob.Durability;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/** A running node on free ports, with a document root that has {@code dev1} and {@code dev2}. */
public final class TestNode implements AutoCloseable {

  private final Path docroot;
  private final Tasks tasks = Tasks.virtual();
  private final BlockingQueue<Duration> shutdowns = new LinkedBlockingQueue<>();
  private final StorageNode node;

  private TestNode(StorageNodeConfig config) {
    this.docroot = config.docroot();
    try {
      this.node =
          new StorageNode(
              config,
              new StorageNode.Surroundings(
                  Time.system(),
                  tasks,
                  Randomness.SYSTEM,
                  new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
              shutdowns::add);
      node.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static TestNode on(Path docroot) {
    return on(docroot, limits -> limits);
  }

  public static TestNode on(Path docroot, UnaryOperator<StorageNodeConfig.Limits> change) {
    return on(docroot, Way.FAST, change);
  }

  public static TestNode on(Path docroot, Way way) {
    return on(docroot, way, limits -> limits);
  }

  public static TestNode on(Path docroot, Way way, UnaryOperator<StorageNodeConfig.Limits> change) {
    makeDevices(docroot);
    return onlyWhatIsThere(docroot, way, change);
  }

  /** One that makes uploads so durable before it answers. */
  public static TestNode on(Path docroot, Durability durability) {
    makeDevices(docroot);
    var usual = config(docroot, limits -> limits);
    return with(
        new StorageNodeConfig(
            usual.http(),
            new StorageNodeConfig.Side(usual.sideListen(), true),
            docroot,
            durability,
            usual.usage(),
            usual.limits()));
  }

  private static void makeDevices(Path docroot) {
    try {
      Files.createDirectories(docroot.resolve("dev1"));
      Files.createDirectories(docroot.resolve("dev2"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static TestNode onlyWhatIsThere(
      Path docroot, UnaryOperator<StorageNodeConfig.Limits> change) {
    return onlyWhatIsThere(docroot, Way.FAST, change);
  }

  public static TestNode onlyWhatIsThere(
      Path docroot, Way way, UnaryOperator<StorageNodeConfig.Limits> change) {
    var usual = config(docroot, change);
    return with(usual.with(way.set(usual.http())));
  }

  public static TestNode with(StorageNodeConfig config) {
    return new TestNode(config);
  }

  /** One that reads its files all the time, and keeps them in quarantine for so long. */
  public static TestNode scrubbing(Path docroot, long bytesPerSecond, Duration retention) {
    makeDevices(docroot);
    return with(
        config(docroot, limits -> limits)
            .with(
                new StorageNodeConfig.Care(
                    new StorageNodeConfig.Quarantine(retention),
                    new StorageNodeConfig.Scrub(bytesPerSecond, Duration.ofMillis(100)))));
  }

  /** One that serves no files. */
  public static TestNode usageOnly(Path docroot, boolean withSideChannel, boolean viaDu) {
    var usual = config(docroot, limits -> limits);
    return with(
        new StorageNodeConfig(
            usual.http(),
            new StorageNodeConfig.Side(usual.sideListen(), withSideChannel),
            docroot,
            usual.durability(),
            new StorageNodeConfig.Usage(true, viaDu),
            usual.limits()));
  }

  /** One that takes so much in hand, and waits so long for clients. */
  public static TestNode bounded(
      Path docroot, StorageNodeConfig.Bounds bounds, Duration idleTimeout) {
    makeDevices(docroot);
    var usual =
        config(
            docroot,
            limits ->
                new StorageNodeConfig.Limits(
                    limits.usageInterval(),
                    idleTimeout,
                    limits.sideIdleTimeout(),
                    limits.uploads(),
                    limits.diskQueue(),
                    limits.openFiles()));
    // Nothing is kept in memory, so that all bytes go through buffers.
    return with(
        usual.with(
            new StorageNodeConfig.Http(
                usual.httpListen(), bounds, 0, true, false, StorageNodeConfig.Tls.NONE)));
  }

  public static StorageNodeConfig config(
      Path docroot, UnaryOperator<StorageNodeConfig.Limits> change) {
    var local = new Address("127.0.0.1", 0);
    var limits =
        new StorageNodeConfig.Limits(
            Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofSeconds(30), 64, 256, 256);
    return new StorageNodeConfig(
        local, local, docroot, 1_000, Durability.FULL, change.apply(limits));
  }

  public Path docroot() {
    return docroot;
  }

  public StorageNode node() {
    return node;
  }

  /** What the side channel was told to end the node with. */
  public BlockingQueue<Duration> shutdowns() {
    return shutdowns;
  }

  public Path file(String path) {
    return docroot.resolve(path.substring(1));
  }

  public RawHttp connect() {
    return RawHttp.to(node.httpAddress());
  }

  /** One request on a connection of its own, over HTTP/1.1. */
  public RawHttp.Answer call(String method, String path, String... headers) {
    try (var http = connect()) {
      return http.call(method, path, headers);
    }
  }

  public RawHttp.Answer get(String path, String... headers) {
    return call("GET", path, headers);
  }

  public RawHttp.Answer put(String path, byte[] body, String... headers) {
    try (var http = connect()) {
      return http.put(path, body, headers);
    }
  }

  @Override
  public void close() {
    node.close();
    tasks.close();
  }
}
