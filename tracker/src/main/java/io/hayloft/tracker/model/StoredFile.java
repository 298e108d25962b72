package io.hayloft.tracker.model;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;

/**
 * A file as the database has it.
 *
 * @param length in bytes
 * @param devcount how many replicas are believed to exist; a cache of the number of locations
 */
public record StoredFile(Fid fid, Name name, long length, ClassId fileClass, int devcount) {

  /** What a file goes by. */
  public record Name(DomainId domain, Key key) {}

  public DomainId domain() {
    return name.domain();
  }

  public Key key() {
    return name.key();
  }
}
