package io.hayloft.bench.healing;

/**
 * How much is measured.
 *
 * @param warmUps runs before those that count: daemons run for weeks, their first seconds do not
 *     show what they cost
 */
record Scale(int files, int fileBytes, int warmUps, int runs) {

  Scale {
    if (files < 1 || fileBytes < 8 || warmUps < 0 || runs < 1) {
      throw new IllegalArgumentException("too small to measure anything");
    }
  }
}
