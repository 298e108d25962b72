package io.hayloft.bench.replay;

import java.time.Duration;

/**
 * One access as a log tells of it.
 *
 * @param at since any moment, the same for all lines of a log
 * @param size in bytes; {@link #UNKNOWN} where the log does not say
 * @param found whether there was such a file
 * @param grain how exactly the log tells time: a line may lie that much later than it says
 */
record Access(Duration at, Method method, String key, long size, boolean found, Duration grain) {

  static final long UNKNOWN = -1;

  Access {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("no key");
    }
    if (size < UNKNOWN) {
      throw new IllegalArgumentException("a size below 0");
    }
  }
}
