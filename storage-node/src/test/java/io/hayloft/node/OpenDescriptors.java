package io.hayloft.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What this process has open; others than the test open and close some meanwhile. */
public final class OpenDescriptors {

  private static final Path ALL = Path.of("/proc/self/fd");

  private OpenDescriptors() {}

  public static int count() {
    return list().size();
  }

  /** Whether that very file or directory is open, found by the path that it has now. */
  public static boolean leadTo(Path path) {
    try {
      var real = path.toRealPath();
      return list().stream().flatMap(OpenDescriptors::target).anyMatch(real::equals);
    } catch (NoSuchFileException gone) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> list() {
    try (var all = Files.list(ALL)) {
      return all.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> target(Path descriptor) {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor)).stream();
    } catch (IOException closedMeanwhile) {
      return Stream.empty();
    }
  }
}
