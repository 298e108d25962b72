package io.hayloft.client;

/**
 * The bounds the client keeps to.
 *
 * @param connectionsPerTracker open at one time; further calls wait for one within their deadline
 * @param rounds how many times all trackers are asked, where asking again is safe
 * @param uploads how many times a file is sent, each time as a new upload, where its bytes can be
 *     read again
 * @param replyBytes the longest line a tracker may answer with
 * @param heldBytes how much of a stream is read into memory before its upload begins; a stream no
 *     longer than this can be sent again after a failure like a file or an array
 * @param readBytes the longest file that is read into an array unless the call says otherwise
 */
public record Limits(
    int connectionsPerTracker,
    int rounds,
    int uploads,
    int replyBytes,
    int heldBytes,
    int readBytes) {

  public static final Limits DEFAULT =
      new Limits(32, 2, 2, 16 * 1024 * 1024, 256 * 1024, 64 * 1024 * 1024);

  public Limits {
    if (connectionsPerTracker < 1 || rounds < 1 || uploads < 1 || replyBytes < 1024) {
      throw new IllegalArgumentException(
          "at least one connection, one round, one upload and replies of 1024 bytes are needed: "
              + connectionsPerTracker
              + ", "
              + rounds
              + ", "
              + uploads
              + ", "
              + replyBytes);
    }
    if (heldBytes < 0 || readBytes < 0) {
      throw new IllegalArgumentException("less than no bytes: " + heldBytes + ", " + readBytes);
    }
  }

  public Limits connectionsPerTracker(int most) {
    return new Limits(most, rounds, uploads, replyBytes, heldBytes, readBytes);
  }

  public Limits rounds(int most) {
    return new Limits(connectionsPerTracker, most, uploads, replyBytes, heldBytes, readBytes);
  }

  public Limits uploads(int most) {
    return new Limits(connectionsPerTracker, rounds, most, replyBytes, heldBytes, readBytes);
  }

  public Limits replyBytes(int most) {
    return new Limits(connectionsPerTracker, rounds, uploads, most, heldBytes, readBytes);
  }

  public Limits heldBytes(int most) {
    return new Limits(connectionsPerTracker, rounds, uploads, replyBytes, most, readBytes);
  }

  public Limits readBytes(int most) {
    return new Limits(connectionsPerTracker, rounds, uploads, replyBytes, heldBytes, most);
  }
}
