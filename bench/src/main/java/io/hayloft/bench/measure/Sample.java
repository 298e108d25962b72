package io.hayloft.bench.measure;

/**
 * One run of a job.
 *
 * @param value what was measured, in the unit of the job
 * @param operations over how many files it was measured; 0 where that means nothing
 * @param used by the whole run
 * @param trackerKib resident memory of the tracker, the most that was seen
 * @param load of the machine when the run ended, over a minute
 */
public record Sample(
    double value, long operations, Consumption used, long trackerKib, double load) {

  /** An amount that the whole run used, for each file. */
  public double perFile(long amount) {
    return operations == 0 ? Double.NaN : (double) amount / operations;
  }
}
