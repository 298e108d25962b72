package io.hayloft.node.device;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * How long pieces of work on a disk took since the start: openings, reads of what is not in memory,
 * writes with their syncs, deletions. Each is counted in a class, whose bound is four times that of
 * the class before; what waited for its turn before it began is not in it.
 */
public final class DiskTimes implements DiskLanes.Around {

  private static final long FIRST_BOUND_MICROS = 64;
  private static final int STEP_BITS = 2;

  /** The last but one ends at some four seconds, the last one has no bound. */
  private static final int CLASSES = 10;

  private final Time time;
  private final Map<DeviceId, LongAdder[]> counts = new ConcurrentHashMap<>();

  public DiskTimes(Time time) {
    this.time = time;
  }

  @Override
  public void run(DeviceId device, Runnable work) {
    long began = time.nanoTime();
    try {
      work.run();
    } finally {
      took(device, (time.nanoTime() - began) / 1_000);
    }
  }

  void took(DeviceId device, long micros) {
    int index = 0;
    for (long bound = FIRST_BOUND_MICROS; micros > bound && index < CLASSES - 1; index++) {
      bound <<= STEP_BITS;
    }
    counts.computeIfAbsent(device, _ -> adders())[index].increment();
  }

  private static LongAdder[] adders() {
    return IntStream.range(0, CLASSES).mapToObj(_ -> new LongAdder()).toArray(LongAdder[]::new);
  }

  /** Such as {@code 64:10 256:3 … more:0}: how many took up to so many microseconds. */
  String text(DeviceId device) {
    var of = counts.getOrDefault(device, new LongAdder[0]);
    var text = new StringBuilder();
    long bound = FIRST_BOUND_MICROS;
    for (int index = 0; index < CLASSES; index++) {
      text.append(index == 0 ? "" : " ")
          .append(index == CLASSES - 1 ? "more" : Long.toString(bound))
          .append(':')
          .append(of.length == 0 ? 0 : of[index].sum());
      bound <<= STEP_BITS;
    }
    return text.toString();
  }
}
