package io.hayloft.cli.console;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Amounts {

  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};

  private Amounts() {}

  /** {@code 1234567} as {@code 1.2 MB}; powers of ten, as disks are sold. */
  public static String bytes(double bytes) {
    double left = Math.abs(bytes);
    int unit = 0;
    while (left >= 999.5 && unit < UNITS.length - 1) {
      left /= 1000;
      unit++;
    }
    var digits = unit == 0 || left >= 99.95 ? "%.0f %s" : "%.1f %s";
    return (bytes < 0 ? "-" : "") + String.format(Locale.ROOT, digits, left, UNITS[unit]);
  }

  /** {@code 12345} as {@code 12,345}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 file}, {@code 2 files}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code 0.42 s}, {@code 12.3 s}, {@code 4m05s}, {@code 2h03m}. */
  public static String time(Duration time) {
    double seconds = time.toNanos() / 1e9;
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.2f s", seconds);
    } else if (seconds < 100) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%dm%02ds", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%dh%02dm", whole / 3600, whole / 60 % 60);
  }

  /** How many a second; 0 when no time has passed. */
  public static double rate(double amount, Duration time) {
    return time.isPositive() ? amount / (time.toNanos() / 1e9) : 0;
  }
}
