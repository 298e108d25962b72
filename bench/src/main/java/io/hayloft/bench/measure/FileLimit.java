package io.hayloft.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files, connections among them, a process may have open. */
public final class FileLimit {

  private static final String LINE = "Max open files";

  private FileLimit() {}

  /** Those that it starts may have as many. */
  public static long ofThisProcess() {
    try {
      return soft(Files.readString(Path.of("/proc/self/limits")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long soft(String limits) {
    var words =
        limits
            .lines()
            .filter(line -> line.startsWith(LINE))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no line " + LINE))
            .substring(LINE.length())
            .strip()
            .split(" +");
    return words[0].equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(words[0]);
  }
}
