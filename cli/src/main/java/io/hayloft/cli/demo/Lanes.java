package io.hayloft.cli.demo;

import io.hayloft.runtime.task.Tasks;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Works on a list with a few threads, each taking the next item when it has done the last. */
final class Lanes {

  private final Tasks tasks;
  private final int width;

  Lanes(Tasks tasks, int width) {
    this.tasks = tasks;
    this.width = width;
  }

  <T> void forEach(List<T> items, Consumer<? super T> work) throws InterruptedException {
    var next = new AtomicInteger();
    tasks.forEach(
        IntStream.range(0, width).boxed().toList(),
        width,
        lane -> {
          for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
            work.accept(items.get(i));
          }
          return lane;
        });
  }
}
