package io.hayloft.tracker.work.delete;

import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.store.UploadStore;
import java.time.Duration;

/**
 * Ends uploads that nobody closed: what may have been stored of them on any of their devices will
 * be deleted. One tracker at a time does this.
 */
public final class ExpiredUploadsWorker implements Worker {

  /** What clients are promised. */
  static final Duration AGE = Duration.ofHours(1);

  private static final int BATCH = 1000;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final String NAME = "expired-uploads";

  private final UploadStore uploads;
  private final LeaseStore leases;
  private final String owner;

  /**
   * @param owner names this tracker among those on the same database
   */
  public ExpiredUploadsWorker(UploadStore uploads, LeaseStore leases, String owner) {
    this.uploads = uploads;
    this.leases = leases;
    this.owner = owner;
  }

  @Override
  public Pace step() {
    if (!leases.acquire(NAME, owner, LEASE)) {
      return Pace.rest(IDLE);
    }
    var expired = uploads.expired(AGE, BATCH);
    if (!expired.isEmpty()) {
      uploads.expire(expired);
    }
    return expired.size() == BATCH ? Pace.again() : Pace.rest(IDLE);
  }
}
