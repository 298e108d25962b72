package io.hayloft.tracker.command;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.store.InsightStore;
import io.hayloft.tracker.store.InsightStore.Span;
import io.hayloft.tracker.store.InsightStore.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Counts files by how many copies of them can be read now. Takes no longer than {@link #MOST},
 * whatever the number of files: their numbers are cut into spans that are counted in a random
 * order, so that when the time is over what was counted is a sample of all, and is said to be one.
 * One count at a time; who asks meanwhile, or soon after, is told what the last one gave.
 */
final class CopyCount {

  static final Duration MOST = Duration.ofSeconds(2);
  static final Duration FRESH = Duration.ofSeconds(5);

  /** So few files of a span are counted in some milliseconds. */
  private static final long SPAN = 2000;

  /** More spans than can be counted in the time; for more files they are wider apart. */
  private static final int MOST_SPANS = 20_000;

  /** Files of a class, by the number of their copies. */
  record OfClass(DomainId domain, ClassId fileClass, Map<Integer, Long> files) {}

  /**
   * What was counted.
   *
   * @param asOf seconds since 1970
   * @param share of all spans that were counted; 1 when nothing was left out
   */
  record Result(List<OfClass> classes, long asOf, double share) {

    boolean isComplete() {
      return share >= 1;
    }
  }

  private final InsightStore insight;
  private final World world;
  private final AtomicBoolean counting = new AtomicBoolean();
  private volatile Optional<Stamped> last = Optional.empty();

  private record Stamped(Result result, long nanos, Set<DeviceId> live) {}

  CopyCount(InsightStore insight, World world) {
    this.insight = insight;
    this.world = world;
  }

  /** Empty only while the very first count is still under way for somebody else. */
  Optional<Result> count(ClusterView view) {
    var live =
        view.devices().stream()
            .filter(view::shouldRead)
            .map(Device::id)
            .collect(Collectors.toSet());
    var known = last.filter(stamped -> isFresh(stamped, live)).map(Stamped::result);
    if (known.isPresent() || !counting.compareAndSet(false, true)) {
      return known.or(() -> last.map(Stamped::result));
    }
    try {
      var result = countNow(live);
      last = Optional.of(new Stamped(result, world.time().nanoTime(), live));
      return Optional.of(result);
    } finally {
      counting.set(false);
    }
  }

  private boolean isFresh(Stamped stamped, Set<DeviceId> live) {
    return stamped.live().equals(live) && world.time().since(stamped.nanos()).compareTo(FRESH) < 0;
  }

  private Result countNow(Set<DeviceId> live) {
    long started = world.time().nanoTime();
    long asOf = world.time().epochSecond();
    var all = insight.files();
    var spans = all.map(this::shuffled).orElse(List.of());
    var tallies = new ArrayList<Tally>();
    int counted = 0;
    for (var span : spans) {
      if (counted > 0 && world.time().since(started).compareTo(MOST) >= 0) {
        break;
      }
      tallies.addAll(insight.tally(span, live));
      counted++;
    }
    return new Result(classes(tallies), asOf, share(counted, all));
  }

  private static double share(int counted, Optional<Span> all) {
    return all.map(span -> Math.min(1, (double) counted / pieces(span))).orElse(1.0);
  }

  private static long pieces(Span all) {
    return (all.last() - all.first()) / SPAN + 1;
  }

  private List<Span> shuffled(Span all) {
    long pieces = pieces(all);
    long apart = (pieces + MOST_SPANS - 1) / MOST_SPANS;
    var spans = new ArrayList<Span>();
    for (long piece = 0; piece < pieces; piece += apart) {
      long first = all.first() + piece * SPAN;
      spans.add(new Span(first, Math.min(all.last(), first + SPAN - 1)));
    }
    Collections.shuffle(spans, Random.from(world.random()));
    return spans;
  }

  private static List<OfClass> classes(List<Tally> tallies) {
    record Key(DomainId domain, ClassId fileClass) {}
    var byClass = new HashMap<Key, Map<Integer, Long>>();
    for (var tally : tallies) {
      byClass
          .computeIfAbsent(new Key(tally.domain(), tally.fileClass()), _ -> new TreeMap<>())
          .merge(tally.copies(), tally.files(), Long::sum);
    }
    return byClass.entrySet().stream()
        .map(
            each -> new OfClass(each.getKey().domain(), each.getKey().fileClass(), each.getValue()))
        .sorted(
            Comparator.comparing((OfClass each) -> each.domain().value())
                .thenComparing(each -> each.fileClass().value()))
        .toList();
  }
}
