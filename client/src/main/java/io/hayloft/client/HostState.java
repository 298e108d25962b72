package io.hayloft.client;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an administrator has said about a host. */
public enum HostState {
  ALIVE,
  READONLY,
  DOWN,
  DEAD;

  /** The word on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<HostState> named(String wire) {
    return Arrays.stream(values()).filter(each -> each.wire().equals(wire)).findFirst();
  }
}
