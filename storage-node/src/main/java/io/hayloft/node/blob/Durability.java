package io.hayloft.node.blob;

/** What has happened before a write is acknowledged. */
public enum Durability {
  /** The bytes and the directory entries are on the disk: survives a loss of power. */
  FULL,
  /** The bytes are on the disk; the name may be lost with the power. */
  DATA,
  /** The kernel has it all: survives a crash of this process, not one of the machine. */
  NONE
}
