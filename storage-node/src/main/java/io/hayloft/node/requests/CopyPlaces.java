package io.hayloft.node.requests;

import io.hayloft.protocol.DeviceId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * How many copies are under way at a time: so many in all, which bounds memory, and fewer to one
 * disk, so that a disk that hangs does not keep the others from being copied to. Places are given
 * in the order of asking; who waits for a disk holds no place of the whole.
 */
final class CopyPlaces {

  private final Semaphore all;
  private final int each;
  private final Map<DeviceId, Disk> disks = new ConcurrentHashMap<>();

  /** Kept only while somebody copies to it or waits to: numbers come from outside. */
  private static final class Disk {
    private final Semaphore places;
    private int users;

    Disk(int places) {
      this.places = new Semaphore(places, true);
    }
  }

  CopyPlaces(int all, int each) {
    this.all = new Semaphore(all, true);
    this.each = each;
  }

  void enter(DeviceId device) throws InterruptedException {
    var disk = disks.compute(device, (_, known) -> joined(known));
    boolean ofDisk = false;
    boolean entered = false;
    try {
      disk.places.acquire();
      ofDisk = true;
      all.acquire();
      entered = true;
    } finally {
      if (!entered) {
        quit(device, ofDisk);
      }
    }
  }

  void leave(DeviceId device) {
    all.release();
    quit(device, true);
  }

  /** For how many disks somebody copies or waits. */
  int disks() {
    return disks.size();
  }

  private Disk joined(@Nullable Disk known) {
    var disk = known == null ? new Disk(each) : known;
    disk.users++;
    return disk;
  }

  private void quit(DeviceId device, boolean hasPlace) {
    disks.computeIfPresent(
        device,
        (_, disk) -> {
          if (hasPlace) {
            disk.places.release();
          }
          disk.users--;
          return disk.users == 0 ? null : disk;
        });
  }
}
