package io.hayloft.tracker.work.monitor;

import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.store.AttemptStore;
import io.hayloft.tracker.store.LeaseStore;
import java.time.Duration;

/** Drops what is too old to explain anything; of all trackers one does so at a time. */
public record OldAttemptsWorker(AttemptStore attempts, LeaseStore leases, String owner)
    implements Worker {

  private static final Duration KEPT = Duration.ofDays(3);
  private static final long MOST = 1_000_000;
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration BETWEEN = Duration.ofMinutes(10);
  private static final Duration BETWEEN_PORTIONS = Duration.ofMillis(200);

  @Override
  public Pace step() {
    if (!leases.acquire("old-attempts", owner, LEASE)) {
      return Pace.rest(BETWEEN);
    }
    return Pace.rest(attempts.forgetOld(KEPT, MOST) == 0 ? BETWEEN : BETWEEN_PORTIONS);
  }
}
