package io.hayloft.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the kernel keeps of files in memory, which whoever measures a disk has it forget first. */
@SuppressWarnings("restricted")
public final class PageCache {

  private static final Path SWITCH = Path.of("/proc/sys/vm/drop_caches");

  /** Bytes, names and inodes. */
  private static final String EVERYTHING = "3";

  private static final int O_RDONLY = 0;
  private static final int POSIX_FADV_DONTNEED = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE = ofNumbers("close", ValueLayout.JAVA_INT);
  private static final MethodHandle FADVISE =
      ofNumbers(
          "posix_fadvise",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT);

  private PageCache() {}

  private static MethodHandle ofNumbers(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  /** Whether this process may {@link #empty} it: on Linux the superuser may. */
  public static boolean isEmptiable() {
    return Files.isWritable(SWITCH);
  }

  /** Makes the kernel forget everything, once what lies in memory only is on the disk. */
  public static void empty() throws InterruptedException {
    try {
      new ProcessBuilder("sync").inheritIO().start().waitFor();
      Files.writeString(SWITCH, EVERYTHING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the kernel forget a file's bytes: the next read waits for the disk. */
  public static void forget(Path file) {
    writeBack(file);
    try (var arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY);
      if (descriptor < 0) {
        throw new IllegalStateException("cannot open " + file);
      }
      int failure = (int) FADVISE.invokeExact(descriptor, 0L, 0L, POSIX_FADV_DONTNEED);
      int closed = (int) CLOSE.invokeExact(descriptor);
      if (failure != 0 || closed != 0) {
        throw new IllegalStateException("the kernel does not forget " + file);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library went wrong", e);
    }
  }

  /** What is not on the disk yet cannot be forgotten. */
  private static void writeBack(Path file) {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
