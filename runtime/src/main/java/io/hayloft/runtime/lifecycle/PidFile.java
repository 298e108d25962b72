package io.hayloft.runtime.lifecycle;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file with the number of this process. One that is left from before is replaced: whether its
 * process still runs cannot be told from a number that another may have by now. Closing removes the
 * file unless it holds another number.
 */
public final class PidFile implements AutoCloseable {

  private final Path file;
  private final String content;

  private PidFile(Path file, String content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Writes it; whoever reads it sees all of the number or the file of before.
   *
   * @throws IOException when it cannot be written; its directory must exist
   */
  public static PidFile write(Path file) throws IOException {
    var content = ProcessHandle.current().pid() + "\n";
    var complete = file.toAbsolutePath();
    var part = complete.resolveSibling(complete.getFileName() + ".new");
    Files.writeString(part, content);
    Files.move(part, complete, ATOMIC_MOVE);
    return new PidFile(complete, content);
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(content)) {
      Files.deleteIfExists(file);
    }
  }
}
