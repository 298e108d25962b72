package io.hayloft.node.http;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The course of one request: what it was about and what its time was spent on. One thread at a time
 * goes on with a request, so one at a time calls this.
 */
// Ordinals are places in an array that nobody else sees.
@SuppressWarnings("EnumOrdinal")
final class Course {

  private static final int PHASES = Phase.values().length;

  private final Time time;
  private final long started;
  private final long[] spent = new long[PHASES];
  private Phase phase = Phase.CPU;
  private long since;
  private long bytes;
  private @Nullable DeviceId device;

  Course(Time time) {
    this.time = time;
    this.started = time.nanoTime();
    this.since = started;
  }

  /** From now on its time is spent on this. */
  void enter(Phase next) {
    long now = time.nanoTime();
    spent[phase.ordinal()] += now - since;
    since = now;
    phase = next;
  }

  void on(DeviceId which) {
    device = which;
  }

  /** How long the body is, of the file or a part of it, whichever way it goes. */
  void bytes(long length) {
    bytes = length;
  }

  /** Null when it is about none. */
  @Nullable DeviceId device() {
    return device;
  }

  SizeClass size() {
    return SizeClass.of(bytes);
  }

  /** All of its time, in nanoseconds; it ends with the call. */
  long end() {
    enter(Phase.CPU);
    return since - started;
  }

  /** Nanoseconds. */
  long spentOn(Phase which) {
    return spent[which.ordinal()];
  }
}
