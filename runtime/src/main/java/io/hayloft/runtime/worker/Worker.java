package io.hayloft.runtime.worker;

/**
 * A job in steps. The worker has no thread and no timer: a {@link Crew} calls it.
 *
 * <p>A step does one bounded unit of work, so that stopping and watching are possible between two
 * of them, and says how soon the next should come. What a step throws is logged, counted and
 * followed by a pause that grows; the worker is called again.
 */
@FunctionalInterface
public interface Worker {

  Pace step() throws InterruptedException;
}
