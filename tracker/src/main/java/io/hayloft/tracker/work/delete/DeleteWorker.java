package io.hayloft.tracker.work.delete;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Deletion;
import io.hayloft.tracker.store.DeletionStore;
import io.hayloft.tracker.store.DeletionStore.Progress;
import io.hayloft.tracker.store.DeletionStore.Queued;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.delete.DeletePlan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries {@link DeletePlan} out: removes the bytes of deleted files. A batch is sorted by device,
 * and the devices are served side by side; one that fails slowly is left alone for the rest of the
 * batch, so that it costs a batch one time-out.
 */
public final class DeleteWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(DeleteWorker.class);

  private static final int BATCH = 200;
  private static final Duration CLAIM = Duration.ofSeconds(1000);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(5);
  private static final int DEVICES_AT_ONCE = 32;
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final DeletionStore store;
  private final StorageNodes nodes;
  private final Tasks tasks;
  private final Time time;
  private final Workload load;
  private final RepeatedCauses causes;
  private Duration idle = IDLE;

  public DeleteWorker(
      Cluster cluster,
      DeletionStore store,
      StorageNodes nodes,
      Tasks tasks,
      Time time,
      Workload load) {
    this.cluster = cluster;
    this.store = store;
    this.nodes = nodes;
    this.tasks = tasks;
    this.time = time;
    this.load = load;
    this.causes = new RepeatedCauses(log, time);
  }

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    var claimed = store.claim(BATCH, CLAIM);
    if (claimed.isEmpty()) {
      var pause = idle;
      idle = idle.plus(IDLE).compareTo(LONGEST_IDLE) > 0 ? LONGEST_IDLE : idle.plus(IDLE);
      return Pace.rest(pause);
    }
    idle = IDLE;
    load.take(claimed.size());
    try {
      delete(claimed);
    } finally {
      load.end(claimed.size());
    }
    return claimed.size() == BATCH ? Pace.again() : Pace.rest(IDLE);
  }

  private void delete(List<Queued> claimed) throws InterruptedException {
    var view = viewKnowing(claimed);
    var plans = new HashMap<Fid, List<Step>>();
    claimed.forEach(
        each -> plans.put(each.fid(), DeletePlan.plan(each.devices(), view, each.failures())));
    var removed = remove(plans, view);
    store.settle(
        claimed.stream()
            .map(
                each ->
                    progress(
                        each,
                        plans.getOrDefault(each.fid(), List.of()),
                        removed.getOrDefault(each.fid(), Set.of())))
            .toList());
  }

  /** A device that is not in the view may be new; forgetting it would leave the bytes there. */
  private ClusterView viewKnowing(List<Queued> claimed) {
    var view = cluster.view();
    boolean known =
        claimed.stream()
            .flatMap(each -> each.devices().stream())
            .allMatch(id -> view.device(id).isPresent());
    return known ? view : cluster.reread();
  }

  /** Removes what the plans say, and tells by fid from which devices it is gone. */
  private Map<Fid, Set<DeviceId>> remove(Map<Fid, List<Step>> plans, ClusterView view)
      throws InterruptedException {
    var byDevice = new HashMap<DeviceId, List<Fid>>();
    plans.forEach(
        (fid, steps) ->
            steps.forEach(
                step -> {
                  if (step instanceof Step.Remove(var device)) {
                    byDevice.computeIfAbsent(device, _ -> new ArrayList<>()).add(fid);
                  }
                }));
    if (byDevice.isEmpty()) {
      return Map.of();
    }
    var gone =
        tasks.forEach(
            byDevice.entrySet(),
            DEVICES_AT_ONCE,
            each -> Map.entry(each.getKey(), remove(each.getKey(), each.getValue(), view)));
    var byFid = new HashMap<Fid, Set<DeviceId>>();
    gone.forEach(
        each ->
            each.getValue()
                .forEach(
                    fid -> byFid.computeIfAbsent(fid, _ -> new HashSet<>()).add(each.getKey())));
    return byFid;
  }

  private List<Fid> remove(DeviceId device, List<Fid> fids, ClusterView view) {
    Optional<Host> host = view.hostOf(device);
    var gone = new ArrayList<Fid>();
    if (host.isEmpty()) {
      return gone;
    }
    for (var fid : fids.stream().sorted().toList()) {
      long started = time.nanoTime();
      switch (nodes.delete(Place.of(host.get(), device, fid))) {
        case Deletion.Gone() -> gone.add(fid);
        case Deletion.Failed(var why) -> {
          causes.warn("cannot delete from dev" + device + ": " + why, "fid " + fid);
          if (time.since(started).compareTo(SLOW) > 0) {
            return gone;
          }
        }
      }
    }
    return gone;
  }

  private static Progress progress(Queued claimed, List<Step> steps, Set<DeviceId> removed) {
    var gone = new ArrayList<DeviceId>();
    var delays = new ArrayList<Duration>();
    for (var step : steps) {
      switch (step) {
        case Step.Forget(var device) -> gone.add(device);
        case Step.Wait(var _, var delay) -> delays.add(delay);
        case Step.Remove(var device) when removed.contains(device) -> gone.add(device);
        case Step.Remove _ -> delays.add(DeletePlan.afterFailure(claimed.failures()));
      }
    }
    var retry = delays.stream().min(Comparator.naturalOrder()).orElse(Duration.ZERO);
    return new Progress(claimed, gone, retry, Math.min(255, claimed.failures() + 1));
  }
}
