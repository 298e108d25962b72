package io.hayloft.bench.load;

import io.hayloft.bench.cluster.NodeLine;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Clients that read each file of a span once, at a rate of their own: a server that falls behind is
 * not asked less for it, until all of them wait.
 *
 * @param perSecond files, over all clients
 */
public record PacedReaders(int clients, int perSecond) {

  /** Reads all files; returns when the last one has come. */
  public void read(InetSocketAddress server, Span files, Tasks tasks, Time time)
      throws InterruptedException {
    long begun = time.nanoTime();
    tasks.forEach(
        IntStream.range(0, clients).boxed().toList(),
        clients,
        client -> {
          try (var line = NodeLine.open(server)) {
            for (int i = client; i < files.count(); i += clients) {
              var due = Duration.ofNanos(i * 1_000_000_000L / perSecond);
              time.sleep(due.minus(time.since(begun)));
              line.get(files.path(i));
            }
            return client;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("told to stop", e);
          }
        });
  }
}
