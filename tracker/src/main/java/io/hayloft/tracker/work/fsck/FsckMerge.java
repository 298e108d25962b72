package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.store.FsckRunStore.Doubt;
import io.hayloft.tracker.store.FsckSlice;
import io.hayloft.tracker.work.fsck.Sightings.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a check makes of a slice once its devices have been listed: which files are as they should
 * be, and which need a closer look ({@link FsckCheck}). Pure. Nothing is concluded here that would
 * change anything: the rows may be old, and copies may have moved.
 */
final class FsckMerge {

  /**
   * What came of it.
   *
   * @param good how many are as they should be
   * @param stalled those of which a device said nothing, and that are well as far as is known
   */
  record Outcome(long good, List<Doubt> doubts, List<Fid> stalled) {}

  private final FsckSlice slice;
  private final FsckPlan.Mode mode;
  private final Contents contents;
  private final Sightings sightings;
  private final Placements placements;

  FsckMerge(
      FsckSlice slice,
      FsckPlan.Mode mode,
      Contents contents,
      Sightings sightings,
      Placements placements) {
    this.slice = slice;
    this.mode = mode;
    this.contents = contents;
    this.sightings = sightings;
    this.placements = placements;
  }

  private enum Verdict {
    GOOD,
    DOUBT,
    STALLED
  }

  /**
   * @param scope only files on that device are meant, if it has one
   */
  Outcome judge(Optional<DeviceId> scope) {
    long good = 0;
    var doubts = new ArrayList<Doubt>();
    var stalled = new ArrayList<Fid>();
    for (int file = 0; file < slice.files(); file++) {
      if (scope.isPresent() && !slice.isOn(file, scope.get())) {
        continue;
      }
      switch (verdict(file)) {
        case GOOD -> good++;
        case DOUBT -> doubts.add(new Doubt(slice.fid(file), doubted(file)));
        case STALLED -> stalled.add(slice.fid(file));
      }
    }
    return new Outcome(good, doubts, stalled);
  }

  private Verdict verdict(int file) {
    boolean silent = false;
    for (int slot = slice.firstSlot(file); slot < slice.firstSlot(file + 1); slot++) {
      switch (sightings.of(slot)) {
        case BAD, DOUBTED, LOST, FOREIGN -> {
          return Verdict.DOUBT;
        }
        case SILENT -> silent = true;
        case GOOD, UNASKED -> {}
      }
    }
    if (slice.copies(file) == 0
        || !placements.isWellPlaced(slice, file)
        || isMiscounted(file)
        || wantsCloserLook(file)
        || differs(file)) {
      return Verdict.DOUBT;
    }
    return silent ? Verdict.STALLED : Verdict.GOOD;
  }

  private boolean isMiscounted(int file) {
    return !mode.skipDevcount()
        && slice.devcount(file) != Math.min(FsckPlan.MOST_COPIES, slice.copies(file));
  }

  /** Its class keeps a digest that is not there, or its content is to be read and was not. */
  private boolean wantsCloserLook(int file) {
    if (!contents.wants(file)) {
      return false;
    }
    boolean lacksDigest =
        slice.checksum(file).isEmpty() && placements.terms(slice, file).hash().isPresent();
    return lacksDigest
        || (!mode.policyOnly() && (!contents.isRead() || slice.checksum(file).isEmpty()));
  }

  private boolean differs(int file) {
    for (int slot = slice.firstSlot(file) + 1; slot < slice.firstSlot(file + 1); slot++) {
      if (sightings.differ(slice.firstSlot(file), slot)) {
        return true;
      }
    }
    return false;
  }

  /** A device on which the content is doubted. */
  private Optional<DeviceId> doubted(int file) {
    for (int slot = slice.firstSlot(file); slot < slice.firstSlot(file + 1); slot++) {
      if (sightings.of(slot) == Sight.DOUBTED) {
        return Optional.of(new DeviceId(slice.device(slot)));
      }
    }
    return differs(file)
        ? Optional.of(new DeviceId(slice.device(slice.firstSlot(file))))
        : Optional.empty();
  }
}
