package io.hayloft.bench.call;

import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of commands that start an installation of their own, whose nodes keep files in memory and
 * whose tracker has no background jobs; and its start.
 */
public final class Installing {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @Mixin private Premises premises = new Premises();

  @Option(
      names = "--docroots",
      paramLabel = "<dir>",
      description = "Where the nodes' files lie. Default: in memory, if there is /dev/shm.")
  private @Nullable Path docroots;

  /** What is done with an installation. */
  @FunctionalInterface
  public interface Errand {
    void run(Cluster cluster) throws InterruptedException;
  }

  /** Starts an installation, and ends it when the errand is over. */
  public void with(Errand errand) throws IOException, InterruptedException {
    with(Map.of(), url -> url, errand);
  }

  /** The same, whose tracker finds its database by another way. */
  public void with(Cluster.Way way, Errand errand) throws IOException, InterruptedException {
    with(Map.of(), way, errand);
  }

  /** The same, whose tracker is told more. */
  public void with(Map<String, String> trackerKeys, Errand errand)
      throws IOException, InterruptedException {
    with(trackerKeys, url -> url, errand);
  }

  private void with(Map<String, String> trackerKeys, Cluster.Way way, Errand errand)
      throws IOException, InterruptedException {
    try (var disk = premises.scratch();
        var memory = premises.scratch(docroots());
        var cluster =
            Cluster.start(settings(disk.path(), memory.path(), trackerKeys), Time.system(), way)) {
      errand.run(cluster);
    }
  }

  private ClusterSettings settings(Path disk, Path memory, Map<String, String> trackerKeys) {
    var keys = new LinkedHashMap<>(trackerKeys);
    keys.put("HAYLOFT_JOBS_ENABLED", "no");
    return ClusterSettings.measured(disk, premises.daemonFlags())
        .with(new ClusterSettings.Storage(memory, "none"))
        .with(keys);
  }

  private Path docroots() {
    if (docroots != null) {
      return docroots;
    }
    return Files.isWritable(SHARED_MEMORY)
        ? SHARED_MEMORY.resolve("hayloft-bench")
        : premises.directory();
  }

  /** Refuses places where nothing stays. */
  public void check(Voice voice) {
    premises.check(voice);
  }

  /** What the figures were measured on. */
  public Map<String, Object> machine() {
    var machine = premises.machine();
    machine.put("database", ClusterSettings.MEASURED_DATABASE);
    machine.put("jobs", "off");
    return machine;
  }

  /** See {@link Premises#write}. */
  public void write(Object found) throws IOException {
    premises.write(found);
  }

  /** See {@link Premises#writeJson}. */
  public void writeJson(String found) throws IOException {
    premises.writeJson(found);
  }
}
