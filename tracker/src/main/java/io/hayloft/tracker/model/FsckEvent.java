package io.hayloft.tracker.model;

/** What the check of a file may find, by the codes of its log. */
public enum FsckEvent {
  /** No location is recorded. */
  NOPA,
  /** Too few copies, too many, or in poor places. */
  POVI,
  /** A recorded copy is not there. */
  MISS,
  /** A recorded copy has the wrong length. */
  BLEN,
  /** No good copy was found anywhere. */
  GONE,
  /** All devices were searched. */
  SRCH,
  /** The search found a copy. */
  FOND,
  /** Queued for replication. */
  REPL,
  /** The number of copies was counted wrongly. */
  BCNT,
  /** The content is not what the kept digest says. */
  BSUM,
  /** No digest was kept although the class wants one; now it is. */
  NSUM,
  /** Copies differ, and no digest is kept that tells which is right. */
  MSUM,
  /** The kept digest was made by another algorithm. */
  BALG
}
