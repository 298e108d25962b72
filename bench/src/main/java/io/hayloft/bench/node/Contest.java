package io.hayloft.bench.node;

import io.hayloft.bench.report.Goal;
import java.util.Optional;

/**
 * One kind of request, and what is to be reached with it.
 *
 * @param name on the command line
 * @param bytes of each file
 * @param files how many there are
 */
record Contest(String name, Kind kind, int bytes, int files, Goals goals) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /**
   * Of the ratios of Hayloft to nginx at its best.
   *
   * @param rate of requests a second
   * @param cpu of processor time for each request
   */
  record Goals(Optional<Goal> rate, Optional<Goal> cpu) {

    static final Goals NONE = new Goals(Optional.empty(), Optional.empty());

    static Goals of(double rate, double cpu) {
      return new Goals(Optional.of(Goal.atLeast(rate)), Optional.of(Goal.atMost(cpu)));
    }
  }

  Contest {
    if (bytes < 1 || files < 1) {
      throw new IllegalArgumentException("nothing to ask for");
    }
  }

  /** Such as {@code GET 16 KiB, 4,000 files}. */
  String title() {
    var durable = kind == Kind.DURABLE_PUT ? ", durable" : "";
    return "%s %s%s, %,d files".formatted(kind.method(), size(), durable, files);
  }

  /** Such as {@code 16 KiB}. */
  String size() {
    return bytes % MIB == 0
        ? bytes / MIB + " MiB"
        : bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " B";
  }
}
