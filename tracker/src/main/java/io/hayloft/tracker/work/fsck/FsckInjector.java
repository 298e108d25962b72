package io.hayloft.tracker.work.fsck;

import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.store.FsckStore;
import io.hayloft.tracker.store.FsckStore.Injection;
import io.hayloft.tracker.store.LeaseStore;
import io.hayloft.tracker.work.RunHost;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the check of all files on: queues the next of them once a second, until the end. One
 * tracker does this, see {@link RunHost}; checking what is queued is everybody's work.
 */
public final class FsckInjector implements Worker {

  private static final Logger log = LoggerFactory.getLogger(FsckInjector.class);

  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final long RATE = 1000;
  private static final long MOST = 50_000;
  private static final long LONGEST = 20_000;

  private final Cluster cluster;
  private final FsckStore store;
  private final String hostname;
  private final RunHost host;

  /**
   * @param owner names this tracker among those on the same database
   * @param hostname the name of its machine
   */
  public FsckInjector(
      Cluster cluster,
      FsckStore store,
      LeaseStore leases,
      String owner,
      String hostname,
      Time time) {
    this.cluster = cluster;
    this.store = store;
    this.hostname = hostname;
    this.host = new RunHost("fsck", new RunHost.Identity(owner, hostname), leases, time);
  }

  @Override
  public Pace step() {
    if (host.isThis(store.host(), store::takeOver)) {
      var settings = cluster.view().settings();
      long rate = Math.clamp(settings.number("queue_rate_for_fsck", RATE), 1, MOST);
      long longest = settings.number("queue_size_for_fsck", LONGEST);
      if (store.inject(hostname, (int) rate, longest) == Injection.FINISHED) {
        log.info("fsck: all files up to the end are queued or checked");
      }
    }
    return Pace.rest(ROUND);
  }
}
