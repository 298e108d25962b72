package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.log.RepeatedCauses;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.FsckTerms.Scope;
import io.hayloft.tracker.node.NativeNodes;
import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.store.FsckRunStore.Orphans;
import io.hayloft.tracker.store.FsckSlice;
import io.hayloft.tracker.work.fsck.OrphanCare.Spot;
import io.hayloft.tracker.work.fsck.Sightings.Sight;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Has all devices list what they have of a slice, at the same time, and compares. A device that
 * cannot be asked, or breaks off, is no reason to think anything of its files.
 */
final class ManifestScan {

  private static final int AT_ONCE = 64;

  /** Bytes as young as that may belong to an upload or a copy that is still being made. */
  private static final Duration YOUNG = Duration.ofHours(2);

  /** Orphans that are seen to together. */
  private static final int TOGETHER = 250;

  /**
   * Nothing is done about more than so many on a device within a slice when they are most of what
   * is there: then it is the database that is wrong, and a person must look.
   */
  private static final int MANY = 1000;

  private final NativeNodes nodes;
  private final OrphanCare care;
  private final Tasks tasks;
  private final Time time;
  private final RepeatedCauses causes;

  ManifestScan(NativeNodes nodes, OrphanCare care, Tasks tasks, Time time, RepeatedCauses causes) {
    this.nodes = nodes;
    this.care = care;
    this.tasks = tasks;
    this.time = time;
    this.causes = causes;
  }

  /** A slice and how it is looked at. */
  record Look(FsckSlice slice, Scope scope, Contents contents, OptionalLong bytesPerSecond) {}

  /** A file on a device where its rows do not have it. */
  record Stray(Spot spot, Entry entry, int file) {}

  /**
   * What was on devices and in no row.
   *
   * @param orphans what became of those that are nobody's
   * @param alive those that may be copies of files of the slice; a bounded number
   */
  record Scanned(Orphans orphans, List<Stray> alive) {

    static final Scanned NOTHING = new Scanned(Orphans.NONE, List.of());

    Scanned {
      alive = List.copyOf(alive);
    }

    Scanned plus(Scanned more) {
      var all = new ArrayList<>(alive);
      all.addAll(more.alive);
      return new Scanned(orphans.plus(more.orphans), all);
    }
  }

  /** Writes what is seen into the sightings. */
  Scanned scan(Look look, ClusterView view, Sightings sightings) throws InterruptedException {
    var slots = slotsByDevice(look.slice());
    var listings = new ArrayList<Listing>();
    slots.forEach(
        (number, ofDevice) -> {
          var id = new DeviceId(number);
          if (look.scope().has(id)) {
            var device = view.device(id);
            if (device.isEmpty() || device.get().status() == DeviceStatus.DEAD) {
              seeAll(ofDevice, Sight.LOST, sightings);
            } else if (!view.shouldRead(device.get())) {
              seeAll(ofDevice, Sight.SILENT, sightings);
            } else {
              listings.add(new Listing(look, view, device.get(), ofDevice, sightings));
            }
          }
        });
    for (var device : view.devices()) {
      if (!slots.containsKey(device.id().value())
          && isLookedThrough(look.scope(), device.id())
          && view.shouldRead(device)) {
        listings.add(new Listing(look, view, device, new int[0], sightings));
      }
    }
    return tasks.forEach(listings, AT_ONCE, Listing::run).stream()
        .reduce(Scanned.NOTHING, Scanned::plus);
  }

  /** Whether a device is asked for what it may have although nothing is recorded there. */
  private static boolean isLookedThrough(Scope scope, DeviceId device) {
    return scope.domain().isEmpty() && scope.has(device);
  }

  private static SortedMap<Integer, int[]> slotsByDevice(FsckSlice slice) {
    var counts = new TreeMap<Integer, int[]>();
    for (int slot = 0; slot < slice.slots(); slot++) {
      counts.computeIfAbsent(slice.device(slot), _ -> new int[1])[0]++;
    }
    var slots = new TreeMap<Integer, int[]>();
    counts.forEach((device, count) -> slots.put(device, new int[count[0]]));
    counts.values().forEach(count -> count[0] = 0);
    for (int slot = 0; slot < slice.slots(); slot++) {
      int device = slice.device(slot);
      var ofDevice = slots.get(device);
      var filled = counts.get(device);
      if (ofDevice != null && filled != null) {
        ofDevice[filled[0]++] = slot;
      }
    }
    return slots;
  }

  private static void seeAll(int[] slots, Sight sight, Sightings sightings) {
    IntStream.of(slots).forEach(slot -> sightings.see(slot, sight));
  }

  /** What one device has of the slice. */
  private final class Listing {

    private final Look look;
    private final ClusterView view;
    private final Device device;
    private final int[] slots;
    private final Sightings sightings;
    private final long young = time.epochSecond() - YOUNG.toSeconds();
    private final List<Entry> strays = new ArrayList<>();
    private final List<Stray> alive = new ArrayList<>();
    private long listed;
    private long nobodys;
    private Orphans orphans = Orphans.NONE;

    Listing(Look look, ClusterView view, Device device, int[] slots, Sightings sightings) {
      this.look = look;
      this.view = view;
      this.device = device;
      this.slots = slots;
      this.sightings = sightings;
    }

    Scanned run() {
      var host = view.host(device.host());
      if (host.isEmpty()) {
        seeAll(slots, Sight.SILENT, sightings);
        return Scanned.NOTHING;
      }
      if (!nodes.isNative(host.get())) {
        seeAll(slots, Sight.FOREIGN, sightings);
        return Scanned.NOTHING;
      }
      var spot = new Spot(host.get(), device);
      var merge =
          new DeviceMerge(
              look.slice(),
              slots,
              look.contents(),
              sightings,
              (entry, file) -> stray(spot, entry, file));
      var extent = look.contents().extent(look.slice(), look.bytesPerSecond());
      try (var manifest = nodes.manifest(host.get(), device.id(), extent)) {
        var entry = manifest.next();
        while (entry.isPresent()) {
          listed++;
          merge.accept(entry.get());
          if (strays.size() >= MANY) {
            see(spot);
          }
          entry = manifest.next();
        }
        merge.end();
      } catch (IOException e) {
        merge.breakOff();
        causes.warn("a device does not list its files: " + e.getMessage(), "device " + device.id());
      }
      see(spot);
      return new Scanned(orphans, alive);
    }

    /** In a check of some classes only, what is nobody's is not its concern. */
    private void stray(Spot spot, Entry entry, int file) {
      if (entry.changed() > young) {
        return;
      }
      if (file >= 0) {
        if (alive.size() < MANY) {
          alive.add(new Stray(spot, entry, file));
        }
      } else if (look.scope().domain().isEmpty()) {
        nobodys++;
        strays.add(entry);
      }
    }

    private void see(Spot spot) {
      if (nobodys >= MANY && 2 * nobodys > listed) {
        causes.warn(
            "most of a device is unknown to the database; nothing is done about it",
            "device %s: %d of %d files".formatted(device.id(), nobodys, listed));
        orphans = orphans.plus(new Orphans(strays.size(), 0, 0));
      } else {
        for (int from = 0; from < strays.size(); from += TOGETHER) {
          var some = strays.subList(from, Math.min(strays.size(), from + TOGETHER));
          orphans = orphans.plus(care.takeAway(spot, List.copyOf(some), view));
        }
      }
      strays.clear();
    }
  }
}
