package io.hayloft.runtime.random;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** The machine's source of random numbers, safe to share between threads. */
public enum Randomness implements RandomGenerator {
  SYSTEM;

  @Override
  public long nextLong() {
    return ThreadLocalRandom.current().nextLong();
  }
}
