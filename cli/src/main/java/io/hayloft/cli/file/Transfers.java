package io.hayloft.cli.file;

import static java.util.Objects.requireNonNull;

import io.hayloft.cli.console.Progress;
import io.hayloft.cli.console.Sentences;
import io.hayloft.cli.console.Surroundings;
import io.hayloft.client.UnreachableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Does the same to many files at once, a few at a time. One file that fails does not stop the
 * others; a cluster that does not answer does.
 */
final class Transfers {

  private static final int LINES_OF_FAILURES = 20;
  private static final int BATCH = 2000;

  private final Surroundings surroundings;
  private final int parallel;

  Transfers(Surroundings surroundings, int parallel) {
    this.surroundings = surroundings;
    this.parallel = parallel;
  }

  /** What is done to one of them. */
  @FunctionalInterface
  interface Work<T> {
    void on(T item) throws IOException;
  }

  /**
   * Takes the items in batches, since an iterator over keys asks the cluster for more.
   *
   * @return how many could not be done; each of the first was reported with a line
   */
  <T> int forEach(Iterator<T> items, Work<? super T> work)
      throws IOException, InterruptedException {
    var failures = new AtomicInteger();
    var fatal = new AtomicReference<@Nullable IOException>();
    while (fatal.get() == null) {
      var batch = batch(items);
      if (batch.isEmpty()) {
        return failures.get();
      }
      surroundings
          .tasks()
          .forEach(
              batch,
              parallel,
              item -> {
                if (fatal.get() == null) {
                  attempt(item, work, failures, fatal);
                }
                return item;
              });
    }
    throw requireNonNull(fatal.get());
  }

  private static <T> List<T> batch(Iterator<T> items) throws IOException {
    var batch = new ArrayList<T>();
    try {
      while (batch.size() < BATCH && items.hasNext()) {
        batch.add(items.next());
      }
      return batch;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private <T> void attempt(
      T item,
      Work<? super T> work,
      AtomicInteger failures,
      AtomicReference<@Nullable IOException> fatal) {
    try {
      work.on(item);
    } catch (UnreachableException e) {
      fatal.compareAndSet(null, e);
    } catch (IOException e) {
      if (failures.incrementAndGet() <= LINES_OF_FAILURES) {
        surroundings.terminal().note("hayloft: " + item + ": " + Sentences.of(e));
      }
    }
  }

  /** A listener of the client that feeds a progress bar, and takes back what had to be resent. */
  static io.hayloft.client.Progress into(Progress bar) {
    return new io.hayloft.client.Progress() {
      private long before;

      @Override
      public void moved(long bytes, OptionalLong total) {
        bar.addBytes(bytes - before);
        before = bytes;
      }
    };
  }
}
