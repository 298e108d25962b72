package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The name space: which file a key stands for, and where its replicas are believed to be. */
public interface FileStore {

  /** A file with the devices it is believed to be on. */
  record Located(StoredFile file, List<DeviceId> devices) {}

  Optional<StoredFile> find(DomainId domain, Key key);

  Optional<StoredFile> find(Fid fid);

  /** A file and its locations in one round trip. */
  Optional<Located> locate(DomainId domain, Key key);

  /** As {@link #locate(DomainId, Key)}, for those who do not wait for it. */
  void locate(DomainId domain, Key key, Hearer<Optional<Located>> hearer);

  /** Files and locations by number; those that do not exist are absent. */
  Map<Fid, Located> locate(Collection<Fid> fids);

  /** The devices that a fid is believed to be on, whether or not the file still has a name. */
  List<DeviceId> devices(Fid fid);

  Map<Fid, Checksum> checksums(Collection<Fid> fids);

  /**
   * Keys of a domain that begin with a prefix and come after some text, both byte by byte. The
   * order is the database's: that of the bytes in tables of ours, that of the collation in tables
   * that the original made. The last key of a page is therefore what the next page comes after,
   * whether or not it is the greatest by its bytes.
   */
  KeyPage listKeys(DomainId domain, KeyRange range);

  /** As {@link #listKeys(DomainId, KeyRange)}, for those who do not wait for it. */
  void listKeys(DomainId domain, KeyRange range, Hearer<KeyPage> hearer);

  /** Which keys of a domain, and how many at most. */
  record KeyRange(String prefix, String after, int limit) {}

  /** Files with a greater fid, ascending. */
  List<StoredFile> listFids(long after, int limit);

  /** Removes the name and queues the bytes for deletion; false when there is no such key. */
  boolean delete(DomainId domain, Key key);

  /** As {@link #delete(DomainId, Key)}, for those who do not wait for it. */
  void delete(DomainId domain, Key key, Hearer<Boolean> hearer);

  /** As {@link #delete(DomainId, Key)}, whatever name the file has. */
  boolean delete(Fid fid);

  /** How a rename ended. */
  enum Rename {
    RENAMED,
    NO_SUCH_KEY,
    TARGET_EXISTS
  }

  /** Gives a file another key of the same domain; onto itself is a success. Never overwrites. */
  Rename rename(DomainId domain, Key from, Key to);

  /** As {@link #rename(DomainId, Key, Key)}, for those who do not wait for it. */
  void rename(DomainId domain, Key from, Key to, Hearer<Rename> hearer);

  /** How a change of class ended. */
  enum Reclass {
    CHANGED,
    SAME,
    NO_SUCH_KEY,
    NO_REPLICAS
  }

  /** Moves a file to another class and queues it for replication when that is a change. */
  Reclass changeClass(DomainId domain, Key key, ClassId to);

  /** The rows of all tables about one fid, for people who look for what went wrong. */
  FileRows rows(Fid fid);
}
