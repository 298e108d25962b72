package io.hayloft.runtime.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Looks after crews: replaces loops that hang in a step or have ended by themselves. It is a worker
 * itself, for a crew of one that is not among those it watches.
 */
public final class Watchdog implements Worker {

  private static final Duration LONGEST_REST = Duration.ofSeconds(10);

  private final List<Crew> crews;
  private final Duration limit;

  /**
   * @param limit the time after which a step counts as hanging: longer than the longest that a step
   *     waits for others
   */
  public Watchdog(Collection<Crew> crews, Duration limit) {
    this.crews = List.copyOf(crews);
    this.limit = limit;
  }

  @Override
  public Pace step() {
    crews.forEach(crew -> crew.replaceStuck(limit));
    var quarter = limit.dividedBy(4);
    return Pace.rest(quarter.compareTo(LONGEST_REST) < 0 ? quarter : LONGEST_REST);
  }
}
