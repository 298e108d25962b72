package io.hayloft.tracker.work;

import io.hayloft.tracker.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes outcomes to the database in groups without a timer: whoever comes while nobody writes does
 * so, for all that have come by then. What cannot be written is given up: the rows come back by
 * themselves when their claim ends.
 */
public final class Settling<T> {

  private static final int GROUP = 100;

  private final Consumer<List<T>> writing;
  private final BiConsumer<List<T>, StoreException> lost;
  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean busy = new AtomicBoolean();

  public Settling(Consumer<List<T>> writing, BiConsumer<List<T>, StoreException> lost) {
    this.writing = writing;
    this.lost = lost;
  }

  public void add(T outcome) {
    waiting.add(outcome);
    // Whoever adds after the last look of the one who writes finds that he is not busy any more.
    while (!waiting.isEmpty() && busy.compareAndSet(false, true)) {
      try {
        write(next());
      } finally {
        busy.set(false);
      }
    }
  }

  private List<T> next() {
    var group = new ArrayList<T>();
    while (group.size() < GROUP) {
      var outcome = waiting.poll();
      if (outcome == null) {
        break;
      }
      group.add(outcome);
    }
    return group;
  }

  private void write(List<T> group) {
    if (group.isEmpty()) {
      return;
    }
    try {
      writing.accept(group);
    } catch (StoreException e) {
      lost.accept(group, e);
    }
  }
}
