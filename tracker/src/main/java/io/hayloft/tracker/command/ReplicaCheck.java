package io.hayloft.tracker.command;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes;
import io.hayloft.tracker.node.StorageNodes.Presence;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Finds a replica that is there in full. Asks one node after the other, but waits for each only so
 * long before it asks the next one too: a hung node costs a client a fraction of a second, not its
 * whole time-out, and two hung nodes no more than twice that.
 */
final class ReplicaCheck {

  /** Far beyond what a healthy disk takes, well below what a client waits (3 s). */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final StorageNodes nodes;
  private final Executor executor;

  ReplicaCheck(StorageNodes nodes, Tasks tasks) {
    this.nodes = nodes;
    this.executor = tasks.executor("replica check");
  }

  /**
   * The first place, in the order given, found to hold that many bytes by the time any is; empty
   * when none does. Takes as long as one node may take, and the patience for each place before it.
   */
  OptionalInt first(List<Place> places, long length) throws InterruptedException {
    var answers = new LinkedBlockingQueue<Answer>();
    int asked = 0;
    int answered = 0;
    while (asked < places.size() || answered < asked) {
      if (asked < places.size()) {
        ask(asked, places.get(asked), length, answers);
        asked++;
      }
      var answer =
          asked < places.size()
              ? answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              : answers.take();
      if (answer != null) {
        answered++;
        if (answer.isWhole()) {
          return OptionalInt.of(answer.index());
        }
      }
    }
    return OptionalInt.empty();
  }

  private record Answer(int index, boolean isWhole) {}

  private void ask(int index, Place place, long length, Queue<Answer> answers) {
    executor.execute(
        () -> {
          boolean whole = false;
          try {
            whole = nodes.look(place).equals(new Presence.Present(length));
          } finally {
            answers.add(new Answer(index, whole));
          }
        });
  }
}
