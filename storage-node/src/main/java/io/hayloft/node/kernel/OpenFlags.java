package io.hayloft.node.kernel;

/** Flags of {@code open}; two of them have other numbers on ARM. */
final class OpenFlags {

  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  static final int READ_ONLY = 0;
  static final int WRITE_ONLY = 0x1;
  static final int CREATE = 0x40;
  static final int EXCLUSIVE = 0x80;
  static final int PATH_ONLY = 0x200000;
  static final int CLOSE_ON_EXEC = 0x80000;
  static final int NO_ACCESS_TIME = 0x40000;
  static final int DIRECTORY = ARM ? 0x4000 : 0x10000;
  static final int NAMELESS = 0x400000 | DIRECTORY;
  static final int NO_FOLLOW = ARM ? 0x8000 : 0x20000;

  private OpenFlags() {}
}
