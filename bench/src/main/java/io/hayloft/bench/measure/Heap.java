package io.hayloft.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The heap of another JVM of this machine, looked at through its {@code jcmd}. */
public record Heap(long pid) {

  /** As the serial collector, which the daemons run with, calls its old generation. */
  private static final Pattern OLD = Pattern.compile("(?i)tenured[^\\n]*total \\d+K, used (\\d+)K");

  private static final double KIB = 1024;

  /**
   * What is in use when all garbage is collected, in MiB. The process stands still meanwhile. A
   * whole collection puts all that lives into the old generation; what is made until somebody looks
   * is in the young one, and does not count.
   */
  public double usedAfterCollection() {
    var _ = jcmd("GC.run");
    return oldMib(jcmd("GC.heap_info"));
  }

  static double oldMib(String heapInfo) {
    var old = OLD.matcher(heapInfo);
    if (!old.find()) {
      throw new IllegalArgumentException("no old generation of the serial collector: " + heapInfo);
    }
    return Long.parseLong(old.group(1)) / KIB;
  }

  private String jcmd(String command) {
    var program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      var process =
          new ProcessBuilder(program, Long.toString(pid), command)
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " of process " + pid + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
