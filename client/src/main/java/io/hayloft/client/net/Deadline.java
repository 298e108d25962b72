package io.hayloft.client.net;

import java.time.Duration;

/**
 * A moment by which something must have happened.
 *
 * @param atNanos on the clock of {@link World#nanos}
 */
public record Deadline(World world, long atNanos) {

  public static Deadline after(World world, Duration span) {
    return new Deadline(world, world.nanos() + span.toNanos());
  }

  /** The earlier of this one and the one that is {@code span} away. */
  public Deadline within(Duration span) {
    var other = after(world, span);
    return other.atNanos - atNanos < 0 ? other : this;
  }

  public boolean passed() {
    return remainingNanos() <= 0;
  }

  /** What is left; zero or less once it has passed. */
  public long remainingNanos() {
    return atNanos - world.nanos();
  }

  /** What is left in milliseconds, rounded up so that a wait never ends just before the moment. */
  public long remainingMillis() {
    long nanos = remainingNanos();
    return nanos <= 0 ? 0 : (nanos + 999_999) / 1_000_000;
  }
}
