package io.hayloft.node.http;

/** What the time of a request is spent on. */
enum Phase {
  /** In the line of a disk, for a thread. */
  QUEUE,
  /** At the disk: opening, reading, writing, syncing. */
  DISK,
  /**
   * For the client: until it sends, until it takes. A body that leaves by sendfile is read from the
   * disk meanwhile, which nobody can tell apart.
   */
  NETWORK,
  /** All the rest: the processor. */
  CPU
}
