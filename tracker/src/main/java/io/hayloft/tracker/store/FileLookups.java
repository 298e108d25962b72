package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.store.FileStore.Located;
import java.util.List;
import java.util.Optional;

/**
 * What {@code get_paths} and {@code file_info} ask. They are most of a tracker's requests and only
 * read, so that they may be answered from elsewhere than the primary: a read replica, a cache.
 *
 * <p>Implementers owe that a key that was stored before the call, and is there, is found; and that
 * an answer is had without the primary where there is any other source. Callers may not assume that
 * an answer is as new as the primary's: a replica may lag, see {@link #newer}.
 */
public interface FileLookups {

  /**
   * Where the file of a key is believed to be: all that a client needs who forgoes verification.
   */
  record Whereabouts(Fid fid, List<DeviceId> devices) {

    public static Whereabouts of(Located located) {
      return new Whereabouts(located.file().fid(), located.devices());
    }
  }

  /** A file and its locations. */
  Optional<Located> locate(DomainId domain, Key key);

  /** As {@link #locate}, but less is told, and it may have been kept for a while. */
  Optional<Whereabouts> whereabouts(DomainId domain, Key key);

  /**
   * As {@link #whereabouts}, where that can be told without waiting for anything; empty where it
   * cannot, which says nothing of the file.
   */
  default Optional<Whereabouts> atOnce(DomainId domain, Key key) {
    return Optional.empty();
  }

  /**
   * As {@link #locate(DomainId, Key)}, for those who must not wait, where only one is to be asked.
   *
   * @return false when that is not so: then nothing was begun, and nothing is heard
   */
  default boolean locate(DomainId domain, Key key, Hearer<Optional<Located>> hearer) {
    return false;
  }

  /**
   * As {@link #whereabouts(DomainId, Key)}, for those who must not wait, where only one is to be
   * asked.
   *
   * @return false when that is not so: then nothing was begun, and nothing is heard
   */
  default boolean whereabouts(DomainId domain, Key key, Hearer<Optional<Whereabouts>> hearer) {
    return false;
  }

  /** The digest that is kept of a file. */
  Optional<Checksum> checksum(Fid fid);

  /**
   * What the primary says now, for those who keep answers. Fails at once while it is known to be
   * away and others may be asked.
   */
  Optional<Located> atPrimary(DomainId domain, Key key);

  /** Whether there are others who can be asked when the primary fails. */
  boolean hasOthers();

  /**
   * What the primary says of a key that another source told a useless story of; empty when that
   * story was the primary's or is the same, and when the primary is away.
   */
  Optional<Located> newer(DomainId domain, Key key, Located told);
}
