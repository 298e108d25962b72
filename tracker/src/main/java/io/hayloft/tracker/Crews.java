package io.hayloft.tracker;

import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Watchdog;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.Tracker.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Makes all crews of a tracker, those that operators size and those that nobody sees, and has them
 * watched: there is no other way to a crew, and so none that may hang unnoticed.
 */
final class Crews {

  /** Longer than the longest step of any job should take. */
  static final Duration HANGING = Duration.ofMinutes(10);

  private final Surroundings surroundings;
  private final List<Crew> made = new CopyOnWriteArrayList<>();

  Crews(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  Crew crew(String job, Supplier<? extends Worker> workers) {
    var crew = unwatched(job, workers);
    made.add(crew);
    return crew;
  }

  /** Watches all crews, those included that are made later. */
  Crew watchdog() {
    return unwatched("watchdog", () -> () -> new Watchdog(made, HANGING).step());
  }

  private Crew unwatched(String job, Supplier<? extends Worker> workers) {
    return new Crew(
        job,
        workers,
        surroundings.tasks(),
        surroundings.time(),
        surroundings.random(),
        surroundings.metrics().registry());
  }
}
