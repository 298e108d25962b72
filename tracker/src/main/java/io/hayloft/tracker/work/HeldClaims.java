package io.hayloft.tracker.work;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import io.hayloft.runtime.worker.Pace;
import io.hayloft.runtime.worker.Worker;
import io.hayloft.tracker.store.ClaimStore;
import io.hayloft.tracker.store.ClaimStore.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The claims that this tracker holds on rows of the queues. Claims are short: when a tracker dies
 * its rows are due again after {@link #LENGTH} or little more, and another takes them. Work that
 * takes longer keeps its claims because the step here, which every tracker calls all the time,
 * prolongs them, all that were claimed together in one statement. Most work is done before that.
 *
 * <p>Whoever claims says so to {@link #hold}, settles with {@link #until} and then calls {@link
 * #drop}. What nobody holds is not prolonged; a claim that was lost (the database was away, the
 * process stood still) is not either, and settling it has no effect.
 */
public final class HeldClaims implements Worker {

  /** How long a claim lasts unless it is prolonged. */
  public static final Duration LENGTH = Duration.ofSeconds(20);

  /** What is left of a claim when it is prolonged: more than one step, so that one may fail. */
  private static final Duration RESERVE = Duration.ofSeconds(14);

  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(2);

  private final ClaimStore store;
  private final Time time;
  private final Map<Row, Held> claims = new ConcurrentHashMap<>();

  private record Row(Queue queue, Fid fid) {}

  /**
   * @param until by the database's clock, which tells the claim from others
   * @param endNanos by this machine's, not later than the other
   */
  private record Held(long until, long endNanos) {

    Held prolonged() {
      return new Held(until + ClaimStore.STEP.toSeconds(), endNanos + ClaimStore.STEP.toNanos());
    }
  }

  public HeldClaims(ClaimStore store, Time time) {
    this.store = store;
    this.time = time;
  }

  /**
   * Notes a claim of {@link #LENGTH} that was just made.
   *
   * @param until as the claimed row has it
   */
  public void hold(Queue queue, Fid fid, long until) {
    claims.put(new Row(queue, fid), new Held(until, time.nanoTime() + LENGTH.toNanos()));
  }

  /** When a claim ends by now, for settling it; the time given where it is not held. */
  public long until(Queue queue, Fid fid, long claimed) {
    var held = claims.get(new Row(queue, fid));
    return held == null ? claimed : held.until();
  }

  /** The work on a row has ended. */
  public void drop(Queue queue, Fid fid) {
    claims.remove(new Row(queue, fid));
  }

  /** Drops several. */
  public void drop(Queue queue, Collection<Fid> fids) {
    fids.forEach(fid -> drop(queue, fid));
  }

  /** How many rows are held. */
  public int size() {
    return claims.size();
  }

  private record Group(Queue queue, long until) implements Comparable<Group> {

    @Override
    public int compareTo(Group other) {
      int byQueue = queue.compareTo(other.queue);
      return byQueue == 0 ? Long.compare(until, other.until) : byQueue;
    }
  }

  @Override
  public Pace step() {
    for (var group : ending().entrySet()) {
      var queue = group.getKey().queue();
      store.prolong(queue, group.getKey().until(), group.getValue());
      group.getValue().forEach(fid -> noteProlonged(new Row(queue, fid), group.getKey().until()));
    }
    return Pace.rest(BETWEEN_STEPS);
  }

  /** The claims that end soon, by what a statement may have in common. */
  private Map<Group, List<Fid>> ending() {
    long soon = time.nanoTime() + RESERVE.toNanos();
    var groups = new TreeMap<Group, List<Fid>>();
    claims.forEach(
        (row, held) -> {
          if (held.endNanos() - soon <= 0) {
            groups
                .computeIfAbsent(new Group(row.queue(), held.until()), _ -> new ArrayList<>())
                .add(row.fid());
          }
        });
    groups.values().forEach(fids -> fids.sort(Comparator.naturalOrder()));
    return groups;
  }

  private void noteProlonged(Row row, long from) {
    claims.computeIfPresent(row, (_, held) -> held.until() == from ? held.prolonged() : held);
  }
}
