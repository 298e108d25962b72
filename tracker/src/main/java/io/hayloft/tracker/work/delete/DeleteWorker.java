package io.hayloft.tracker.work.delete;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.ReplicaPath;
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
import io.hayloft.tracker.store.AttemptStore.Job;
import io.hayloft.tracker.store.ClaimStore.Queue;
import io.hayloft.tracker.store.DeletionStore;
import io.hayloft.tracker.store.DeletionStore.Progress;
import io.hayloft.tracker.store.DeletionStore.Queued;
import io.hayloft.tracker.work.FailedAttempts;
import io.hayloft.tracker.work.HeldClaims;
import io.hayloft.tracker.work.Workload;
import io.hayloft.tracker.work.delete.DeletePlan.Step;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries {@link DeletePlan} out: removes the bytes of deleted files. A batch is sorted by host,
 * and the hosts are served side by side, each with a few requests that name many files. One that
 * fails slowly is left alone for the rest of the batch, so that it costs a batch one time-out.
 */
public final class DeleteWorker implements Worker {

  private static final Logger log = LoggerFactory.getLogger(DeleteWorker.class);

  private static final int BATCH = 1000;
  private static final int LINES = 500;
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(5);
  private static final int HOSTS_AT_ONCE = 32;
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** What deletions work with. */
  public record Ports(
      DeletionStore store, StorageNodes nodes, HeldClaims claims, FailedAttempts attempts) {}

  /** Threads, time, and what is counted. */
  public record Ambience(Tasks tasks, Time time, MeterRegistry meters) {}

  private final Cluster cluster;
  private final Ports ports;
  private final Ambience ambience;
  private final Workload load;
  private final RepeatedCauses causes;
  private final Counter removed;
  private Duration idle = IDLE;

  public DeleteWorker(Cluster cluster, Ports ports, Ambience ambience, Workload load) {
    this.cluster = cluster;
    this.ports = ports;
    this.ambience = ambience;
    this.load = load;
    this.causes = new RepeatedCauses(log, ambience.time());
    this.removed =
        Counter.builder("hayloft.delete.replicas")
            .description("Replicas of deleted files that nodes have removed")
            .register(ambience.meters());
  }

  @Override
  public Pace step() throws InterruptedException {
    causes.flushDue();
    var claimed = ports.store().claim(BATCH, HeldClaims.LENGTH);
    if (claimed.isEmpty()) {
      var pause = idle;
      idle = idle.plus(IDLE).compareTo(LONGEST_IDLE) > 0 ? LONGEST_IDLE : idle.plus(IDLE);
      return Pace.rest(pause);
    }
    idle = IDLE;
    load.take(claimed.size());
    claimed.forEach(each -> ports.claims().hold(Queue.DELETION, each.fid(), each.until()));
    try {
      delete(claimed);
    } finally {
      claimed.forEach(each -> ports.claims().drop(Queue.DELETION, each.fid()));
      load.end(claimed.size());
    }
    return claimed.size() == BATCH ? Pace.again() : Pace.rest(IDLE);
  }

  private void delete(List<Queued> claimed) throws InterruptedException {
    var view = viewKnowing(claimed);
    var plans = new HashMap<Fid, List<Step>>();
    claimed.forEach(
        each -> plans.put(each.fid(), DeletePlan.plan(each.devices(), view, each.failures())));
    var outcomes = remove(plans, view);
    long gone = outcomes.values().stream().filter(Deletion.Gone.class::isInstance).count();
    removed.increment((double) gone);
    ports
        .store()
        .settle(
            claimed.stream()
                .map(each -> progress(each, plans.getOrDefault(each.fid(), List.of()), outcomes))
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

  /** Removes what the plans say, and tells how that ended; nothing of what was not tried. */
  private Map<ReplicaPath, Deletion> remove(Map<Fid, List<Step>> plans, ClusterView view)
      throws InterruptedException {
    var byHost = new HashMap<Host, List<Place>>();
    plans.forEach(
        (fid, steps) ->
            steps.forEach(
                step -> {
                  if (step instanceof Step.Remove(var device)) {
                    view.hostOf(device)
                        .ifPresent(
                            host ->
                                byHost
                                    .computeIfAbsent(host, _ -> new ArrayList<>())
                                    .add(Place.of(host, device, fid)));
                  }
                }));
    if (byHost.isEmpty()) {
      return Map.of();
    }
    var outcomes = new HashMap<ReplicaPath, Deletion>();
    ambience
        .tasks()
        .forEach(byHost.entrySet(), HOSTS_AT_ONCE, each -> remove(each.getKey(), each.getValue()))
        .forEach(outcomes::putAll);
    return outcomes;
  }

  private Map<ReplicaPath, Deletion> remove(Host host, List<Place> places) {
    var outcomes = new HashMap<ReplicaPath, Deletion>();
    var inOrder = places.stream().sorted(BY_DEVICE_AND_FID).toList();
    for (int from = 0; from < inOrder.size(); from += LINES) {
      long started = ambience.time().nanoTime();
      Map<Place, Deletion> some;
      try {
        some =
            ports
                .nodes()
                .deleteAll(host, inOrder.subList(from, Math.min(inOrder.size(), from + LINES)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return outcomes;
      }
      some.forEach((place, deletion) -> outcomes.put(place.path(), deletion));
      boolean failed = some.values().stream().anyMatch(Deletion.Failed.class::isInstance);
      if (failed && ambience.time().since(started).compareTo(SLOW) > 0) {
        return outcomes;
      }
    }
    return outcomes;
  }

  private static final Comparator<Place> BY_DEVICE_AND_FID =
      Comparator.comparing((Place place) -> place.path().device())
          .thenComparing(place -> place.path().fid());

  private Progress progress(Queued claimed, List<Step> steps, Map<ReplicaPath, Deletion> outcomes) {
    var gone = new ArrayList<DeviceId>();
    var delays = new ArrayList<Duration>();
    int failures = Math.min(255, claimed.failures() + 1);
    for (var step : steps) {
      switch (step) {
        case Step.Forget(var device) -> gone.add(device);
        case Step.Wait(var _, var delay) -> delays.add(delay);
        case Step.Remove(var device) -> {
          switch (outcomes.get(new ReplicaPath(device, claimed.fid()))) {
            case Deletion.Gone() -> gone.add(device);
            case Deletion.Failed(var why) -> {
              delays.add(DeletePlan.afterFailure(claimed.failures()));
              report(claimed.fid(), device, why);
            }
            case null -> delays.add(DeletePlan.NOT_TRIED);
          }
        }
      }
    }
    if (delays.isEmpty() && claimed.failures() > 0) {
      ports.attempts().forget(claimed.fid());
    }
    var retry = delays.stream().min(Comparator.naturalOrder()).orElse(Duration.ZERO);
    return new Progress(current(claimed), gone, retry, failures);
  }

  private void report(Fid fid, DeviceId device, String why) {
    causes.warn("cannot delete from dev" + device + ": " + why, "fid " + fid);
    ports.attempts().note(fid, Job.DELETE, Optional.empty(), Optional.of(device), why);
  }

  private Queued current(Queued claimed) {
    return claimed.until(ports.claims().until(Queue.DELETION, claimed.fid(), claimed.until()));
  }
}
