package io.hayloft.node;

/** The two ways in which a node answers; nobody outside can tell them apart. */
public enum Way {
  /** Past Jetty where that can be, and by sendfile. */
  FAST,
  /** Everything through Jetty, bodies by buffers. */
  FALLBACK;

  StorageNodeConfig.Http set(StorageNodeConfig.Http usual) {
    return usual.withFastPath(this == FAST);
  }
}
