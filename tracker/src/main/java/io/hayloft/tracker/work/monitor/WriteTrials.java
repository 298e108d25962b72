package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.node.StorageNodes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Finds out which devices of a host can be written to, by writing to them, one after the other.
 * Takes as long as disks take; so the quick looks do not wait for it.
 */
final class WriteTrials {

  /** How often a device that answers is written to. One that was away is tried when it is back. */
  private static final Duration BETWEEN = Duration.ofSeconds(15);

  /** What is left of a host's devices after this time is tried in the next round. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /**
   * How a trial ended.
   *
   * @param rejectsBadMd5 whether the node checks Content-MD5; empty where it was not asked
   */
  record Trial(DeviceId device, boolean writeable, Optional<Boolean> rejectsBadMd5) {}

  private final StorageNodes nodes;
  private final Time time;
  private final Map<DeviceId, Long> tried = new ConcurrentHashMap<>();

  WriteTrials(StorageNodes nodes, Time time) {
    this.nodes = nodes;
    this.time = time;
  }

  /** That device was away: it is tried without waiting for its time. */
  void forget(DeviceId device) {
    tried.remove(device);
  }

  /**
   * Tries the devices whose time has come; not for use by two threads at once. What is cut short by
   * an interrupt tells nothing of a device.
   *
   * @param now the cluster as it is when the next device is come to
   */
  void run(Host host, List<Device> devices, Supplier<ClusterView> now, Consumer<Trial> ended) {
    long started = time.nanoTime();
    for (var device : devices) {
      if (time.since(started).compareTo(LONGEST) > 0) {
        return;
      }
      if (mayTry(host, device) && now.get().shouldRead(device) && isDue(device)) {
        tried.put(device.id(), time.nanoTime());
        var trial = trial(host, device);
        if (Thread.currentThread().isInterrupted()) {
          tried.remove(device.id());
          return;
        }
        ended.accept(trial);
      }
    }
  }

  private boolean isDue(Device device) {
    var last = tried.get(device.id());
    return last == null || time.since(last).compareTo(BETWEEN) >= 0;
  }

  private Trial trial(Host host, Device device) {
    boolean writeable = nodes.testWrite(host, device.id());
    return new Trial(
        device.id(),
        writeable,
        writeable ? Optional.of(nodes.rejectsBadMd5(host, device.id())) : Optional.empty());
  }

  /** Draining devices too are written to: what is deleted from them needs it. */
  static boolean mayTry(Host host, Device device) {
    return host.status() == HostStatus.ALIVE && device.status().deletable();
  }

  /** What a device that answers is taken for, before it is tried again. */
  static Reach reachOf(Host host, Device device, Reach before) {
    return before == Reach.WRITEABLE && mayTry(host, device) ? Reach.WRITEABLE : Reach.READABLE;
  }
}
