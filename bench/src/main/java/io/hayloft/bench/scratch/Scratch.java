package io.hayloft.bench.scratch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory of one call's own, gone when the call is over. */
public final class Scratch implements AutoCloseable {

  private final Path path;
  private final boolean keep;

  private Scratch(Path path, boolean keep) {
    this.path = path;
    this.keep = keep;
  }

  /**
   * @param place where it is made; made as well if need be
   * @param keep to leave what was written, for looking into it
   */
  public static Scratch in(Path place, boolean keep) throws IOException {
    var directory = Files.createDirectories(place).toAbsolutePath().normalize();
    return new Scratch(Files.createTempDirectory(directory, "run"), keep);
  }

  /** Absolute. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (!keep) {
      remove(path);
    }
  }

  /** Removes a directory file by file: a list of all names would not fit into memory. */
  public static void remove(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
