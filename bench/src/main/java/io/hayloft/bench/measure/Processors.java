package io.hayloft.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** On which processors processes run, set by util-linux' {@code taskset}. */
public final class Processors {

  private Processors() {}

  /** Puts all threads of a process, and those that they will start, on some processors. */
  public static void put(long pid, String list) throws InterruptedException {
    try {
      var process =
          new ProcessBuilder("taskset", "-a", "-c", "-p", list, Long.toString(pid))
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "process " + pid + " cannot be put on " + list + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("taskset, of util-linux, is needed", e);
    }
  }
}
