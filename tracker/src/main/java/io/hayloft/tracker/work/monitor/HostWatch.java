package io.hayloft.tracker.work.monitor;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.work.SharedRun;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Everything about one host: looks, never two at a time, which those who wait share, and trials to
 * write.
 */
final class HostWatch {

  private final HostId id;
  private final Observatory observatory;
  private final HostLook look;
  private final WriteTrials trials;
  private final SharedRun looks = new SharedRun(this::look);
  private final AtomicBoolean looking = new AtomicBoolean();

  HostWatch(HostId id, StorageNodes nodes, Observatory observatory, Executor executor, Time time) {
    this.id = id;
    this.observatory = observatory;
    this.look = new HostLook(nodes, executor, time, HostLook.Patience.USUAL);
    this.trials = new WriteTrials(nodes, time);
  }

  /** Looks at the host on another thread, unless somebody is still doing so. */
  void lookBeside(Executor executor) {
    if (looking.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              looks.run();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              looking.set(false);
            }
          });
    }
  }

  /** Looks at the host and then writes where it is time to; not by two threads at once. */
  void lookAndTry() throws InterruptedException {
    looks.run();
    var view = observatory.view();
    var host = view.host(id);
    if (host.isPresent()) {
      trials.run(host.get(), probed(view, id), observatory::view, observatory::take);
    }
  }

  private void look() throws InterruptedException {
    var before = observatory.view();
    var host = before.host(id);
    if (host.isEmpty()) {
      return;
    }
    var report = look.look(host.get(), probed(before, id), before);
    report.answered().stream()
        .filter(device -> before.observation(device).reach() == Reach.UNREACHABLE)
        .forEach(trials::forget);
    observatory.take(report);
  }

  /** The devices of a host that are asked. */
  static List<Device> probed(ClusterView view, HostId host) {
    return view.devices().stream()
        .filter(device -> device.host().equals(host) && view.mayRead(device))
        .toList();
  }
}
