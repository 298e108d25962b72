package io.hayloft.tracker.command;

import io.hayloft.runtime.phase.Phase;
import io.hayloft.runtime.phase.Phases;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Presence;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Finds a replica that is there in full. Asks one node after the other, but waits for each only a
 * moment before it asks the next one too, and for all of them together no longer than {@link
 * #PATIENCE}: what a hung node costs a client is less than it notices. Hosts that keep others
 * waiting are remembered, and asked last.
 */
final class ReplicaCheck {

  /** Far beyond what a healthy disk takes. Three hung nodes and a fourth that works fit in. */
  static final Duration MOMENT = Duration.ofMillis(50);

  /** After this the answer uses what is known. */
  static final Duration PATIENCE = Duration.ofMillis(200);

  private final StorageNodes nodes;
  private final Executor executor;
  private final Time time;
  private final Suspects suspects;

  ReplicaCheck(StorageNodes nodes, World world, Suspects suspects) {
    this.nodes = nodes;
    this.executor = world.tasks().executor("replica check");
    this.time = world.time();
    this.suspects = suspects;
  }

  /**
   * The first place, in the order given, found to hold that many bytes by the time any is. When
   * none was found and some did not answer in time, the first of these: it may hold them. Empty
   * when all are known not to.
   */
  OptionalInt first(List<Place> places, long length) throws InterruptedException {
    try (var _ = Phases.begin(Phase.NODES)) {
      return look(places, length);
    }
  }

  private OptionalInt look(List<Place> places, long length) throws InterruptedException {
    var answers = new LinkedBlockingQueue<Answer>();
    var answered = new HashSet<Integer>();
    long started = time.nanoTime();
    int asked = 0;
    while (asked < places.size() || answered.size() < asked) {
      long left = PATIENCE.minus(time.since(started)).toNanos();
      if (left <= 0) {
        return firstUnanswered(places.size(), answered);
      }
      if (asked < places.size()) {
        ask(asked, places.get(asked), length, answers);
        asked++;
      }
      long wait = asked < places.size() ? Math.min(left, MOMENT.toNanos()) : left;
      var answer = answers.poll(wait, TimeUnit.NANOSECONDS);
      if (answer != null) {
        answered.add(answer.index());
        if (answer.isWhole()) {
          return OptionalInt.of(answer.index());
        }
      } else if (wait == left) {
        return firstUnanswered(places.size(), answered);
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt firstUnanswered(int places, Set<Integer> answered) {
    for (int i = 0; i < places; i++) {
      if (!answered.contains(i)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private record Answer(int index, boolean isWhole) {}

  private void ask(int index, Place place, long length, Queue<Answer> answers) {
    executor.execute(
        () -> {
          boolean whole = false;
          try (var question = suspects.ask(place.host().id())) {
            var presence = nodes.look(place);
            whole = presence.equals(new Presence.Present(length));
            question.ended(!(presence instanceof Presence.CannotTell));
          } finally {
            answers.add(new Answer(index, whole));
          }
        });
  }
}
