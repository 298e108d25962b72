package io.hayloft.node.inventory;

import io.hayloft.node.blob.FidName;
import io.hayloft.node.blob.StoredCrc;
import io.hayloft.node.kernel.ExtendedAttribute;
import io.hayloft.node.kernel.FileGlance;
import io.hayloft.node.kernel.FileReader;
import io.hayloft.node.kernel.FileStatus;
import io.hayloft.node.requests.DigestName;
import io.hayloft.node.requests.PassingDigests;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a listing, made in portions of bounded work: so much text, so many directories, so
 * many bytes read. A file that is being read when a portion ends is read on in the next.
 *
 * <p>Who gives up waiting for a portion closes this while it is still being made on a lane; so
 * closing waits for its end, or the number of the open file could be another's by then.
 */
final class Entries implements AutoCloseable {

  private static final int TEXT = 48 << 10;
  private static final int DIRECTORIES = 64;
  private static final long BYTES = 1 << 20;
  private static final String UNREADABLE = " unreadable";
  private static final ExtendedAttribute CRC = new ExtendedAttribute(StoredCrc.NAME);

  private final FidWalk walk;
  private final Set<DigestName> digests;
  private final FileReader.Memory memory = new FileReader.Memory();
  private final FileGlance glance = new FileGlance(StoredCrc.NAME);
  private final StringBuilder text = new StringBuilder(TEXT + 512);
  private FidWalk.Shelf shelf = FidWalk.Shelf.EMPTY;
  private int next;
  private long count;
  private @Nullable Reading reading;

  /**
   * A part of the listing.
   *
   * @param lines without the last line end; may be empty
   * @param bytes that were read of files for it
   * @param isLast whether no other comes
   */
  record Portion(String lines, long bytes, boolean isLast) {}

  Entries(FidWalk walk, Set<DigestName> digests) {
    this.walk = walk;
    this.digests = digests;
  }

  /** How many files were listed so far. */
  synchronized long count() {
    return count;
  }

  synchronized Portion next() throws IOException {
    text.setLength(0);
    long bytes = 0;
    int directories = 0;
    while (text.length() < TEXT && bytes < BYTES && directories < DIRECTORIES) {
      if (reading != null) {
        bytes += goOn(reading);
      } else if (next < shelf.count()) {
        begin(shelf.fid(next++));
      } else {
        directories++;
        var following = walk.next();
        if (following.isEmpty()) {
          return portion(bytes, true);
        }
        shelf = following.get();
        glance.enter(shelf.directory());
        next = 0;
      }
    }
    return portion(bytes, false);
  }

  private Portion portion(long bytes, boolean isLast) {
    int length = text.isEmpty() ? 0 : text.length() - 1;
    return new Portion(text.substring(0, length), bytes, isLast);
  }

  private void begin(long fid) throws IOException {
    var name = FidName.of(fid);
    if (!digests.isEmpty()) {
      open(fid, name);
      return;
    }
    var status = glance.status(name);
    if (status.isPresent() && status.get().isFile()) {
      text.append(head(fid, status.get(), crc(name, status.get()))).append('\n');
    }
  }

  private OptionalInt crc(String name, FileStatus status) {
    var kept = StoredCrc.parse(glance.attribute());
    return glance.hasNoAttributes()
        ? StoredCrc.noted(shelf.directory().resolve(name), status)
        : kept;
  }

  private String head(long fid, FileStatus status, OptionalInt crc) {
    count++;
    return fid
        + " "
        + status.size()
        + " "
        + status.modifiedSeconds()
        + " "
        + (crc.isPresent() ? StoredCrc.text(crc.getAsInt()) : "-");
  }

  /** A file whose bytes are being read. */
  private static final class Reading {
    private final FileReader file;
    private final String head;
    private final long size;
    private final PassingDigests digests;
    private long offset;

    Reading(FileReader file, String head, long size, Set<DigestName> digests) {
      this.file = file;
      this.head = head;
      this.size = size;
      this.digests = new PassingDigests(digests);
    }
  }

  /** The head of the line is what the open file says, whatever takes its name meanwhile. */
  private void open(long fid, String name) throws IOException {
    FileReader file;
    try {
      file = FileReader.open(shelf.directory().resolve(name), memory);
    } catch (NoSuchFileException gone) {
      return;
    } catch (IOException unreadable) {
      unopened(fid, name);
      return;
    }
    var status = file.status();
    if (status.isFile()) {
      var kept = StoredCrc.parse(attribute(file));
      var crc = kept.isEmpty() ? StoredCrc.noted(shelf.directory().resolve(name), status) : kept;
      var head = head(fid, status, crc);
      reading = new Reading(file, head, status.size(), digests);
    } else {
      file.close();
    }
  }

  private static Optional<String> attribute(FileReader file) {
    try {
      return file.attribute(CRC);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private void unopened(long fid, String name) throws IOException {
    var status = glance.status(name);
    if (status.isPresent() && status.get().isFile()) {
      text.append(head(fid, status.get(), OptionalInt.empty())).append(UNREADABLE).append('\n');
    }
  }

  /** Reads the next piece; how many bytes that was. */
  private long goOn(Reading current) {
    try {
      if (current.offset < current.size) {
        var bytes = current.file.read(current.offset);
        int length = (int) Math.min(bytes.remaining(), current.size - current.offset);
        if (length == 0) {
          end(current, UNREADABLE);
          return 0;
        }
        current.digests.update(bytes.limit(length));
        current.offset += length;
        return length;
      }
      var line = new StringBuilder();
      current
          .digests
          .finish()
          .forEach((name, hex) -> line.append(' ').append(name.wire()).append(':').append(hex));
      end(current, line);
      return 0;
    } catch (IOException e) {
      end(current, UNREADABLE);
      return 0;
    }
  }

  private void end(Reading ended, CharSequence rest) {
    text.append(ended.head).append(rest).append('\n');
    close();
  }

  @Override
  public synchronized void close() {
    if (reading != null) {
      reading.file.close();
      reading = null;
    }
  }
}
