package io.hayloft.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Where the bytes of a new file come from. A file or an array can be read again when a storage node
 * fails in the middle; a stream only as far as it is held in memory ({@link Limits#heldBytes}).
 *
 * <p>A source of a stream is good for one call and leaves closing the stream to its owner.
 */
public abstract sealed class Source {

  private Source() {}

  public static Source of(byte[] bytes) {
    return new Bytes(bytes);
  }

  public static Source of(Path file) {
    return new OfFile(file);
  }

  /** A stream of any length, read to its end. */
  public static Source of(InputStream stream) {
    return new OfStream(stream, OptionalLong.empty());
  }

  /** A stream that must have exactly this many bytes; otherwise nothing is stored. */
  public static Source of(InputStream stream, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("less than no bytes: " + length);
    }
    return new OfStream(stream, OptionalLong.of(length));
  }

  /** Makes it as repeatable as memory allows, before anything is sent. */
  abstract Source held(int bytes) throws IOException;

  /** Empty when nobody knows. */
  abstract OptionalLong length() throws IOException;

  /** Whether {@link #open} can be called, once more or for the first time. */
  abstract boolean readable();

  /** Whether this reading may be the only one. */
  abstract boolean once();

  /** The bytes from the first on. */
  abstract InputStream open() throws IOException;

  private static final class Bytes extends Source {
    private final byte[] bytes;

    // The array is not copied: it may be large, and changing it during the call would be no use.
    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    Source held(int most) {
      return this;
    }

    @Override
    OptionalLong length() {
      return OptionalLong.of(bytes.length);
    }

    @Override
    boolean readable() {
      return true;
    }

    @Override
    boolean once() {
      return false;
    }

    @Override
    InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  private static final class OfFile extends Source {
    private final Path file;

    OfFile(Path file) {
      this.file = file;
    }

    @Override
    Source held(int bytes) {
      return this;
    }

    @Override
    OptionalLong length() throws IOException {
      // A pipe or a device has a size that says nothing.
      return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
    }

    @Override
    boolean readable() {
      return true;
    }

    @Override
    boolean once() {
      return false;
    }

    @Override
    InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }

  private static final class OfStream extends Source {
    private final InputStream stream;
    private final OptionalLong length;

    OfStream(InputStream stream, OptionalLong length) {
      this.stream = stream;
      this.length = length;
    }

    @Override
    Source held(int bytes) throws IOException {
      byte[] head;
      try {
        head = stream.readNBytes(bytes);
      } catch (IOException e) {
        throw new SourceFailedException(e);
      }
      if (head.length < bytes) {
        if (length.isPresent() && length.getAsLong() != head.length) {
          throw new SourceFailedException(
              MeteredStream.wrongLength(length.getAsLong(), "ended after " + head.length));
        }
        return new Bytes(head);
      }
      return new Begun(head, stream, length);
    }

    @Override
    OptionalLong length() {
      return length;
    }

    @Override
    boolean readable() {
      return true;
    }

    @Override
    boolean once() {
      return true;
    }

    @Override
    InputStream open() {
      throw new IllegalStateException("a stream is read by way of what is held of it");
    }
  }

  /** A stream whose first bytes are held; it can be read again until more has been taken. */
  private static final class Begun extends Source {
    private final byte[] head;
    private final InputStream rest;
    private final OptionalLong length;
    private boolean restTouched;

    Begun(byte[] head, InputStream rest, OptionalLong length) {
      this.head = head;
      this.rest = rest;
      this.length = length;
    }

    @Override
    Source held(int bytes) {
      return this;
    }

    @Override
    OptionalLong length() {
      return length;
    }

    @Override
    boolean readable() {
      return !restTouched;
    }

    @Override
    boolean once() {
      return true;
    }

    @Override
    InputStream open() {
      return new SequenceInputStream(
          new ByteArrayInputStream(head),
          new InputStream() {
            @Override
            public int read() throws IOException {
              restTouched = true;
              return rest.read();
            }

            @Override
            public int read(byte[] into, int offset, int count) throws IOException {
              restTouched = true;
              return rest.read(into, offset, count);
            }
          });
    }
  }
}
