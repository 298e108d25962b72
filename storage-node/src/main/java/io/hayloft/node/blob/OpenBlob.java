package io.hayloft.node.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file for reading, shared by all who read it at the time. Whoever was given one must {@link
 * #release} it once; the last release closes the file. Of a small one all bytes may be in memory;
 * then no file is open for it.
 */
public final class OpenBlob {

  private static final Logger log = LoggerFactory.getLogger(OpenBlob.class);

  // A field rather than an atomic object, which would be a further miss of the cache in a request
  // for one of thousands of files.
  private static final AtomicIntegerFieldUpdater<OpenBlob> HOLDERS =
      AtomicIntegerFieldUpdater.newUpdater(OpenBlob.class, "holders");

  /** Null when all bytes are in memory. */
  private final @Nullable FileChannel channel;

  /** Null when the file is open. */
  private final HotBytes.@Nullable Piece memory;

  private final Version version;
  private final String modifiedText;
  private final String tag;
  private volatile int holders = 1;
  private volatile boolean warm;
  private volatile OptionalInt crc32c = OptionalInt.empty();
  private volatile long checkedNanos;

  /**
   * Which state of a file it is.
   *
   * @param size in bytes
   * @param modifiedMillis Unix time in milliseconds
   * @param changedNanos Unix time of the last change of content, attributes or names: another file
   *     may get the key of one that is not open any more, but not that time
   * @param fileKey the filesystem's name of the file, which a replacement changes
   */
  public record Version(
      long size, long modifiedMillis, long changedNanos, @Nullable Object fileKey) {}

  OpenBlob(FileChannel channel, Version version, long checkedNanos) {
    this(channel, null, version, checkedNanos);
  }

  /**
   * One without a file.
   *
   * @param memory that ends with all of the file's bytes
   */
  OpenBlob(HotBytes.Piece memory, Version version, long checkedNanos) {
    this(null, memory, version, checkedNanos);
    warm = true;
  }

  private OpenBlob(
      @Nullable FileChannel channel,
      HotBytes.@Nullable Piece memory,
      Version version,
      long checkedNanos) {
    this.channel = channel;
    this.memory = memory;
    this.version = version;
    this.modifiedText = HttpDate.of(version.modifiedMillis());
    this.tag = tag(version.modifiedMillis(), version.size());
    this.checkedNanos = checkedNanos;
  }

  public long size() {
    return version.size();
  }

  /** When it was last modified, as an HTTP date. */
  public String modifiedText() {
    return modifiedText;
  }

  /** What tells this state of the file from others: its time to the millisecond and its size. */
  public String tag() {
    return tag;
  }

  /** What {@link #tag} is for a file of that time and size. */
  public static String tag(long modifiedMillis, long size) {
    return "\"" + Long.toHexString(modifiedMillis) + "-" + Long.toHexString(size) + "\"";
  }

  /** Unix time, as the HTTP date has it. */
  public long modifiedSeconds() {
    return Math.floorDiv(version.modifiedMillis(), 1_000);
  }

  public Version version() {
    return version;
  }

  /**
   * For sending it on without a copy. Not to be closed, and read at explicit positions only.
   *
   * @throws IllegalStateException when all bytes are in memory
   */
  public FileChannel channel() {
    if (channel == null) {
      throw new IllegalStateException("no file is open, the bytes are in memory");
    }
    return channel;
  }

  /** Fills the buffer from that offset; false when the file has become too short for it. */
  public boolean read(ByteBuffer into, long offset) throws IOException {
    if (memory != null) {
      return readMemory(memory.bytes(), into, offset);
    }
    var file = channel();
    long at = offset;
    while (into.hasRemaining()) {
      int got = file.read(into, at);
      if (got < 0) {
        return false;
      }
      at += got;
    }
    return true;
  }

  private boolean readMemory(ByteBuffer from, ByteBuffer into, long offset) {
    long start = from.limit() - size() + offset;
    if (into.remaining() > from.limit() - start) {
      return false;
    }
    into.put(from.position((int) start).limit((int) start + into.remaining()));
    return true;
  }

  /** Whether its bytes were lately read in full, so that reading will hardly wait for the disk. */
  public boolean isWarm() {
    return warm;
  }

  public void markWarm() {
    warm = true;
  }

  /** The checksum that is kept with the file, as it was when the file was opened. */
  public OptionalInt crc32c() {
    return crc32c;
  }

  void crc32c(OptionalInt kept) {
    crc32c = kept;
  }

  /**
   * Where all its bytes are, at the end of what else was put there; to be used while it is held.
   */
  public Optional<HotBytes.Piece> memory() {
    return Optional.ofNullable(memory);
  }

  /** Whether a file is open for it. */
  boolean isOpen() {
    return channel != null;
  }

  long checkedNanos() {
    return checkedNanos;
  }

  void checkedAt(long nanos) {
    checkedNanos = nanos;
  }

  /** One more holder; false when it has been closed meanwhile. */
  boolean retain() {
    while (true) {
      int now = holders;
      if (now == 0) {
        return false;
      }
      if (HOLDERS.compareAndSet(this, now, now + 1)) {
        return true;
      }
    }
  }

  public void release() {
    int left = HOLDERS.decrementAndGet(this);
    if (left < 0) {
      throw new IllegalStateException("released more often than retained");
    }
    if (left == 0) {
      if (memory != null) {
        memory.close();
      }
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException e) {
        log.warn("closing a file failed: {}", e.toString());
      }
    }
  }
}
