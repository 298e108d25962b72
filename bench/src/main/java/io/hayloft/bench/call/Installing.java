package io.hayloft.bench.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hayloft.bench.cluster.Cluster;
import io.hayloft.bench.cluster.ClusterSettings;
import io.hayloft.bench.scratch.Scratch;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options of commands that start an installation of their own, whose nodes keep files in memory and
 * whose tracker has no background jobs; and its start.
 */
public final class Installing {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @Option(
      names = "--dir",
      paramLabel = "<dir>",
      description = "Where the database lies, on the disk to measure. Default: bench/target.")
  private Path directory = Path.of("bench", "target", "runs");

  @Option(
      names = "--docroots",
      paramLabel = "<dir>",
      description = "Where the nodes' files lie. Default: in memory, if there is /dev/shm.")
  private @Nullable Path docroots;

  @Option(
      names = "--daemon-flags",
      split = " ",
      paramLabel = "<flags>",
      description = "Further options of the daemons' JVMs.")
  private List<String> daemonFlags = new ArrayList<>();

  @Option(names = "--keep", description = "Leave what was written, for looking into it.")
  private boolean keep;

  @Option(names = "--json", paramLabel = "<file>", description = "Also write everything there.")
  private @Nullable Path json;

  /** What is done with an installation. */
  @FunctionalInterface
  public interface Errand {
    void run(Cluster cluster) throws InterruptedException;
  }

  /** Starts an installation, and ends it when the errand is over. */
  public void with(Cluster.Way way, Errand errand) throws IOException, InterruptedException {
    try (var disk = Scratch.in(directory.toAbsolutePath(), keep);
        var memory = Scratch.in(docroots(), keep);
        var cluster = Cluster.start(settings(disk.path(), memory.path()), Time.system(), way)) {
      errand.run(cluster);
    }
  }

  private ClusterSettings settings(Path disk, Path memory) {
    return ClusterSettings.measured(disk, daemonFlags)
        .with(new ClusterSettings.Storage(memory, "none"))
        .with(Map.of("HAYLOFT_JOBS_ENABLED", "no"));
  }

  private Path docroots() {
    if (docroots != null) {
      return docroots;
    }
    return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY.resolve("hayloft-bench") : directory;
  }

  /** Refuses places where nothing stays. */
  public void check(Voice voice) {
    if (directory.toAbsolutePath().startsWith(Path.of(System.getProperty("java.io.tmpdir")))) {
      throw voice.wrong(
          "the embedded database deletes its data below the directory for temporary files");
    }
  }

  /** What the figures were measured on. */
  public Map<String, Object> machine() {
    var machine = Machine.facts(Time.system());
    machine.put("database", ClusterSettings.MEASURED_DATABASE);
    machine.put("daemonFlags", daemonFlags);
    machine.put("jobs", "off");
    return machine;
  }

  /** Writes what was found, if it was asked for. */
  public void write(Object found) throws IOException {
    if (json != null) {
      Files.writeString(json, json(found));
    }
  }

  private static String json(Object found) {
    try {
      return new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(found);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
