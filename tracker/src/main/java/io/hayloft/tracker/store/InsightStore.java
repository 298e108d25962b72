package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads for people who ask how an installation is. Each call reads a bounded part, whatever the
 * size of the installation, and locks nothing.
 */
public interface InsightStore {

  /** Numbers of files, the first and the last of them included. */
  record Span(long first, long last) {}

  /** The numbers that files have; empty where there are no files. */
  Optional<Span> files();

  /** How many files of a class have so many copies on the devices that were named. */
  record Tally(DomainId domain, ClassId fileClass, int copies, long files) {}

  /** Counts the files of a span by their copies on these devices. */
  List<Tally> tally(Span span, Collection<DeviceId> live);

  /**
   * A queue.
   *
   * @param rows not more than {@link #MOST_COUNTED}
   * @param due those whose time has come, not more than that either
   * @param stuck those that are never tried again by themselves
   * @param waiting for how many seconds the row that is due longest has been so
   */
  record Depth(String queue, long rows, long due, long stuck, OptionalLong waiting) {}

  /** Beyond this nobody needs to know how many exactly. */
  int MOST_COUNTED = 100_000;

  List<Depth> queues();

  /**
   * A file that is believed to be on a device.
   *
   * @param others the other devices that it is believed to be on
   */
  record Held(StoredFile file, Set<DeviceId> others) {

    public Held {
      others = Set.copyOf(others);
    }
  }

  /** Files on a device with greater numbers than {@code after}, ascending. */
  List<Held> filesOn(DeviceId device, long after, int limit);
}
