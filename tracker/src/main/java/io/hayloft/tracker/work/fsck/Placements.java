package io.hayloft.tracker.work.fsck;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.store.FsckSlice;
import io.hayloft.tracker.work.replicate.ReplicatePlan;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What policies say of where files are, for one view of the cluster. There are few different
 * answers and very many files, so each is remembered: by class, and by class and devices.
 */
final class Placements {

  private static final int MOST = 100_000;

  private final FsckPlan plan;
  private final ClusterView view;
  private final RandomGenerator random;
  private final Map<Long, FileClass> terms = new HashMap<>();
  private final Map<Spot, Boolean> answers = new HashMap<>();

  /** Files of one class on the same devices. */
  private static final class Spot {

    private final long fileClass;
    private final int[] devices;

    Spot(long fileClass, int[] devices) {
      this.fileClass = fileClass;
      this.devices = devices;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Spot spot
          && fileClass == spot.fileClass
          && Arrays.equals(devices, spot.devices);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(fileClass) + Arrays.hashCode(devices);
    }
  }

  Placements(FsckPlan plan, ClusterView view, RandomGenerator random) {
    this.plan = plan;
    this.view = view;
    this.random = random;
  }

  ClusterView view() {
    return view;
  }

  FileClass terms(FsckSlice slice, int file) {
    return terms.computeIfAbsent(
        fileClass(slice, file),
        _ -> ReplicatePlan.terms(slice.domain(file), slice.fileClass(file), view));
  }

  private static long fileClass(FsckSlice slice, int file) {
    return ((long) slice.domain(file).value() << Integer.SIZE) | slice.fileClass(file).value();
  }

  boolean isWellPlaced(FsckSlice slice, int file) {
    var spot = new Spot(fileClass(slice, file), slice.devices(file));
    var known = answers.get(spot);
    if (known != null) {
      return known;
    }
    var on = new TreeSet<DeviceId>();
    for (int device : spot.devices) {
      on.add(new DeviceId(device));
    }
    boolean answer = plan.isWellPlaced(terms(slice, file), on, view, random);
    if (answers.size() >= MOST) {
      answers.clear();
    }
    answers.put(spot, answer);
    return answer;
  }
}
