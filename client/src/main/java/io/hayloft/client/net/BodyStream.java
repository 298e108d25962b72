package io.hayloft.client.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * The body of an answer. Ends with -1 only when the whole body has come; a connection that breaks
 * off earlier is an {@link EOFException}, never a short body.
 */
public final class BodyStream extends InputStream {

  /** How the end of the body is known. */
  enum Framing {
    /** By its length. */
    SIZED,
    /** By its last chunk. */
    CHUNKED,
    /** By the end of the connection, so that a cut cannot be told from the end. */
    UNTIL_CLOSE
  }

  private static final int MAX_CHUNK_LINE = 4096;
  private static final int MAX_TRAILERS = 64;

  private final NodeConnection connection;
  private final Framing framing;
  private final Consumer<Boolean> whenDone;
  private long left;
  private boolean firstChunk = true;
  private boolean done;

  /**
   * @param left the body's length when it is sized
   * @param whenDone told once whether the body was read to its end
   */
  BodyStream(NodeConnection connection, Framing framing, long left, Consumer<Boolean> whenDone) {
    this.connection = connection;
    this.framing = framing;
    this.left = left;
    this.whenDone = whenDone;
    if (framing == Framing.SIZED && left == 0) {
      finish(true);
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (done || (framing == Framing.CHUNKED && left == 0 && !nextChunk())) {
      return -1;
    }
    int wanted = framing == Framing.UNTIL_CLOSE ? count : (int) Math.min(count, left);
    int got = connection.read(into, offset, wanted);
    if (got < 0) {
      if (framing == Framing.UNTIL_CLOSE) {
        finish(false);
        return -1;
      }
      finish(false);
      throw new EOFException("the connection was closed with " + left + " bytes still to come");
    }
    if (framing != Framing.UNTIL_CLOSE) {
      left -= got;
      if (framing == Framing.SIZED && left == 0) {
        finish(true);
      }
    }
    return got;
  }

  private boolean nextChunk() throws IOException {
    if (!firstChunk && !connection.readLine(MAX_CHUNK_LINE).isEmpty()) {
      throw new IOException("a chunk is longer than it said");
    }
    firstChunk = false;
    var line = connection.readLine(MAX_CHUNK_LINE);
    int semicolon = line.indexOf(';');
    var size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    if (!size.matches("[0-9a-fA-F]{1,15}")) {
      throw new IOException("not the size of a chunk: " + line);
    }
    left = Long.parseLong(size, 16);
    if (left > 0) {
      return true;
    }
    // Trailing headers say nothing that is used here.
    int trailers = 0;
    while (!connection.readLine(MAX_CHUNK_LINE).isEmpty()) {
      if (++trailers > MAX_TRAILERS) {
        throw new IOException("more than " + MAX_TRAILERS + " headers after the body");
      }
    }
    finish(true);
    return false;
  }

  private void finish(boolean complete) {
    if (!done) {
      done = true;
      whenDone.accept(complete);
    }
  }

  /** Gives the connection back when the body was read to its end, and drops it otherwise. */
  @Override
  public void close() {
    finish(false);
  }
}
