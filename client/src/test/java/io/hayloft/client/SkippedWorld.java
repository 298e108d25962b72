package io.hayloft.client;

import io.hayloft.client.net.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The real clock, which a test can put forward; pauses do that instead of waiting. Dice show 0. */
final class SkippedWorld implements World {

  private final AtomicLong skipped = new AtomicLong();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  void skip(Duration time) {
    skipped.addAndGet(time.toNanos());
  }

  List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  @Override
  public long nanos() {
    return System.nanoTime() + skipped.get();
  }

  @Override
  public void pause(Duration pause) {
    pauses.add(pause);
    skip(pause);
  }

  @Override
  public int below(int bound) {
    return 0;
  }
}
