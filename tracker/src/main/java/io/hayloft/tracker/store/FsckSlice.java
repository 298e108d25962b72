package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the tables say of the files of a range of fids, in the order of these: in arrays, because a
 * check goes through millions. A file is meant by its index, one of its locations by a slot.
 * Immutable.
 */
public final class FsckSlice {

  private final long after;
  private final long upTo;
  private final long read;
  private final long[] fids;
  private final long[] lengths;
  private final int[] domains;
  private final int[] classes;
  private final int[] devcounts;
  private final int[] firstSlots;
  private final int[] devices;
  private final int[] owners;
  private final @Nullable Checksum[] checksums;

  private FsckSlice(Builder from, long upTo, int files) {
    this.after = from.after;
    this.upTo = upTo;
    this.read = from.skipped + files;
    this.fids = Arrays.copyOf(from.fids, files);
    this.lengths = Arrays.copyOf(from.lengths, files);
    this.domains = Arrays.copyOf(from.domains, files);
    this.classes = Arrays.copyOf(from.classes, files);
    this.devcounts = Arrays.copyOf(from.devcounts, files);
    this.checksums = Arrays.copyOf(from.checksums, files);
    this.firstSlots = new int[files + 1];
    int slots = 0;
    int row = 0;
    for (int file = 0; file < files; file++) {
      firstSlots[file] = slots;
      while (row < from.locations && from.locatedFids[row] < fids[file]) {
        row++;
      }
      for (; row < from.locations && from.locatedFids[row] == fids[file]; row++) {
        from.locatedOn[slots++] = from.locatedOn[row];
      }
    }
    firstSlots[files] = slots;
    this.devices = Arrays.copyOf(from.locatedOn, slots);
    this.owners = new int[slots];
    for (int file = 0; file < files; file++) {
      Arrays.fill(owners, firstSlots[file], firstSlots[file + 1], file);
    }
  }

  /** The range begins behind this fid. */
  public long after() {
    return after;
  }

  /** The range ends with this fid. */
  public long upTo() {
    return upTo;
  }

  /** How many files are in the range, those that were not wanted included. */
  public long read() {
    return read;
  }

  public int files() {
    return fids.length;
  }

  public Fid fid(int file) {
    return new Fid(fids[file]);
  }

  public long number(int file) {
    return fids[file];
  }

  /** The file of that number; negative when there is none here. */
  public int find(long fid) {
    return Arrays.binarySearch(fids, fid);
  }

  public long length(int file) {
    return lengths[file];
  }

  public DomainId domain(int file) {
    return new DomainId(domains[file]);
  }

  public ClassId fileClass(int file) {
    return new ClassId(classes[file]);
  }

  public int devcount(int file) {
    return devcounts[file];
  }

  /** The digest that is kept of it; empty also where digests were not read. */
  public Optional<Checksum> checksum(int file) {
    return Optional.ofNullable(checksums[file]);
  }

  public int slots() {
    return devices.length;
  }

  /** The first slot of a file; the last is before that of the next file. */
  public int firstSlot(int file) {
    return firstSlots[file];
  }

  public int copies(int file) {
    return firstSlots[file + 1] - firstSlots[file];
  }

  public int device(int slot) {
    return devices[slot];
  }

  /** The file whose location a slot is. */
  public int owner(int slot) {
    return owners[slot];
  }

  /** The devices of a file, ascending. */
  public int[] devices(int file) {
    return Arrays.copyOfRange(devices, firstSlots[file], firstSlots[file + 1]);
  }

  /** Whether a file is on a device, by the tables. */
  public boolean isOn(int file, DeviceId device) {
    return Arrays.binarySearch(devices, firstSlots[file], firstSlots[file + 1], device.value())
        >= 0;
  }

  /** Takes rows in the order of their fids, files first. */
  public static final class Builder {

    private final long after;
    private long[] fids;
    private long[] lengths;
    private int[] domains;
    private int[] classes;
    private int[] devcounts;
    private @Nullable Checksum[] checksums;
    private long[] locatedFids;
    private int[] locatedOn;
    private int files;
    private int locations;
    private long skipped;

    /**
     * @param expected about how many files will come
     */
    public Builder(long after, int expected) {
      this.after = after;
      this.fids = new long[expected];
      this.lengths = new long[expected];
      this.domains = new int[expected];
      this.classes = new int[expected];
      this.devcounts = new int[expected];
      this.checksums = new Checksum[expected];
      this.locatedFids = new long[2 * expected];
      this.locatedOn = new int[2 * expected];
    }

    public void file(long fid, long length, int domain, int fileClass, int devcount) {
      if (files == fids.length) {
        int more = Math.max(16, 2 * files);
        fids = Arrays.copyOf(fids, more);
        lengths = Arrays.copyOf(lengths, more);
        domains = Arrays.copyOf(domains, more);
        classes = Arrays.copyOf(classes, more);
        devcounts = Arrays.copyOf(devcounts, more);
        checksums = Arrays.copyOf(checksums, more);
      }
      fids[files] = fid;
      lengths[files] = length;
      domains[files] = domain;
      classes[files] = fileClass;
      devcounts[files] = devcount;
      files++;
    }

    /** A file that is none of those asked for. */
    public void skip() {
      skipped++;
    }

    public void location(long fid, int device) {
      if (locations == locatedOn.length) {
        int more = Math.max(16, 2 * locations);
        locatedFids = Arrays.copyOf(locatedFids, more);
        locatedOn = Arrays.copyOf(locatedOn, more);
      }
      locatedFids[locations] = fid;
      locatedOn[locations] = device;
      locations++;
    }

    public void checksum(long fid, Checksum checksum) {
      int file = Arrays.binarySearch(fids, 0, files, fid);
      if (file >= 0) {
        checksums[file] = checksum;
      }
    }

    public int locations() {
      return locations;
    }

    public long lastLocated() {
      return locatedFids[locations - 1];
    }

    /** What has come, of fids up to that one. */
    public FsckSlice upTo(long last) {
      int kept = files;
      while (kept > 0 && fids[kept - 1] > last) {
        kept--;
      }
      return new FsckSlice(this, last, kept);
    }
  }
}
