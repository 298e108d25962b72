package io.hayloft.tracker.work;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.tracker.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Group commit: calls that wait at the same time are written in one transaction, and each gets its
 * own result. There is no timer. While one group is being written the next gathers, so groups are
 * as large as the database is slow, and a call that comes alone does not wait for others.
 *
 * <p>When a group fails each member is tried alone, so that one cannot fail the others; not when
 * the database is away, because then all would wait for its time-out one after the other.
 */
public final class Together<T, R> {

  private final String name;
  private final int most;
  private final Function<List<T>, List<R>> writing;
  private final Tasks tasks;
  private final Queue<Call<T, R>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean busy = new AtomicBoolean();

  private record Call<T, R>(T item, CompletableFuture<R> result) {}

  /**
   * @param most in one group
   * @param writing a group in one transaction; answers with as many results, in the same order
   */
  public Together(String name, int most, Function<List<T>, List<R>> writing, Tasks tasks) {
    this.name = name;
    this.most = most;
    this.writing = writing;
    this.tasks = tasks;
  }

  /**
   * Returns when it is written.
   *
   * @throws RuntimeException what writing it threw
   */
  public R write(T item) throws InterruptedException {
    var call = new Call<T, R>(item, new CompletableFuture<>());
    waiting.add(call);
    startWriting();
    try {
      return call.result().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Whoever comes after the last look of the one who writes finds that nobody is writing. */
  private void startWriting() {
    if (busy.compareAndSet(false, true)) {
      try {
        var _ = tasks.start(name, this::writeAll);
      } catch (RejectedExecutionException stopping) {
        busy.set(false);
        fail(next(), stopping);
        throw stopping;
      }
    }
  }

  private void writeAll() {
    try {
      for (var group = next(); !group.isEmpty(); group = next()) {
        write(group);
      }
    } finally {
      busy.set(false);
    }
    if (!waiting.isEmpty()) {
      startWriting();
    }
  }

  private List<Call<T, R>> next() {
    var group = new ArrayList<Call<T, R>>();
    while (group.size() < most) {
      var call = waiting.poll();
      if (call == null) {
        break;
      }
      group.add(call);
    }
    return group;
  }

  private void write(List<Call<T, R>> group) {
    try {
      var results = writing.apply(group.stream().map(Call::item).toList());
      if (results.size() != group.size()) {
        throw new IllegalStateException(results.size() + " results for " + group.size());
      }
      for (int i = 0; i < group.size(); i++) {
        group.get(i).result().complete(results.get(i));
      }
    } catch (RuntimeException e) {
      if (group.size() == 1 || isAway(e)) {
        fail(group, e);
      } else {
        group.forEach(call -> write(List.of(call)));
      }
    }
  }

  private static boolean isAway(RuntimeException e) {
    return e instanceof StoreException store && store.why() == StoreException.Cause.UNAVAILABLE;
  }

  private static <T, R> void fail(List<Call<T, R>> group, RuntimeException e) {
    group.forEach(call -> call.result().completeExceptionally(e));
  }
}
