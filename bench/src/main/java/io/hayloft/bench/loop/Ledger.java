package io.hayloft.bench.loop;

/** Hears of each operation of an {@link OpenLoop}, amid the run: it has to be quick. */
public interface Ledger {

  /**
   * One begins.
   *
   * @param due when it was to begin, in nanoseconds from the run's beginning
   * @param lag how much later that is, which is the generator's fault, or that of connections that
   *     were all taken
   */
  void begun(long due, long lag);

  /**
   * One is over.
   *
   * @param took from when it was due until its last answer was looked at, in nanoseconds
   */
  void ended(int kind, Ending ending, long due, long took);
}
