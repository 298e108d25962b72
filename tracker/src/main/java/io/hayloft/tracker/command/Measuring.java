package io.hayloft.tracker.command;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * What is noted of requests.
 *
 * @param slow a request that takes longer is told of in the log
 */
public record Measuring(MeterRegistry meters, Duration slow) {

  /** The meters of what the time of commands went into, by {@code command} and {@code phase}. */
  public static final String PHASES = "hayloft.tracker.request.phase";

  /** The meters of what statements took, by {@code database} and {@code statement}. */
  public static final String STATEMENTS = "hayloft.store.statement";
}
