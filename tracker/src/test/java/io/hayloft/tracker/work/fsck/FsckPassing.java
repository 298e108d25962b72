package io.hayloft.tracker.work.fsck;

import io.hayloft.tracker.store.FsckRunStore.Orphans;
import io.hayloft.tracker.store.FsckRunStore.Passed;
import io.hayloft.tracker.store.FsckRunStore.Speed;
import io.hayloft.tracker.store.FsckStore.Range;
import java.util.List;

/** Slices that nobody looked at. */
final class FsckPassing {

  private FsckPassing() {}

  static Passed of(Range range) {
    return new Passed(range, 0, List.of(), List.of(), Orphans.NONE, new Speed(0, 0));
  }
}
