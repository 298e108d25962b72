package io.hayloft.tracker.linear;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks for an order in which operations, one after the other, would have been answered as they
 * were, and in which none that was answered comes after one that was asked for later.
 *
 * <h2>How</h2>
 *
 * The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993): whatever was
 * asked for before the first answer of all that are left may be next; it is tried, and taken back
 * when that leads nowhere. As Lowe ("Testing for Linearizability", 2017) found, it is enough to
 * have come once to a set of operations with a state, in whatever order: what is known to lead
 * nowhere is not tried again. An operation without an answer may be next at any time after it was
 * asked for, or never.
 *
 * <p>The effort grows with how many are under way together, not with how many there are. Histories
 * of different things are better looked at each for itself, see {@link #apart}.
 */
public final class Linearization<S, C, A> {

  private static final int MOST_POINTS = 3_000_000;

  private final Model<S, C, A> model;
  private final List<Operation<C, A>> operations;
  private final BitSet done = new BitSet();
  private final List<Operation<C, A>> order = new ArrayList<>();
  private final Set<Point<S>> seen = new HashSet<>();

  private record Point<S>(BitSet done, S state) {}

  private Linearization(Model<S, C, A> model, List<Operation<C, A>> operations) {
    this.model = model;
    this.operations =
        operations.stream().sorted(Comparator.comparing(Operation::answered)).toList();
  }

  /**
   * An order, without those that nobody knows of and that nothing tells of; empty when there is
   * none.
   */
  public static <S, C, A> Optional<List<Operation<C, A>>> of(
      Model<S, C, A> model, S initial, List<Operation<C, A>> operations) {
    var search = new Linearization<>(model, operations);
    return search.leadsToTheEnd(initial) ? Optional.of(search.order) : Optional.empty();
  }

  private boolean leadsToTheEnd(S state) {
    int first = done.nextClearBit(0);
    if (first >= operations.size() || operations.get(first).answered() == Operation.NEVER) {
      return true;
    }
    if (!seen.add(new Point<>((BitSet) done.clone(), state))) {
      return false;
    }
    if (seen.size() > MOST_POINTS) {
      throw new IllegalStateException("too many are under way together to tell");
    }
    long firstAnswer = operations.get(first).answered();
    for (int i = first; i < operations.size(); i = done.nextClearBit(i + 1)) {
      var next = operations.get(i);
      if (next.asked() < firstAnswer) {
        var after = model.after(state, next.command(), next.answer());
        if (after.isPresent() && leadsToTheEnd(next, i, after.get())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean leadsToTheEnd(Operation<C, A> next, int number, S after) {
    done.set(number);
    order.addLast(next);
    if (leadsToTheEnd(after)) {
      return true;
    }
    order.removeLast();
    done.clear(number);
    return false;
  }

  /** Operations by what they have to do with: those of two lists have nothing in common. */
  public static <C, A> List<List<Operation<C, A>>> apart(
      List<Operation<C, A>> operations, Function<C, ? extends Collection<?>> touches) {
    Map<Object, Set<Object>> groups = new HashMap<>();
    for (var operation : operations) {
      var all = new HashSet<Object>();
      for (Object thing : touches.apply(operation.command())) {
        all.addAll(groups.getOrDefault(thing, Set.of(thing)));
      }
      all.forEach(thing -> groups.put(thing, all));
    }
    var lists = new HashMap<Set<Object>, List<Operation<C, A>>>();
    for (var operation : operations) {
      var one = touches.apply(operation.command()).iterator().next();
      var group = groups.getOrDefault(one, Set.of());
      lists.computeIfAbsent(group, _ -> new ArrayList<>()).add(operation);
    }
    return List.copyOf(lists.values());
  }
}
