package io.hayloft.tracker.work;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.AttemptStore;
import io.hayloft.tracker.store.AttemptStore.Attempt;
import io.hayloft.tracker.store.AttemptStore.Job;
import java.util.Optional;

/**
 * Keeps what failed for a file, for people who ask why it is not as it should be. Failures that
 * come together are written together; what cannot be written is lost.
 */
public final class FailedAttempts {

  private final Time time;
  private final Settling<Attempt> writing;
  private final Settling<Fid> forgetting;

  public FailedAttempts(AttemptStore store, Time time) {
    this.time = time;
    this.writing = new Settling<>(store::record, (_, _) -> {});
    this.forgetting = new Settling<>(store::forget, (_, _) -> {});
  }

  public void note(Fid fid, Job job, Optional<DeviceId> from, Optional<DeviceId> to, String why) {
    writing.add(new Attempt(fid, job, time.now(), from, to, why));
  }

  /** The file is well or gone; only for one that failed before. */
  public void forget(Fid fid) {
    forgetting.add(fid);
  }
}
