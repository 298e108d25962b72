package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is remembered of devices beyond what operators say of them: whose disk each is, and since
 * when it is out of reach. Written when something changes, not with every look. Times are seconds
 * of the database's clock.
 */
public interface DeviceRecordStore {

  /**
   * What is remembered of a device.
   *
   * @param identity of the disk that belongs to the number; empty while none was seen
   * @param unreachableSince empty while it is in reach
   * @param countedFrom what the time until it is taken for dead is counted from; empty while that
   *     is not counted
   * @param reachedAgain when it was last found to be back
   */
  record DeviceRecord(
      DeviceId device,
      Optional<String> identity,
      OptionalLong unreachableSince,
      OptionalLong countedFrom,
      OptionalLong reachedAgain) {

    public static DeviceRecord of(DeviceId device) {
      return new DeviceRecord(
          device,
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());
    }
  }

  /** All records, and the time at which they were read. */
  record Records(long now, Map<DeviceId, DeviceRecord> devices) {

    public Records {
      devices = Map.copyOf(devices);
    }

    public DeviceRecord of(DeviceId device) {
      return devices.getOrDefault(device, DeviceRecord.of(device));
    }

    /** The device that a disk belongs to. */
    public Optional<DeviceId> owner(String identity) {
      return devices.values().stream()
          .filter(record -> record.identity().equals(Optional.of(identity)))
          .map(DeviceRecord::device)
          .findFirst();
    }
  }

  Records load();

  /**
   * Records the disk of a device that had none.
   *
   * @return false when it has one, or the disk is another device's
   */
  boolean recordDisk(DeviceId device, String identity);

  /**
   * Replaces the disk of a device, as an operator says.
   *
   * @return false when the disk is another device's
   */
  boolean acceptDisk(DeviceId device, String identity);

  /**
   * Devices that nobody reaches, from now on; nothing happens to those that are known to be so.
   *
   * @param counted whether the time until they are taken for dead begins
   */
  void unreachable(Collection<DeviceId> devices, boolean counted);

  /** Devices that are in reach, or that it does not matter of any more. */
  void reached(Collection<DeviceId> devices);

  /** Begins the time of devices out of reach until they are taken for dead, now. */
  void count(Collection<DeviceId> devices);

  void stopCounting(Collection<DeviceId> devices);

  /**
   * Marks a device dead that operators did not mark otherwise, and that nobody has reached since.
   *
   * @param countedFrom as it was when this was decided
   * @return false when something has changed meanwhile
   */
  boolean markDead(DeviceId device, long countedFrom);
}
