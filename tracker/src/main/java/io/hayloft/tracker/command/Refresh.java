package io.hayloft.tracker.command;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.store.StoreException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this tracker see at once what a command has just changed. The change is done by then, so
 * nothing that happens here makes the command fail: the monitor's next round sees it anyway.
 */
final class Refresh {

  private static final Logger log = LoggerFactory.getLogger(Refresh.class);

  /** A hung storage node must not keep an operator's command beyond a client's patience of 3 s. */
  private static final Duration PROBES = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final Tasks tasks;

  Refresh(Cluster cluster, Tasks tasks) {
    this.cluster = cluster;
    this.tasks = tasks;
  }

  /** After a change that no probe can tell anything about. */
  void registry() {
    try {
      cluster.reread();
    } catch (StoreException e) {
      log.warn("a change is made, but cannot be read back yet", e);
    }
  }

  /** After a change of hosts or devices: also probes them, for a bounded time. */
  void devices() throws InterruptedException {
    registry();
    try {
      tasks.within(
          PROBES,
          () -> {
            cluster.refresh();
            return true;
          });
    } catch (InterruptedException e) {
      throw e;
    } catch (TimeoutException slow) {
      log.info("probing devices takes longer than {} s; going on", PROBES.toSeconds());
    } catch (Exception e) {
      log.warn("cannot probe devices after a change", e);
    }
  }
}
