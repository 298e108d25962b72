package io.hayloft.tracker.store;

import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FilePath;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trees of names over the files of those domains that want one. A name of a file that was deleted
 * is not there, even before it is forgotten.
 */
public interface PathStore {

  void enable(DomainId domain);

  /** The tree stays, and is there again when the domain is enabled again. */
  void disable(DomainId domain);

  /** What a path stands for. */
  sealed interface Found {

    /** The domain has no tree. */
    record NoTree() implements Found {}

    record Nothing() implements Found {}

    record Directory() implements Found {}

    record File(Fid fid) implements Found {}
  }

  /** In one round trip. */
  Found find(DomainId domain, FilePath path);

  /** How naming a file ended. */
  sealed interface Naming {

    /**
     * The path stands for the file.
     *
     * @param replaced the file it stood for until now, deleted in the same transaction
     */
    record Named(Optional<Fid> replaced) implements Naming {}

    /** It is a directory, or goes through a file. */
    record Blocked() implements Naming {}
  }

  /** Lets a path stand for a file, and makes the directories on the way. */
  Naming name(DomainId domain, FilePath path, Fid fid);

  /** Forgets a path that stands for that file; directories stay. */
  void forget(DomainId domain, FilePath path, Fid fid);

  /** How a move ended. */
  enum Move {
    MOVED,
    /** There is nothing at the old path. */
    NOT_FOUND,
    /** The new path is taken, within the old one, or goes through a file. */
    BLOCKED
  }

  /** Moves a file, or a directory with all that is in it; makes the directories on the way. */
  Move move(DomainId domain, FilePath from, FilePath to);

  /**
   * A name in a directory.
   *
   * @param length of a file, in bytes; empty for a directory
   */
  record Entry(String name, OptionalLong length) {}

  /** How listing ended. */
  sealed interface Listing {

    /** Names in the order of their bytes. */
    record Entries(List<Entry> entries) implements Listing {}

    record NoTree() implements Listing {}

    record NotFound() implements Listing {}

    record NotADirectory() implements Listing {}
  }

  /** What is in a directory, of the names greater than {@code after} the first so many. */
  Listing list(DomainId domain, FilePath directory, String after, int limit);
}
