package io.hayloft.tracker.work.monitor;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.store.DeviceRecordStore;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What is remembered of devices, in memory, with a clock that a test sets; for several threads. */
final class MemoryRecords implements DeviceRecordStore {

  long now = 1_000_000;
  final Set<DeviceId> dead = new HashSet<>();
  private final TreeMap<DeviceId, DeviceRecord> records = new TreeMap<>();

  @Override
  public synchronized Records load() {
    return new Records(now, records);
  }

  @Override
  public synchronized boolean recordDisk(DeviceId device, String identity) {
    var recorded = load().of(device).identity();
    return recorded.filter(each -> !each.equals(identity)).isEmpty()
        && acceptDisk(device, identity);
  }

  @Override
  public synchronized boolean acceptDisk(DeviceId device, String identity) {
    if (load().owner(identity).filter(owner -> !owner.equals(device)).isPresent()) {
      return false;
    }
    put(
        device,
        old ->
            new DeviceRecord(
                device,
                Optional.of(identity),
                old.unreachableSince(),
                old.countedFrom(),
                old.reachedAgain()));
    return true;
  }

  @Override
  public synchronized void unreachable(Collection<DeviceId> devices, boolean counted) {
    var at = OptionalLong.of(now);
    change(
        devices,
        record -> record.unreachableSince().isEmpty(),
        old -> times(old, at, counted ? at : OptionalLong.empty(), old.reachedAgain()));
  }

  @Override
  public synchronized void reached(Collection<DeviceId> devices) {
    change(
        devices,
        record -> record.unreachableSince().isPresent(),
        old -> times(old, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(now)));
  }

  @Override
  public synchronized void count(Collection<DeviceId> devices) {
    change(
        devices,
        record -> record.unreachableSince().isPresent() && record.countedFrom().isEmpty(),
        old -> times(old, old.unreachableSince(), OptionalLong.of(now), old.reachedAgain()));
  }

  @Override
  public synchronized void stopCounting(Collection<DeviceId> devices) {
    change(
        devices,
        record -> record.countedFrom().isPresent(),
        old -> times(old, old.unreachableSince(), OptionalLong.empty(), old.reachedAgain()));
  }

  @Override
  public synchronized boolean markDead(DeviceId device, long countedFrom) {
    return load().of(device).countedFrom().equals(OptionalLong.of(countedFrom)) && dead.add(device);
  }

  private static DeviceRecord times(
      DeviceRecord old, OptionalLong since, OptionalLong counted, OptionalLong again) {
    return new DeviceRecord(old.device(), old.identity(), since, counted, again);
  }

  private void change(
      Collection<DeviceId> devices,
      Predicate<DeviceRecord> where,
      UnaryOperator<DeviceRecord> what) {
    for (var device : devices) {
      if (where.test(load().of(device))) {
        put(device, what);
      }
    }
  }

  private void put(DeviceId device, UnaryOperator<DeviceRecord> what) {
    records.put(device, what.apply(load().of(device)));
  }
}
