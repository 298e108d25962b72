package io.hayloft.node.blob;

import java.io.IOException;
import java.io.Serial;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/** A disk did not do what it was asked; the code says in which way. */
public final class DiskException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  /** The ways that matter to a client. */
  public enum Code {
    /** No space, no inodes or no quota is left. */
    FULL,
    /** The filesystem does not take writes. */
    READ_ONLY,
    /** The process may not. */
    DENIED,
    /** A name on the way is a file, or the name itself is a directory. */
    IN_THE_WAY,
    /** The filesystem cannot have such a name: it is too long. */
    BAD_NAME,
    /** Another device's disk is in the directory. */
    REFUSED,
    /** No disk failed: the process has as many files open as it may. */
    TOO_MANY_FILES,
    /** An earlier sync of the disk failed, and the disk was not checked since. */
    DISTRUSTED,
    /** Anything else: the disk or the filesystem is damaged. */
    BROKEN
  }

  private final Code code;

  public DiskException(Code code, String message) {
    super(message);
    this.code = code;
  }

  private DiskException(Code code, String message, IOException cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }

  /** Whether no disk failed: this process broke the operation off because it is stopping. */
  public boolean isInterruption() {
    return getCause() instanceof AsynchronousCloseException;
  }

  /** Wraps what the JDK threw, which says what happened only in the words of the system. */
  public static DiskException of(IOException thrown) {
    if (thrown instanceof DiskException already) {
      return already;
    }
    if (thrown.getCause() instanceof DiskException known) {
      return new DiskException(known.code(), String.valueOf(thrown.getMessage()), thrown);
    }
    if (thrown instanceof AccessDeniedException) {
      return new DiskException(Code.DENIED, "Permission denied", thrown);
    }
    var words = thrown instanceof FileSystemException named ? named.getReason() : null;
    if (words == null) {
      words = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }
    return new DiskException(code(words.toLowerCase(Locale.ROOT)), words, thrown);
  }

  private static Code code(String words) {
    if (words.contains("no space left") || words.contains("quota exceeded")) {
      return Code.FULL;
    }
    if (words.contains("too many open files")) {
      return Code.TOO_MANY_FILES;
    }
    if (words.contains("read-only file system")) {
      return Code.READ_ONLY;
    }
    if (words.contains("permission denied") || words.contains("not permitted")) {
      return Code.DENIED;
    }
    if (words.contains("not a directory") || words.contains("is a directory")) {
      return Code.IN_THE_WAY;
    }
    return words.contains("name too long") ? Code.BAD_NAME : Code.BROKEN;
  }
}
