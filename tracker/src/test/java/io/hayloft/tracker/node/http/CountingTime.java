package io.hayloft.tracker.node.http;

import io.hayloft.runtime.time.Rest;
import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real time, which notes for how long somebody wanted to sleep. */
final class CountingTime implements Time {

  private final List<Duration> rests = new CopyOnWriteArrayList<>();

  /** The rests that were taken or begun. */
  List<Duration> rests() {
    return List.copyOf(rests);
  }

  @Override
  public Instant now() {
    return Time.system().now();
  }

  @Override
  public long nanoTime() {
    return Time.system().nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    rests.add(duration);
    Time.system().sleep(duration);
  }

  @Override
  public Rest newRest() {
    return Time.system().newRest();
  }
}
