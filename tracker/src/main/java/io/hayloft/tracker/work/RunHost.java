package io.hayloft.tracker.work;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.LeaseStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Whether this tracker is the one to move a run on. That is a tracker on the machine which the run
 * names as its host; of several there the one with the lease. When no tracker there has held the
 * lease for {@link #PATIENCE}, another takes the run over and becomes its host.
 */
public final class RunHost {

  private static final Duration LEASE = Duration.ofSeconds(20);
  static final Duration PATIENCE = Duration.ofSeconds(25);

  /** This tracker. */
  public record Identity(String owner, String hostname) {}

  private final String lease;
  private final Identity identity;
  private final LeaseStore leases;
  private final Time time;
  private String seen = "";
  private long seenSince;

  public RunHost(String lease, Identity identity, LeaseStore leases, Time time) {
    this.lease = lease;
    this.identity = identity;
    this.leases = leases;
    this.time = time;
  }

  /**
   * @param takeOver makes the second the host of the run in place of the first, if that is still so
   */
  public boolean isThis(Optional<String> host, BiPredicate<String, String> takeOver) {
    var named = host.orElse("");
    if (!named.equals(seen)) {
      seen = named;
      seenSince = time.nanoTime();
    }
    if (named.isEmpty()) {
      return false;
    }
    if (named.equals(identity.hostname())) {
      return leases.acquire(lease, identity.owner(), LEASE);
    }
    return time.since(seenSince).compareTo(PATIENCE) > 0
        && leases.acquire(lease, identity.owner(), LEASE)
        && takeOver.test(named, identity.hostname());
  }

  /** Keeps the lease of the tracker that {@link #isThis} chose; may be called by any thread. */
  public boolean renew() {
    return leases.acquire(lease, identity.owner(), LEASE);
  }
}
