package io.hayloft.tracker.work.fsck;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.FsckRunStore.Speed;

/** How fast a run goes: an average in which what is a quarter of a minute old counts little. */
final class Speedometer {

  private static final double MEMORY_SECONDS = 15;

  private final Time time;
  private Speed speed = new Speed(0, 0);
  private long since;

  Speedometer(Time time) {
    this.time = time;
    this.since = time.nanoTime();
  }

  /** Nothing is to be done; the time until something is does not count. */
  void pause() {
    speed = new Speed(0, 0);
    since = time.nanoTime();
  }

  void passed(long files, long fids) {
    long now = time.nanoTime();
    double seconds = Math.max(1e-3, (now - since) / 1e9);
    since = now;
    double fresh = speed.fidsPerSecond() == 0 ? 1 : 1 - Math.exp(-seconds / MEMORY_SECONDS);
    speed =
        new Speed(
            mix(speed.filesPerSecond(), files / seconds, fresh),
            mix(speed.fidsPerSecond(), fids / seconds, fresh));
  }

  private static double mix(double before, double now, double fresh) {
    return before * (1 - fresh) + now * fresh;
  }

  Speed now() {
    return speed;
  }
}
