package io.hayloft.tracker.model;

/** What this tracker saw of a device when it last looked. */
public enum Reach {
  /** Not looked at yet. */
  UNKNOWN(""),
  WRITEABLE("writeable"),
  READABLE("readable"),
  UNREACHABLE("unreachable");

  private final String wire;

  Reach(String wire) {
    this.wire = wire;
  }

  /** The word on the wire; empty for {@link #UNKNOWN}. */
  public String wire() {
    return wire;
  }
}
