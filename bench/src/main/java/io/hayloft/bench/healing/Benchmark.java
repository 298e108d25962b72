package io.hayloft.bench.healing;

import io.hayloft.bench.report.Figure;
import java.util.List;
import java.util.Optional;

/** A job that is measured, on an installation of its own. */
interface Benchmark {

  /** What it is called on the command line. */
  String name();

  /** How many files it is measured with when nobody says otherwise. */
  int usualFiles();

  /**
   * How many runs it takes until the compiler has little left to do: then the processor time is the
   * job's own.
   */
  default int usualWarmUps() {
    return 2;
  }

  /** Why this version of Hayloft cannot do the job; empty when it can. */
  default Optional<String> missing(Stage stage) {
    return Optional.empty();
  }

  /**
   * Does the job as often as it is to be measured.
   *
   * @throws IllegalStateException when the job was not done, or not done right: a wrong result has
   *     no speed
   */
  List<Figure> measure(Stage stage) throws InterruptedException;
}
