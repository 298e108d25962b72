package io.hayloft.tracker.policy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which moves make devices about equally full. Keeps account of what was decided, and decides the
 * next on that; it looks at nothing. Not shared between threads.
 *
 * <h2>The rule, and why it ends</h2>
 *
 * The mean is the share that is used of all devices together. A file may go from one device to
 * another when
 *
 * <ul>
 *   <li>the first is filled above the mean and the second below it,
 *   <li>one of the two is further from the mean than the threshold, and
 *   <li>after the move the first is still no emptier than the second.
 * </ul>
 *
 * Because of the last, the move back is never allowed, and each move makes the sum of used² / total
 * over all devices smaller. Files are finitely many, so there is an end; with files that are small
 * beside a device it comes when all are within the threshold. What is removed without a copy, being
 * one too many, makes that sum smaller as well.
 */
public final class EvenPlan {

  private static final int FORESEEN_STEPS = 20_000;
  private static final long FORESEEN_PART = 1_000;

  /** How full a device is, in bytes. */
  public record Level(DeviceId device, long total, long used) {

    public Level {
      if (total < 1 || used < 0) {
        throw new IllegalArgumentException("no device is like that: " + used + " of " + total);
      }
    }

    public double fill() {
      return (double) used / (double) total;
    }

    private Level with(long bytes) {
      return new Level(device, total, Math.max(0, used + bytes));
    }
  }

  /**
   * What a device is to give or take.
   *
   * @param bytes that it takes; negative when it gives
   */
  public record Share(Level level, long bytes) {}

  private final Map<DeviceId, Level> levels = new TreeMap<>();
  private final double threshold;
  private final double mean;

  /**
   * @param thresholdPercent how far from the mean is near enough
   */
  public EvenPlan(Collection<Level> levels, double thresholdPercent) {
    this(levels, thresholdPercent / 100, mean(levels));
  }

  private EvenPlan(Collection<Level> levels, double threshold, double mean) {
    levels.forEach(level -> this.levels.put(level.device(), level));
    this.threshold = threshold;
    this.mean = mean;
  }

  private static double mean(Collection<Level> levels) {
    double total = levels.stream().mapToDouble(level -> (double) level.total()).sum();
    return total == 0
        ? 0
        : levels.stream().mapToDouble(level -> (double) level.used()).sum() / total;
  }

  /** The devices that files may be moved to and from at this moment, as full as they are seen. */
  public static List<Level> levels(ClusterView cluster) {
    return cluster.devices().stream()
        .filter(cluster::isWriteable)
        .filter(device -> isInUse(device, cluster))
        .flatMap(device -> level(device).stream())
        .toList();
  }

  /** One that is too full for new files is not left out: it is to become emptier. */
  private static boolean isInUse(Device device, ClusterView cluster) {
    return device.status() == DeviceStatus.ALIVE && cluster.mayDelete(device);
  }

  private static Optional<Level> level(Device device) {
    return device
        .space()
        .filter(space -> space.totalMb() > 0)
        .map(space -> new Level(device.id(), space.totalMb() << 20, space.usedMb() << 20));
  }

  /** From 0 to 1. */
  public double mean() {
    return mean;
  }

  /** How far from the mean the device is that is furthest from it. */
  public double deviation() {
    return levels.values().stream()
        .mapToDouble(level -> Math.abs(level.fill() - mean))
        .max()
        .orElse(0);
  }

  public boolean isEven() {
    return deviation() <= threshold;
  }

  /** The devices that may give something to some other, fullest first. */
  public List<DeviceId> givers() {
    return levels.values().stream()
        .filter(level -> !takers(level.device(), 0).isEmpty())
        .sorted(Comparator.comparingDouble(Level::fill).reversed())
        .map(Level::device)
        .toList();
  }

  /** The devices that may take a file of that length from another, emptiest first. */
  public List<DeviceId> takers(DeviceId from, long bytes) {
    var giver = levels.get(from);
    if (giver == null || giver.fill() <= mean) {
      return List.of();
    }
    return levels.values().stream()
        .filter(taker -> mayMove(giver, taker, bytes))
        .sorted(Comparator.comparingDouble(Level::fill))
        .map(Level::device)
        .toList();
  }

  private boolean mayMove(Level giver, Level taker, long bytes) {
    boolean isNeeded = giver.fill() - mean > threshold || mean - taker.fill() > threshold;
    return isNeeded
        && taker.fill() < mean
        && taker.used() + bytes <= taker.total()
        && giver.with(-bytes).fill() >= taker.with(bytes).fill();
  }

  /** Takes note of a move, or of a removal where there is no other device. */
  public void move(DeviceId from, Optional<DeviceId> to, long bytes) {
    levels.computeIfPresent(from, (_, level) -> level.with(-bytes));
    to.ifPresent(device -> levels.computeIfPresent(device, (_, level) -> level.with(bytes)));
  }

  /** Takes a note back: the move did not happen. */
  public void undo(DeviceId from, Optional<DeviceId> to, long bytes) {
    move(from, to, -bytes);
  }

  /** What each device will have given or taken at the end, if files were as fine as dust. */
  public List<Share> foreseen() {
    var imagined = new EvenPlan(List.copyOf(levels.values()), threshold, mean);
    var grain =
        Math.max(
            1, levels.values().stream().mapToLong(Level::total).min().orElse(1) / FORESEEN_PART);
    int steps = 0;
    while (steps < FORESEEN_STEPS && imagined.step(grain)) {
      steps++;
    }
    var shares = new ArrayList<Share>();
    levels.forEach(
        (device, level) -> shares.add(new Share(level, imagined.used(device) - level.used())));
    return shares;
  }

  private boolean step(long grain) {
    for (var giver : givers()) {
      var takers = takers(giver, grain);
      if (!takers.isEmpty()) {
        move(giver, Optional.of(takers.getFirst()), grain);
        return true;
      }
    }
    return false;
  }

  private long used(DeviceId device) {
    var level = levels.get(device);
    return level == null ? 0 : level.used();
  }

  /** How much is to be moved in all. */
  public long bytesForeseen() {
    return foreseen().stream().mapToLong(share -> Math.max(0, share.bytes())).sum();
  }
}
