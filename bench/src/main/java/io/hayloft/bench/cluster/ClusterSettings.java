package io.hayloft.bench.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How an installation is set up.
 *
 * @param directory for all that it writes: an empty one, on the disk that is to be measured
 * @param nodes how many storage nodes at first
 * @param daemonFlags of the JVMs of tracker and nodes
 * @param databaseOptions beyond what the embedded database has by itself
 */
public record ClusterSettings(
    Path directory, int nodes, List<String> daemonFlags, List<String> databaseOptions) {

  /** As {@code bin/hayloft} runs daemons. */
  public static final List<String> SHIPPED_FLAGS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-Xms96m",
          "-Xmn64m",
          "-XX:MaxRAMPercentage=60",
          "-XX:+ExitOnOutOfMemoryError");

  /** The database that the original was measured with. */
  public static final List<String> MEASURED_DATABASE =
      List.of(
          "--innodb-flush-log-at-trx-commit=1",
          "--innodb-buffer-pool-size=512M",
          "--innodb-log-file-size=96M");

  public ClusterSettings {
    daemonFlags = List.copyOf(daemonFlags);
    databaseOptions = List.copyOf(databaseOptions);
  }

  public static ClusterSettings measured(Path directory, List<String> moreFlags) {
    var flags = new ArrayList<>(SHIPPED_FLAGS);
    flags.addAll(moreFlags);
    return new ClusterSettings(directory, 3, flags, MEASURED_DATABASE);
  }
}
