package io.hayloft.bench.loop;

import io.hayloft.bench.measure.Latencies;
import java.util.EnumMap;
import java.util.Map;

/** Counts what a {@link Ledger} hears of, and times it. */
public final class Tally implements Ledger {

  private final Map<Ending, Latencies>[] kinds;
  private final Latencies lags = new Latencies();

  /**
   * @param kinds how many there are
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public Tally(int kinds) {
    this.kinds = new Map[kinds];
    for (int kind = 0; kind < kinds; kind++) {
      this.kinds[kind] = new EnumMap<>(Ending.class);
    }
  }

  @Override
  public void begun(long due, long lag) {
    lags.add(lag);
  }

  @Override
  public void ended(int kind, Ending ending, long due, long took) {
    kinds[kind].computeIfAbsent(ending, _ -> new Latencies()).add(took);
  }

  /** How long those of one kind took that ended so; nothing was added where there were none. */
  public Latencies of(int kind, Ending ending) {
    return kinds[kind].getOrDefault(ending, new Latencies());
  }

  /** The same of all kinds. */
  public Latencies of(Ending ending) {
    var all = new Latencies();
    for (int kind = 0; kind < kinds.length; kind++) {
      all.addAll(of(kind, ending));
    }
    return all;
  }

  public long count(Ending ending) {
    return of(ending).count();
  }

  /** All, however they ended. */
  public long count() {
    long count = 0;
    for (var ending : Ending.values()) {
      count += count(ending);
    }
    return count;
  }

  /** How much later operations began than they were due. */
  public Latencies lags() {
    return lags;
  }
}
