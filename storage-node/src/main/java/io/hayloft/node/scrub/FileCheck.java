package io.hayloft.node.scrub;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.StoredCrc;
import io.hayloft.node.kernel.ExtendedAttribute;
import io.hayloft.node.kernel.ExtendedAttribute.Kept;
import io.hayloft.node.kernel.FileReader;
import io.hayloft.node.kernel.FileStatus;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check of one file, in steps of bounded work: its bytes, read from the disk, against the
 * checksum that was kept when it was stored.
 *
 * <h2>When a file is judged</h2>
 *
 * Only when it was read twice from the disk with the same result, because memory and cables err as
 * well, and only if it did not change meanwhile. A file without a checksum is trusted at the first
 * read and gets one; one that is younger than it takes to write a file in parts is left alone.
 *
 * <p>Who gives up waiting for a step closes this while it is still being made on a lane; so closing
 * waits for its end.
 */
final class FileCheck implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FileCheck.class);

  private static final ExtendedAttribute CRC = new ExtendedAttribute(StoredCrc.NAME);

  /** Read in one step. */
  private static final long STEP = 1 << 20;

  /** What came of it. */
  sealed interface Verdict {
    record Good() implements Verdict {}

    /** The first read was not what the second was: not this file is at fault. */
    record Unsteady(String first) implements Verdict {}

    /** It is gone, or changed while it was read, or is too young. */
    record NotChecked() implements Verdict {}

    /**
     * @param inode of the file that was read, if it could be opened
     */
    record Bad(OptionalLong inode, String reason) implements Verdict {}
  }

  private final BlobPath path;
  private final Path file;
  private final BlobStore store;
  private final long youngest;
  private final FileReader.Memory memory;
  private final CRC32C crc = new CRC32C();
  private @Nullable FileReader reader;
  private @Nullable FileStatus before;
  private OptionalInt stored = OptionalInt.empty();
  private long offset;
  private long read;
  private long told;

  /** What was wrong with the first read; empty while it goes on. */
  private String wrong = "";

  /**
   * @param youngest files changed after that Unix time get no checksum yet
   * @param memory of no other check that is not closed
   */
  FileCheck(BlobPath path, Path file, BlobStore store, long youngest, FileReader.Memory memory) {
    this.memory = memory;
    this.path = path;
    this.file = file;
    this.store = store;
    this.youngest = youngest;
  }

  /** How many bytes were read, both times counted. */
  synchronized long read() {
    return read;
  }

  /** How many of them since this was asked last. */
  synchronized long newlyRead() {
    long newly = read - told;
    told = read;
    return newly;
  }

  /** Goes on with the check; empty while there is more to do. */
  synchronized Optional<Verdict> step() {
    try {
      return reader == null ? open() : read(reader);
    } catch (NoSuchFileException gone) {
      return Optional.of(new Verdict.NotChecked());
    } catch (IOException e) {
      return again("unreadable: " + DiskException.of(e).getMessage());
    }
  }

  private Optional<Verdict> open() throws IOException {
    var opened = FileReader.open(file, memory);
    reader = opened;
    var status = opened.status();
    before = status;
    var kept = StoredCrc.parse(opened.attribute(CRC));
    stored = kept.isEmpty() ? StoredCrc.noted(file, status) : kept;
    boolean tooYoung = stored.isEmpty() && status.modifiedSeconds() > youngest;
    if (!status.isFile() || tooYoung) {
      return Optional.of(new Verdict.NotChecked());
    }
    opened.forgetPages();
    return Optional.empty();
  }

  private Optional<Verdict> read(FileReader from) throws IOException {
    for (long left = STEP; left > 0; ) {
      var bytes = from.read(offset);
      int length = bytes.remaining();
      if (length == 0) {
        from.forgetPages();
        return judge(from, (int) crc.getValue());
      }
      crc.update(bytes);
      offset += length;
      read += length;
      left -= length;
    }
    return Optional.empty();
  }

  private Optional<Verdict> judge(FileReader from, int found) throws IOException {
    if (!from.status().equals(before)) {
      return Optional.of(new Verdict.NotChecked());
    }
    if (stored.isEmpty()) {
      return Optional.of(keep(from, found));
    }
    if (found == stored.getAsInt()) {
      return Optional.of(wrong.isEmpty() ? new Verdict.Good() : new Verdict.Unsteady(wrong));
    }
    return again(
        "its CRC-32C is "
            + StoredCrc.text(found)
            + ", and was "
            + StoredCrc.text(stored.getAsInt())
            + " when it was stored");
  }

  /** Trusts what was read; not while somebody may be writing to a part of the file. */
  private Verdict keep(FileReader from, int found) {
    store
        .partialWrites()
        .apart(
            path,
            () -> {
              try {
                var now = from.status();
                if (now.equals(before)
                    && from.keep(CRC, StoredCrc.text(found)) == Kept.UNSUPPORTED) {
                  StoredCrc.note(file, now, found);
                }
              } catch (IOException e) {
                // A full or read-only disk; the file is good all the same.
                log.debug("{} gets no checksum: {}", path, e.toString());
              }
            });
    return new Verdict.Good();
  }

  /** Reads a second time; the second failure is the verdict. */
  private Optional<Verdict> again(String why) {
    if (!wrong.isEmpty()) {
      var inode = before == null ? OptionalLong.empty() : OptionalLong.of(before.inode());
      return Optional.of(new Verdict.Bad(inode, why));
    }
    wrong = why;
    offset = 0;
    crc.reset();
    if (reader != null) {
      reader.forgetPages();
    }
    return Optional.empty();
  }

  @Override
  public synchronized void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
