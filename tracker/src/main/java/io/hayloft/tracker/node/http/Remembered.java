package io.hayloft.tracker.node.http;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Things that were learned about nodes and hold for a while: a bounded number, the newest kept. */
final class Remembered {

  private final Duration holds;
  private final Time time;
  private final Map<String, Long> learned;

  Remembered(int most, Duration holds, Time time) {
    this.holds = holds;
    this.time = time;
    this.learned = new Bounded(most);
  }

  synchronized void add(String thing) {
    learned.remove(thing);
    learned.put(thing, time.nanoTime());
  }

  synchronized boolean contains(String thing) {
    var since = learned.get(thing);
    if (since == null) {
      return false;
    }
    if (time.since(since).compareTo(holds) < 0) {
      return true;
    }
    learned.remove(thing);
    return false;
  }

  /** Unlearns all that begins so. */
  synchronized void forget(String beginning) {
    learned.keySet().removeIf(thing -> thing.startsWith(beginning));
  }

  private static final class Bounded extends LinkedHashMap<String, Long> {

    private static final long serialVersionUID = 1;
    private final int most;

    Bounded(int most) {
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > most;
    }
  }
}
