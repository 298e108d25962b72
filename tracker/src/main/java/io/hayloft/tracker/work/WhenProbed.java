package io.hayloft.tracker.work;

import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A worker that begins when the devices have been probed once. Before that every device looks out
 * of reach, and what was due when a tracker starts would be put off for minutes, at each start.
 */
public record WhenProbed(BooleanSupplier probed, Worker worker) implements Worker {

  private static final Duration GLANCE = Duration.ofMillis(500);

  @Override
  public Pace step() throws InterruptedException {
    return probed.getAsBoolean() ? worker.step() : Pace.rest(GLANCE);
  }
}
