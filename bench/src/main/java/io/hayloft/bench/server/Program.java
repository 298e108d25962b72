package io.hayloft.bench.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of this machine that is not ours. */
public record Program(Path file) {

  /** Where Debian has servers, which are not on everybody's path. */
  private static final String SERVERS = "/usr/sbin";

  public static Optional<Program> find(String name) {
    var path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(List.of(path.split(File.pathSeparator)).stream(), Stream.of(SERVERS))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Program::new);
  }

  /**
   * @throws MissingProgramException when it is not installed
   */
  public static Program need(String name) {
    return find(name).orElseThrow(() -> new MissingProgramException(name));
  }
}
