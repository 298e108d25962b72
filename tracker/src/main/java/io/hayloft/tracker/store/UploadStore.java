package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Uploads that have been opened and not yet closed, and what closing does to the name space. */
public interface UploadStore {

  /**
   * What is to be opened.
   *
   * @param key as given with the request, for information only; may be empty
   * @param devices where the client may store, best first
   */
  record Opening(DomainId domain, ClassId fileClass, String key, List<DeviceId> devices) {}

  /** An open upload. */
  record Pending(Fid fid, Opening opening, long createdAt) {}

  /** What a client was offered: to store a file of that class on one of these devices. */
  record Offer(ClassId fileClass, List<DeviceId> devices) {

    public static Offer of(Opening opening) {
      return new Offer(opening.fileClass(), opening.devices());
    }
  }

  /**
   * Registers an upload under a new fid, greater than all before, or under the one that is asked
   * for.
   *
   * @return the fid; empty when the one that was asked for is or was in use
   */
  Optional<Fid> open(Opening opening, Optional<Fid> explicit);

  /** Registers an upload under a new fid, for those who do not wait for it. */
  void open(Opening opening, Hearer<Fid> hearer);

  /** The upload, if it is still open. */
  Optional<Pending> pending(Fid fid);

  /**
   * What was offered with an upload, where that is known without asking anybody; it may have ended
   * since. Empty says nothing of it.
   */
  Optional<Offer> offered(Fid fid);

  /**
   * A finished upload.
   *
   * @param file what the key shall stand for; its devcount is 1
   * @param device where the client stored it
   * @param checksum to keep with it, if any
   */
  record Finished(StoredFile file, DeviceId device, Optional<Checksum> checksum) {}

  /** How closing ended. */
  sealed interface Closing {

    /**
     * The key stands for the new file.
     *
     * @param replaced the file it stood for until now, queued for deletion
     */
    record Closed(Optional<Fid> replaced) implements Closing {}

    /** The upload is not open: closed already, expired or never opened. */
    record NotOpen() implements Closing {}

    /** A file with that very fid exists; the upload was left as it is. */
    record FidExists() implements Closing {}

    /**
     * The device was marked dead, maybe a moment ago and through another tracker: its files are
     * being given up, and this one would be its only copy. The upload was left as it is.
     */
    record DeviceDead() implements Closing {}
  }

  /**
   * In one transaction: ends the upload, queues the file that the key stood for to be deleted,
   * records the new file, its location and checksum, and queues it for replication. Of several
   * closings of one upload exactly one succeeds.
   */
  Closing close(Finished upload);

  /** As {@link #close(Finished)}, for those who do not wait for it. */
  void close(Finished upload, Hearer<Closing> hearer);

  /**
   * Ends an upload without a file: what was stored on that device will be deleted.
   *
   * @return false when the upload is not open; nothing was changed then
   */
  boolean abandon(Fid fid, DeviceId device);

  /** Uploads opened longer ago than that, oldest first. */
  List<Pending> expired(Duration age, int limit);

  /**
   * Ends uploads that were never closed; whatever may have been stored on any of their devices will
   * be deleted. One that became a file meanwhile only loses its row.
   */
  void expire(List<Pending> uploads);
}
