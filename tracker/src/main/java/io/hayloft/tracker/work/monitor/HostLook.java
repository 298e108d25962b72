package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.Space;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The quick look at a host: asks its devices side by side how full they are, and tells which of
 * them answered. Writes nothing to them.
 *
 * <h2>Silence</h2>
 *
 * <p>A look waits {@link Patience#USUAL} for an answer, less than a node may take for one. A
 * question that is still open then is not put again: the next look goes on waiting for its answer.
 * A host that answers so late is slow rather than hung, and for {@link #SLOW_FOR} it is given all
 * the time that a node may take, so that it does not come and go with every look.
 *
 * <p>Silence is blamed on the host rather than on a device when none of those asked answered. A
 * device that alone keeps silent is a hung disk, and does not take its host's other disks away. Of
 * a host that is silent already one device is asked.
 */
final class HostLook {

  static final Duration SLOW_FOR = Duration.ofMinutes(1);

  /** How many devices of a host are asked at a time. */
  private static final int AT_ONCE = 16;

  /**
   * How long a look waits for answers.
   *
   * @param withSlow for those of a host that was late within the last minute
   */
  record Patience(Duration usual, Duration withSlow) {

    /**
     * With a look a second, what hangs is noticed 2.3 s later at most. The second is longer than
     * the usual time-out of a node, which ends the question.
     */
    static final Patience USUAL = new Patience(Duration.ofMillis(1300), Duration.ofMillis(2500));
  }

  /**
   * What was seen.
   *
   * @param reachable empty when it did not show
   * @param answered the devices that did
   * @param out the devices that did not, or refused to
   */
  record Report(
      Host host,
      Optional<Boolean> reachable,
      Set<DeviceId> answered,
      Set<DeviceId> out,
      Map<DeviceId, Space> space,
      Map<DeviceId, String> utilization) {}

  private final StorageNodes nodes;
  private final Executor executor;
  private final Time time;
  private final Patience patience;
  private final Map<DeviceId, FutureTask<Usage>> open = new HashMap<>();
  private @Nullable Long slowSince;
  private int rounds;

  HostLook(StorageNodes nodes, Executor executor, Time time, Patience patience) {
    this.nodes = nodes;
    this.executor = executor;
    this.time = time;
    this.patience = patience;
  }

  /** Asks the devices that may be read; not for use by two threads at once. */
  Report look(Host host, List<Device> devices, ClusterView before) throws InterruptedException {
    var seen = new Seen();
    open.keySet().removeIf(id -> devices.stream().noneMatch(device -> device.id().equals(id)));
    var order = rotated(devices);
    long most = most().toNanos();
    int from = 0;
    int wave = before.isReachable(host.id()) ? AT_ONCE : 1;
    while (from < order.size()) {
      int until = Math.min(order.size(), from + wave);
      ask(host, order.subList(from, until), most, seen);
      if (seen.answered.isEmpty() && !seen.reachable && seen.silent > 0) {
        return new Report(host, Optional.of(false), Set.of(), Set.of(), Map.of(), Map.of());
      }
      from = until;
      wave = AT_ONCE;
    }
    return new Report(
        host,
        seen.reachable ? Optional.of(true) : Optional.empty(),
        Set.copyOf(seen.answered),
        Set.copyOf(seen.out),
        Map.copyOf(seen.space),
        nodes.utilization(host));
  }

  /** What comes together while devices are asked. */
  private static final class Seen {
    private boolean reachable;
    private int silent;
    private final Set<DeviceId> answered = new HashSet<>();
    private final Set<DeviceId> out = new HashSet<>();
    private final Map<DeviceId, Space> space = new HashMap<>();
  }

  private Duration most() {
    var slow = slowSince;
    if (slow == null || time.since(slow).compareTo(SLOW_FOR) > 0) {
      slowSince = null;
      return patience.usual();
    }
    return patience.withSlow();
  }

  private void ask(Host host, List<Device> devices, long most, Seen seen)
      throws InterruptedException {
    var late = Set.copyOf(open.keySet());
    for (var device : devices) {
      if (!open.containsKey(device.id())) {
        var question = new FutureTask<>(() -> nodes.usage(host, device.id()));
        open.put(device.id(), question);
        executor.execute(question);
      }
    }
    long until = time.nanoTime() + most;
    for (var device : devices) {
      var answer = answer(device.id(), until - time.nanoTime());
      take(device.id(), answer, seen);
      if (late.contains(device.id()) && answer instanceof Usage.Read) {
        slowSince = time.nanoTime();
      }
    }
  }

  /** Null when there is none in time. */
  private @Nullable Usage answer(DeviceId device, long nanos) throws InterruptedException {
    var question = open.get(device);
    if (question == null) {
      return null;
    }
    try {
      var answer = question.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      open.remove(device);
      return answer;
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      open.remove(device);
      throw new IllegalStateException("asking dev" + device + " failed", e.getCause());
    }
  }

  private static void take(DeviceId device, @Nullable Usage answer, Seen seen) {
    switch (answer) {
      case Usage.Read(var space) -> {
        seen.reachable = true;
        seen.answered.add(device);
        seen.space.put(device, space);
      }
      case Usage.Unreadable _ -> seen.reachable = true;
      case Usage.Unreachable(var timedOut, var _) -> {
        seen.out.add(device);
        seen.silent += timedOut ? 1 : 0;
      }
      case null -> {
        seen.out.add(device);
        seen.silent++;
      }
    }
  }

  /** Another device first in each round, for a host of which one device is asked. */
  private List<Device> rotated(List<Device> devices) {
    var turned = new ArrayList<>(devices);
    Collections.rotate(turned, -(rounds++ % Math.max(1, devices.size())));
    return turned;
  }
}
