package io.hayloft.tracker;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Cluster;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Observation;
import io.hayloft.tracker.model.Reach;
import io.hayloft.tracker.store.RegistryStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A cluster as in the database, of which every device was seen to be well unless a test says. */
final class SunnyCluster implements Cluster {

  private final RegistryStore registry;
  private final AtomicReference<ClusterView> view;
  private final Map<DeviceId, Observation> seen = new ConcurrentHashMap<>();
  private final AtomicInteger rereads = new AtomicInteger();

  SunnyCluster(RegistryStore registry) {
    this.registry = registry;
    this.view = new AtomicReference<>(look());
  }

  /** What the monitor sees of a device from the next reading on. */
  void see(int device, Reach reach, String utilization) {
    seen.put(new DeviceId(device), new Observation(reach, utilization, Optional.of(true)));
    view.set(look());
  }

  /** How often the database was read for want of something. */
  int rereads() {
    return rereads.get();
  }

  private ClusterView look() {
    var newest = registry.load();
    var observations = new HashMap<DeviceId, Observation>();
    newest
        .devices()
        .keySet()
        .forEach(
            device ->
                observations.put(
                    device,
                    seen.getOrDefault(
                        device, new Observation(Reach.WRITEABLE, "", Optional.empty()))));
    return new ClusterView(
        newest, newest.hosts().keySet(), observations, new ClusterView.Defaults(100, 2));
  }

  @Override
  public ClusterView view() {
    return Objects.requireNonNull(view.get());
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean awaitReady(Duration limit) {
    return true;
  }

  @Override
  public ClusterView reread() {
    rereads.incrementAndGet();
    view.set(look());
    return Objects.requireNonNull(view.get());
  }

  @Override
  public void refresh() {
    view.set(look());
  }

  @Override
  public void awaitRound() {}
}
