package io.hayloft.node.blob;

import io.hayloft.node.kernel.WriteOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes on their way in: nothing of them can be seen under the file's name before {@link #commit},
 * and nothing is left of them when it is closed without. Used by one thread at a time.
 */
public final class Upload implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Upload.class);

  private final BlobPath path;
  private final TempFiles.TempFile temp;
  private final BlobStore store;
  private final @Nullable MessageDigest md5;
  private final CRC32C crc = new CRC32C();
  private long length;
  private boolean open = true;
  private boolean hasCrc;
  private Optional<String> note = Optional.empty();
  private Placement.@Nullable Placed placed;

  Upload(BlobPath path, TempFiles.TempFile temp, BlobStore store, boolean wantsMd5) {
    this.path = path;
    this.temp = temp;
    this.store = store;
    this.md5 = wantsMd5 ? newMd5() : null;
  }

  private static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  public BlobPath path() {
    return path;
  }

  /** How many bytes have come so far. */
  public long length() {
    return length;
  }

  /** Takes all bytes of the buffers, in one call to the filesystem if that takes them all. */
  public void write(ByteBuffer... buffers) throws DiskException {
    long left = 0;
    for (var bytes : buffers) {
      if (md5 != null) {
        md5.update(bytes.duplicate());
      }
      crc.update(bytes.duplicate());
      left += bytes.remaining();
    }
    try {
      while (left > 0) {
        long written = temp.channel().write(buffers);
        length += written;
        left -= written;
      }
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** The CRC-32C of the bytes so far. */
  public int crc32c() {
    return (int) crc.getValue();
  }

  /** Whether the bytes so far have that MD5 digest. To be asked once, and only if it was wanted. */
  public boolean hasMd5(byte[] expected) {
    if (md5 == null) {
      throw new IllegalStateException("no digest was wanted of " + path);
    }
    return MessageDigest.isEqual(md5.digest(), expected);
  }

  /**
   * Makes the bytes the file's content, in place of what was there. Durable when it returns; when
   * it fails, what was there is there, or else the whole of these bytes.
   */
  public void commit() throws DiskException {
    try {
      settle();
      sync();
      place();
      try {
        store.placement().syncName(path);
      } catch (IOException e) {
        takeBack(e);
        throw e;
      }
      finish();
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** The first step of {@link #commit}, when all bytes have come: keeps their checksum. */
  void settle() {
    hasCrc = StoredCrc.keep(temp.path(), crc32c());
  }

  /** May come before the second, where that follows for several. */
  void beginToWriteOut() {
    WriteOut.begin(temp.path());
  }

  /** The second: makes the bytes durable, if that is wanted. */
  void sync() throws IOException {
    store.makeDurable(path.device(), temp.channel());
    temp.channel().close();
  }

  /** The third: gives them their name, which has to be made durable then. */
  void place() throws IOException {
    if (!hasCrc) {
      note = StoredCrc.noteAbout(temp.path(), crc32c());
    }
    placed = store.placement().place(temp.path(), path);
  }

  /** Instead of the last, when the name cannot be made durable. */
  void takeBack(IOException why) {
    if (placed != null) {
      store.placement().takeBack(placed, why);
    }
  }

  /** The last. */
  void finish() {
    note.ifPresent(text -> store.placement().noteCrc(path, text));
  }

  /**
   * Makes the bytes the content of a part of the file, which must exist.
   *
   * @param from where in the file the first byte goes
   */
  public PartialWrite.Outcome commitAt(long from) throws DiskException {
    try {
      return store.partialWrites().writeAt(path, temp.channel(), from);
    } catch (IOException e) {
      throw DiskException.of(e);
    }
  }

  /** Removes the bytes, unless they were put in place. May be called again. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    try {
      temp.channel().close();
      if (placed == null) {
        Files.deleteIfExists(temp.path());
      }
    } catch (IOException e) {
      log.warn("{} is left until the next start: {}", temp.path(), e.toString());
    }
  }
}
