package io.hayloft.cli.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The regular files below a directory. Symbolic links are not followed, since they may lead in
 * circles or out; they, other special files and what this user may not read are counted only.
 *
 * @param files in the order of their paths
 * @param skipped how many entries were left out
 */
public record LocalTree(List<LocalFile> files, long skipped) {

  /**
   * @param size in bytes, as it was when the tree was read
   */
  public record LocalFile(Path path, long size) {}

  public LocalTree {
    files = List.copyOf(files);
  }

  public long bytes() {
    return files.stream().mapToLong(LocalFile::size).sum();
  }

  public static LocalTree below(Path directory) throws IOException {
    var visitor = new Visitor();
    Files.walkFileTree(directory, visitor);
    visitor.files.sort(Comparator.comparing(LocalFile::path));
    return new LocalTree(visitor.files, visitor.skipped);
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {

    private final List<LocalFile> files = new ArrayList<>();
    private long skipped;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && Files.isReadable(file)) {
        files.add(new LocalFile(file, attributes.size()));
      } else {
        skipped++;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException cause) {
      skipped++;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException cause) {
      if (cause != null) {
        skipped++;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
