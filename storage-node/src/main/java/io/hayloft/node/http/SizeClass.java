package io.hayloft.node.http;

/** How large a body was, as precisely as it matters: each class is read and sent in its own way. */
enum SizeClass {
  /** No body, or one that is no file's. */
  NONE("none", 0),
  /** In one page. */
  TO_4K("4k", 4L << 10),
  /** In one write with its head. */
  TO_64K("64k", 64L << 10),
  TO_1M("1m", 1L << 20),
  /** Taken to stay in the page cache once it was read. */
  TO_16M("16m", 16L << 20),
  LARGER("larger", Long.MAX_VALUE);

  private final String label;
  private final long most;

  SizeClass(String label, long most) {
    this.label = label;
    this.most = most;
  }

  /** By the length of a body in bytes. */
  static SizeClass of(long bytes) {
    if (bytes <= TO_4K.most) {
      return bytes <= 0 ? NONE : TO_4K;
    }
    return bytes <= TO_64K.most
        ? TO_64K
        : bytes <= TO_1M.most ? TO_1M : bytes <= TO_16M.most ? TO_16M : LARGER;
  }

  String label() {
    return label;
  }
}
