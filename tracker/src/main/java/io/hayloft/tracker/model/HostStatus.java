package io.hayloft.tracker.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an operator says of a host. */
public enum HostStatus {
  ALIVE,
  READONLY,
  DOWN,
  DEAD;

  /** The word on the wire and in the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<HostStatus> named(String wire) {
    return Arrays.stream(values()).filter(each -> each.wire().equals(wire)).findFirst();
  }

  /** Whether its devices may be probed and read. */
  public boolean readable() {
    return this == ALIVE || this == READONLY;
  }
}
