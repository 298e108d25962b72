package io.hayloft.bench.node;

/** Something that is measured. */
interface Trial {

  /** What it is called on the command line. */
  String name();

  /** Whether it takes so long that it must be asked for. */
  default boolean isLong() {
    return false;
  }

  /**
   * Measures it.
   *
   * @throws IllegalStateException when a server did not do what it was asked for: a wrong result
   *     has no speed
   */
  void measure(Stage stage, NodeReport report) throws InterruptedException;
}
