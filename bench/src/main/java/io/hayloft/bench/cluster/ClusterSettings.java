package io.hayloft.bench.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How an installation is set up.
 *
 * @param directory for all that it writes: an empty one, on the disk that is to be measured
 * @param nodes how many storage nodes at first
 * @param daemonFlags of the JVMs of tracker and nodes
 * @param databaseOptions beyond what the embedded database has by itself
 * @param trackerKeys variables of the tracker's environment beyond what it must be told
 */
public record ClusterSettings(
    Path directory,
    Storage storage,
    int nodes,
    List<String> daemonFlags,
    List<String> databaseOptions,
    Map<String, String> trackerKeys) {

  /**
   * Where nodes keep files, and how.
   *
   * @param docroots an empty directory
   * @param durability as a node's setting says it
   */
  public record Storage(Path docroots, String durability) {}

  /** As {@code bin/hayloft} runs daemons. */
  public static final List<String> SHIPPED_FLAGS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-Xms56m",
          "-XX:NewSize=24m",
          "-XX:MaxNewSize=64m",
          "-XX:MaxRAMPercentage=60",
          "-XX:TrimNativeHeapInterval=10000",
          "-XX:+ExitOnOutOfMemoryError");

  /** The database that the original was measured with. */
  public static final List<String> MEASURED_DATABASE =
      List.of(
          "--innodb-flush-log-at-trx-commit=1",
          "--innodb-buffer-pool-size=512M",
          "--innodb-log-file-size=96M");

  /** As installations are by themselves: durable, on one disk, and nothing turned off. */
  public ClusterSettings(
      Path directory, int nodes, List<String> daemonFlags, List<String> databaseOptions) {
    this(directory, new Storage(directory, "full"), nodes, daemonFlags, databaseOptions, Map.of());
  }

  public ClusterSettings {
    trackerKeys = Map.copyOf(trackerKeys);
    daemonFlags = List.copyOf(daemonFlags);
    databaseOptions = List.copyOf(databaseOptions);
  }

  public static ClusterSettings measured(Path directory, List<String> moreFlags) {
    var flags = new ArrayList<>(SHIPPED_FLAGS);
    flags.addAll(moreFlags);
    return new ClusterSettings(directory, 3, flags, MEASURED_DATABASE);
  }

  /** The same with files elsewhere. */
  public ClusterSettings with(Storage other) {
    return new ClusterSettings(directory, other, nodes, daemonFlags, databaseOptions, trackerKeys);
  }

  /** The same with a tracker that is told more. */
  public ClusterSettings with(Map<String, String> keys) {
    return new ClusterSettings(directory, storage, nodes, daemonFlags, databaseOptions, keys);
  }

  /** The same with a database that is told more; of two options that disagree the last counts. */
  public ClusterSettings withDatabase(List<String> options) {
    var all = new ArrayList<>(databaseOptions);
    all.addAll(options);
    return new ClusterSettings(directory, storage, nodes, daemonFlags, all, trackerKeys);
  }
}
