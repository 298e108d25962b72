package io.hayloft.bench.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
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

/** Options of all commands: where they work, with which daemons, and what they leave behind. */
public final class Premises {

  @Option(
      names = "--dir",
      paramLabel = "<dir>",
      description = "Where all of it lies, on the disk to measure. Default: bench/target/runs.")
  private Path directory = Path.of("bench", "target", "runs");

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

  /** Absolute. */
  public Path directory() {
    return directory.toAbsolutePath().normalize();
  }

  public List<String> daemonFlags() {
    return daemonFlags;
  }

  /** A new directory, which is gone when it is closed unless it is to be kept. */
  public Scratch scratch() throws IOException {
    return scratch(directory());
  }

  Scratch scratch(Path elsewhere) throws IOException {
    return Scratch.in(elsewhere, keep);
  }

  /** Refuses places where a database does not stay. */
  public void check(Voice voice) {
    if (directory().startsWith(Path.of(System.getProperty("java.io.tmpdir")))) {
      throw voice.wrong(
          "the embedded database deletes its data below the directory for temporary files");
    }
  }

  /** What the figures were measured on; to be added to. */
  public Map<String, Object> machine() {
    var machine = Machine.facts(Time.system());
    machine.put("daemonFlags", daemonFlags);
    return machine;
  }

  /** Writes what was found, if it was asked for. */
  public void write(Object found) throws IOException {
    if (json != null) {
      Files.writeString(json, json(found));
    }
  }

  /** Writes what was found and is JSON already, if it was asked for. */
  public void writeJson(String found) throws IOException {
    if (json != null) {
      Files.writeString(json, found);
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
