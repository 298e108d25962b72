package io.hayloft.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The system's memory of files' bytes, which whoever measures a disk has it forget first. */
public final class PageCache {

  private static final Path SWITCH = Path.of("/proc/sys/vm/drop_caches");

  /** Bytes, names and inodes. */
  private static final String EVERYTHING = "3";

  private PageCache() {}

  /** Whether this process may empty it: on Linux the superuser may. */
  public static boolean isEmptiable() {
    return Files.isWritable(SWITCH);
  }

  /** Empties it; what was written and lies there only is written to the disk first. */
  public static void empty() {
    try {
      new ProcessBuilder("sync").inheritIO().start().waitFor();
      Files.writeString(SWITCH, EVERYTHING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the disk was written", e);
    }
  }
}
