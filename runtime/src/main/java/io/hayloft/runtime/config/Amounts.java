package io.hayloft.runtime.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads amounts with a unit: durations and sizes. */
final class Amounts {

  private static final Pattern AMOUNT = Pattern.compile("([0-9][0-9_]*(?:\\.[0-9]+)?)\\s*([a-z]*)");

  private Amounts() {}

  /** {@code 500ms}, {@code 2s}, {@code 10m}, {@code 1.5h}, {@code 7d}; a bare number is seconds. */
  static Duration duration(String text) {
    var refusal = "is not a duration (500ms, 2s, 10m, 1h, 7d; a bare number is seconds)";
    var amount = AMOUNT.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!amount.matches()) {
      throw new IllegalArgumentException(refusal);
    }
    long nanosPerUnit =
        switch (amount.group(2)) {
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "", "s", "sec" -> 1_000_000_000L;
          case "m", "min" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> throw new IllegalArgumentException(refusal);
        };
    return Duration.ofNanos(times(amount.group(1), nanosPerUnit));
  }

  /** {@code 4096}, {@code 64k}, {@code 512MiB}, {@code 1.5g}; the units are powers of 1024. */
  static Long size(String text) {
    var refusal = "is not a size (4096, 64k, 512m, 2g)";
    var amount = AMOUNT.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!amount.matches()) {
      throw new IllegalArgumentException(refusal);
    }
    long bytesPerUnit =
        switch (amount.group(2)) {
          case "", "b" -> 1L;
          case "k", "kb", "kib" -> 1L << 10;
          case "m", "mb", "mib" -> 1L << 20;
          case "g", "gb", "gib" -> 1L << 30;
          case "t", "tb", "tib" -> 1L << 40;
          default -> throw new IllegalArgumentException(refusal);
        };
    return times(amount.group(1), bytesPerUnit);
  }

  private static long times(String number, long unit) {
    try {
      return new BigDecimal(number.replace("_", ""))
          .multiply(BigDecimal.valueOf(unit))
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("is too much", e);
    }
  }
}
