package io.hayloft.node.http;

import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.Upload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A body as it comes from the network, in pieces of which some are held until there are enough of
 * them: to wake the disk's thread for each would cost more than to write it, and a filesystem takes
 * many bytes at once for less than the same bytes piece by piece. Used by one thread at a time.
 */
final class BodyPieces {

  /** Of 64 KiB each where the network is faster than the disk. */
  private static final int MANY = 4;

  private final Content.Source body;
  private final List<Content.Chunk> held = new ArrayList<>(MANY);
  private @Nullable Throwable failure;

  /** What there is after a reading. */
  enum Got {
    /** Whatever has come, more of it will: it is to be asked for. */
    ALL_FOR_NOW,
    MANY,
    /** The body's end. */
    LAST,
    BROKEN_OFF
  }

  BodyPieces(Content.Source body) {
    this.body = body;
  }

  /** Takes what has come, and waits for nothing. */
  Got read() {
    while (held.size() < MANY) {
      var piece = body.read();
      if (piece == null) {
        return Got.ALL_FOR_NOW;
      }
      if (Content.Chunk.isFailure(piece)) {
        failure = piece.getFailure();
        return Got.BROKEN_OFF;
      }
      held.add(piece);
      if (piece.isLast()) {
        return Got.LAST;
      }
    }
    return Got.MANY;
  }

  /** Why it was broken off. */
  Throwable failure() {
    return failure == null ? new IllegalStateException("nothing has failed") : failure;
  }

  void writeTo(Upload upload) throws DiskException {
    try {
      upload.write(held.stream().map(Content.Chunk::getByteBuffer).toArray(ByteBuffer[]::new));
    } finally {
      release();
    }
  }

  /** Lets go of those that were not written. */
  void release() {
    held.forEach(Content.Chunk::release);
    held.clear();
  }
}
