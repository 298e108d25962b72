package io.hayloft.tracker.work.soak;

import io.hayloft.protocol.ReplicaPath;
import io.hayloft.tracker.node.UnrulyNodes.Fate;
import io.hayloft.tracker.node.UnrulyNodes.Fates;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What becomes of calls to nodes, drawn from the seed, the round, the call itself and how often it
 * was made in that round: the same round goes wrong in the same way however its threads run.
 */
final class Mischief implements Fates {

  private static final int BAD_IN_HUNDRED = 12;
  private static final int SLOW_IN_HUNDRED = 20;
  private static final int HANGING_IN_THOUSAND = 4;
  private static final long LONGEST_HANG_MILLIS = 60;

  private final long seed;
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private volatile long round;
  private volatile boolean calm = true;
  private volatile CountDownLatch end = new CountDownLatch(0);

  Mischief(long seed) {
    this.seed = seed;
  }

  void begin(long number) {
    round = number;
    calls.clear();
    end = new CountDownLatch(1);
    calm = false;
  }

  /** Whoever hangs goes on, and from now on all is well. */
  void calm() {
    calm = true;
    end.countDown();
  }

  @Override
  public Fate of(String call, ReplicaPath path, Set<Fate> possible) {
    if (calm) {
      return Fate.WELL;
    }
    int count = calls.computeIfAbsent(call + path, _ -> new AtomicInteger()).incrementAndGet();
    var random = new Random(mix(call.hashCode() * 31L + path.toString().hashCode(), count));
    dawdle(random);
    var bad = possible.stream().filter(fate -> fate != Fate.WELL).toList();
    return random.nextInt(100) < BAD_IN_HUNDRED ? pick(bad, random) : Fate.WELL;
  }

  private long mix(long call, int count) {
    return ((seed * 1_000_003 + round) * 1_000_003 + call) * 31 + count;
  }

  private static Fate pick(List<Fate> fates, Random random) {
    return fates.get(random.nextInt(fates.size()));
  }

  private void dawdle(Random random) {
    boolean hangs = random.nextInt(1000) < HANGING_IN_THOUSAND;
    if (hangs || random.nextInt(100) < SLOW_IN_HUNDRED) {
      long millis = hangs ? LONGEST_HANG_MILLIS : random.nextInt(4);
      try {
        var _ = end.await(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
