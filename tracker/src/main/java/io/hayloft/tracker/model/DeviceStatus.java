package io.hayloft.tracker.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an operator says of a device. Only {@link #DEAD} makes its copies count as lost. */
public enum DeviceStatus {
  ALIVE,
  READONLY,
  /** Keeps what it has and takes no new files. */
  DRAIN,
  /** Out of reach for a while; its copies still count. */
  DOWN,
  DEAD;

  /** The word on the wire and in the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<DeviceStatus> named(String wire) {
    return Arrays.stream(values()).filter(each -> each.wire().equals(wire)).findFirst();
  }

  /** Whether it may be probed and read. */
  public boolean readable() {
    return this == ALIVE || this == READONLY || this == DRAIN;
  }

  /** Whether files may be removed from it. */
  public boolean deletable() {
    return this == ALIVE || this == DRAIN;
  }
}
