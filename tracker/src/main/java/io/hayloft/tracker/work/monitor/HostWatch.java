package io.hayloft.tracker.work.monitor;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.work.SharedRun;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one host: looks, never two at a time, which those who wait share, what its node
 * tells of its devices, trials to write, and whose its disks are.
 */
final class HostWatch {

  /** What all watches have in common. */
  record Parts(
      StorageNodes nodes,
      Identities identities,
      Distrusted distrusted,
      Executor executor,
      Time time) {}

  private final HostId id;
  private final Time time;
  private final Observatory observatory;
  private final HostLook look;
  private final WriteTrials trials;
  private final Identities identities;
  private final Distrusted distrusted;
  private volatile @Nullable Long identified;
  private final SharedRun looks = new SharedRun(this::look);
  private final SharedRun hearings = new SharedRun(this::hear);
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicBoolean hearing = new AtomicBoolean();

  HostWatch(HostId id, Parts parts, Observatory observatory) {
    this.id = id;
    this.observatory = observatory;
    this.time = parts.time();
    this.look = new HostLook(parts.nodes(), parts.executor(), time, HostLook.Patience.USUAL);
    this.trials = new WriteTrials(parts.nodes(), time);
    this.identities = parts.identities();
    this.distrusted = parts.distrusted();
  }

  /**
   * Looks at the host and hears its node on other threads, unless somebody is still doing so. Each
   * by itself: a node that is slow to tell is not slow to serve.
   */
  void lookBeside(Executor executor) {
    beside(executor, looking, looks);
    if (observatory.view().isReachable(id)) {
      beside(executor, hearing, hearings);
    }
  }

  private static void beside(Executor executor, AtomicBoolean underWay, SharedRun run) {
    if (underWay.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              run.run();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              underWay.set(false);
            }
          });
    }
  }

  private void hear() {
    observatory
        .view()
        .host(id)
        .flatMap(distrusted::of)
        .ifPresent(why -> observatory.distrust(id, why).forEach(trials::forget));
  }

  /** Looks at the host and then writes where it is time to; not by two threads at once. */
  void lookAndTry() throws InterruptedException {
    looks.run();
    var view = observatory.view();
    var host = view.host(id);
    if (host.isPresent()) {
      var last = identified;
      if (view.isReachable(id)
          && (last == null || identities.isDue(last) || isAnyRefused(view, id))) {
        identify(host.get());
      }
      if (view.isReachable(id)) {
        hearings.run();
      }
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
    // Before anybody is told that it is back: the disks may have been changed meanwhile.
    if (isBack(report, before)) {
      identify(host.get());
    }
    observatory.take(report);
    // A node does not serve a disk that is another device's; whose it is, it tells.
    if (report.out().stream().anyMatch(id -> !isNew(before.observation(id).reach()))) {
      identified = null;
    }
  }

  private static boolean isBack(HostLook.Report report, ClusterView before) {
    return !report.answered().isEmpty()
        && (!before.isReachable(report.host().id())
            || report.answered().stream()
                .anyMatch(device -> isNew(before.observation(device).reach())));
  }

  private static boolean isNew(Reach reach) {
    return reach == Reach.UNREACHABLE || reach == Reach.UNKNOWN;
  }

  private void identify(Host host) {
    identities
        .check(host, observatory.view())
        .ifPresent(
            verdicts -> {
              observatory.refuse(id, verdicts);
              identified = time.nanoTime();
            });
  }

  /** Then an operator may have put the right disk back, or accepted the one that is there. */
  private static boolean isAnyRefused(ClusterView view, HostId host) {
    return probed(view, host).stream()
        .anyMatch(device -> view.observation(device.id()).refused().isPresent());
  }

  /** The devices of a host that are asked. */
  static List<Device> probed(ClusterView view, HostId host) {
    return view.devices().stream()
        .filter(device -> device.host().equals(host) && view.mayRead(device))
        .toList();
  }
}
