package io.hayloft.node.kernel;

/** Flags of {@code open}; two of them have other numbers on ARM. */
final class OpenFlags {

  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  static final int READ_ONLY = 0;
  static final int CLOSE_ON_EXEC = 0x80000;
  static final int NO_ACCESS_TIME = 0x40000;
  static final int DIRECTORY = ARM ? 0x4000 : 0x10000;
  static final int NO_FOLLOW = ARM ? 0x8000 : 0x20000;

  private OpenFlags() {}
}
