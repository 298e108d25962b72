package io.hayloft.tracker.work.fsck;

import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.store.FsckSlice;
import io.hayloft.tracker.work.fsck.Sightings.Sight;
import java.io.IOException;

/**
 * Compares what a device lists with what the tables say is there, both in the order of the fids:
 * one pass, nothing kept. Pure, but for what it writes into the {@link Sightings}.
 */
final class DeviceMerge {

  /** Hears of files that are on the device and, by the tables, should not be. */
  @FunctionalInterface
  interface Strays {

    /**
     * @param file of the slice; negative when no file of it has that fid
     */
    void stray(Entry entry, int file);
  }

  private final FsckSlice slice;
  private final int[] slots;
  private final Contents contents;
  private final Sightings sightings;
  private final Strays strays;
  private int next;
  private long last;

  /**
   * @param slots the locations of the slice that are on the device, ascending
   */
  DeviceMerge(FsckSlice slice, int[] slots, Contents contents, Sightings sightings, Strays strays) {
    this.slice = slice;
    this.slots = slots;
    this.contents = contents;
    this.sightings = sightings;
    this.strays = strays;
    this.last = slice.after();
  }

  /**
   * Takes the next file of the listing.
   *
   * @throws IOException when it is not the next: such a listing says nothing
   */
  void accept(Entry entry) throws IOException {
    long fid = entry.fid().value();
    if (fid <= last || fid > slice.upTo()) {
      throw new IOException("the listing is out of order: " + fid + " after " + last);
    }
    last = fid;
    while (next < slots.length && slice.number(slice.owner(slots[next])) < fid) {
      sightings.see(slots[next++], Sight.BAD);
    }
    if (next < slots.length && slice.number(slice.owner(slots[next])) == fid) {
      judge(slots[next++], entry);
    } else {
      strays.stray(entry, slice.find(fid));
    }
  }

  private void judge(int slot, Entry entry) {
    int file = slice.owner(slot);
    if (entry.length() != slice.length(file)) {
      sightings.see(slot, Sight.BAD);
      return;
    }
    boolean rotten =
        !entry.readable()
            || (entry.crcNow().isPresent()
                && entry.crc32c().isPresent()
                && entry.crcNow().getAsInt() != entry.crc32c().getAsInt());
    if (rotten) {
      sightings.see(slot, Sight.DOUBTED);
      return;
    }
    boolean unlike = contents.isRead() && contents.wants(file) && !isAsKept(entry, file);
    sightings.see(
        slot,
        unlike ? Sight.BAD : Sight.GOOD,
        entry.crcNow().isPresent() ? entry.crcNow() : entry.crc32c());
  }

  /** Where no digest is kept the file is looked at closely anyway. */
  private boolean isAsKept(Entry entry, int file) {
    return slice.checksum(file).map(entry.digests()::contains).orElse(true);
  }

  /** The listing was whole: what did not come is not there. */
  void end() {
    rest(Sight.BAD);
  }

  /** The listing broke off: nothing is known of what did not come. */
  void breakOff() {
    rest(Sight.SILENT);
  }

  private void rest(Sight sight) {
    while (next < slots.length) {
      sightings.see(slots[next++], sight);
    }
  }
}
