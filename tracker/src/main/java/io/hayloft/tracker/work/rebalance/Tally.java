package io.hayloft.tracker.work.rebalance;

import static java.util.stream.Collectors.joining;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.RateLimit;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.MoveJob.Speed;
import io.hayloft.tracker.store.RebalanceStore.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a tracker counts of a job that it carries on: how fast it goes, how much it may copy, and
 * which files stay and why. Lost when another tracker goes on, which does no harm.
 */
final class Tally {

  /** Rates are means over about so long. */
  private static final double MEMORY_SECONDS = 15;

  private static final int SAMPLES = 5;
  private static final int REASONS = 5;

  /** More than that in one portion would keep pause and stop waiting. */
  private static final long MOST_BYTES = 1L << 30;

  private static final class Stays {
    private long count;
    private final List<Fid> samples = new ArrayList<>();
  }

  private final Time time;
  private final RateLimit limit;
  private final Map<String, Stays> stays = new LinkedHashMap<>();
  private long counted;
  private double files;
  private double bytes;
  private boolean begun;

  Tally(Time time) {
    this.time = time;
    this.limit = new RateLimit(time, 0);
    this.counted = time.nanoTime();
  }

  /** How long to wait before anything more may be copied. */
  Duration untilAllowed(long bytesPerSecond) {
    limit.set(bytesPerSecond);
    return limit.allowance() > 0 ? Duration.ZERO : limit.untilAllowed();
  }

  /** As many of the first files as may be copied now; one at least. */
  List<Candidate> allowed(List<Candidate> candidates) {
    long left = Math.min(MOST_BYTES, limit.allowance());
    var allowed = new ArrayList<Candidate>();
    for (var candidate : candidates) {
      if (!allowed.isEmpty() && candidate.length() > left) {
        break;
      }
      left -= candidate.length();
      allowed.add(candidate);
    }
    return allowed;
  }

  /** A portion has ended. */
  void add(long filesMoved, long bytesCopied) {
    limit.spend(bytesCopied);
    long now = time.nanoTime();
    double seconds = Math.max(1e-3, (double) (now - counted) / 1e9);
    counted = now;
    double weight = begun ? 1 - Math.exp(-seconds / MEMORY_SECONDS) : 1;
    begun = true;
    files += weight * ((double) filesMoved / seconds - files);
    bytes += weight * ((double) bytesCopied / seconds - bytes);
  }

  Speed speed() {
    return new Speed(files, bytes);
  }

  void stays(Fid fid, String why) {
    var same = stays.computeIfAbsent(why, _ -> new Stays());
    same.count++;
    if (same.samples.size() < SAMPLES) {
      same.samples.add(fid);
    }
  }

  long stayed() {
    return stays.values().stream().mapToLong(each -> each.count).sum();
  }

  void forgetStays() {
    stays.clear();
  }

  /** Which files stay, and why, in one line; nothing where none does. */
  String text() {
    return stays.entrySet().stream()
        .limit(REASONS)
        .map(
            each ->
                "%d %s: %s (fid %s%s)"
                    .formatted(
                        each.getValue().count,
                        each.getValue().count == 1 ? "file stays" : "files stay",
                        each.getKey(),
                        each.getValue().samples.stream().map(Fid::toString).collect(joining(", ")),
                        each.getValue().count > SAMPLES ? ", ..." : ""))
        .collect(joining("; "));
  }
}
