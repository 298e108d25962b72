package io.hayloft.tracker.node.http;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * How busy the nodes' disks are. Each host that is asked about is watched over its side channel by
 * a task of its own for as long as somebody asks; a host that says nothing, or nonsense, costs that
 * task and no more.
 */
final class Utilizations implements AutoCloseable {

  private final int port;
  private final NodeOptions.Limits limits;
  private final Tasks tasks;
  private final Time time;
  private final Map<String, Watched> watches = new ConcurrentHashMap<>();

  private record Watched(UtilizationWatch watch, Optional<Tasks.Task> task) {}

  /**
   * @param port of the side channel, the same on all nodes; 0 where there is none
   */
  Utilizations(int port, NodeOptions.Limits limits, Tasks tasks, Time time) {
    this.port = port;
    this.limits = limits;
    this.tasks = tasks;
    this.time = time;
  }

  /** The newest of each device, as far as it is new; never waits. */
  Map<DeviceId, String> of(Host host) {
    if (port == 0) {
      return Map.of();
    }
    return watches.computeIfAbsent(host.addresses().ip(), this::watch).watch().newest();
  }

  private Watched watch(String ip) {
    var watch = new UtilizationWatch(ip, port, limits, time);
    try {
      return new Watched(watch, Optional.of(tasks.start("watch of " + ip, () -> run(ip, watch))));
    } catch (RejectedExecutionException stopping) {
      return new Watched(watch, Optional.empty());
    }
  }

  private void run(String ip, UtilizationWatch watch) throws InterruptedException {
    try {
      watch.run();
    } finally {
      watches.computeIfPresent(ip, (_, current) -> current.watch() == watch ? null : current);
    }
  }

  @Override
  public void close() {
    watches
        .values()
        .forEach(
            watched -> {
              watched.watch().close();
              watched.task().ifPresent(Tasks.Task::cancel);
            });
  }
}
