package io.hayloft.node.sidechannel;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.OpenBlob;
import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Computes digests of files. It takes turns: few at a time in all, and of those that are not urgent
 * one for each device, so that a check of everything leaves the disks to those who serve users.
 */
public final class Digests {

  /** More would only wait for processors and disks. */
  private static final int AT_A_TIME = 8;

  private static final int PIECE = 256 << 10;

  private final BlobStore store;
  private final Semaphore turns = new Semaphore(AT_A_TIME, true);
  private final Map<DeviceId, Semaphore> lowPriorityTurns = new ConcurrentHashMap<>();

  public Digests(BlobStore store) {
    this.store = store;
  }

  sealed interface Outcome {
    record Computed(Checksum checksum) implements Outcome {}

    /** There is no such file, or it may not be opened. */
    record NoFile() implements Outcome {}

    /**
     * @param offset in bytes, where reading failed
     */
    record ReadFailed(long offset) implements Outcome {}
  }

  Outcome compute(BlobPath path, HashAlgorithm algorithm, boolean lowPriority)
      throws InterruptedException {
    OpenBlob blob;
    try {
      if (!(store.openOnce(path) instanceof BlobStore.Found.File(var found))) {
        return new Outcome.NoFile();
      }
      blob = found;
    } catch (DiskException unreadable) {
      return new Outcome.NoFile();
    }
    try {
      return lowPriority ? inTurn(path.device(), blob, algorithm) : read(blob, algorithm);
    } finally {
      blob.release();
    }
  }

  private Outcome inTurn(DeviceId device, OpenBlob blob, HashAlgorithm algorithm)
      throws InterruptedException {
    var turn = lowPriorityTurns.computeIfAbsent(device, _ -> new Semaphore(1, true));
    turn.acquire();
    try {
      return read(blob, algorithm);
    } finally {
      turn.release();
    }
  }

  private Outcome read(OpenBlob blob, HashAlgorithm algorithm) throws InterruptedException {
    turns.acquire();
    try {
      var digest = digest(algorithm);
      var piece = ByteBuffer.allocate(PIECE);
      for (long at = 0; at < blob.size(); at += piece.limit()) {
        piece.clear().limit((int) Math.min(PIECE, blob.size() - at));
        if (!readPiece(blob, piece, at)) {
          return new Outcome.ReadFailed(at);
        }
        digest.update(piece.flip());
      }
      return new Outcome.Computed(Checksum.of(algorithm, digest.digest()));
    } finally {
      turns.release();
    }
  }

  private static boolean readPiece(OpenBlob blob, ByteBuffer piece, long at) {
    try {
      return blob.read(piece, at);
    } catch (IOException e) {
      return false;
    }
  }

  private static MessageDigest digest(HashAlgorithm algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.wire());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm.wire(), e);
    }
  }
}
