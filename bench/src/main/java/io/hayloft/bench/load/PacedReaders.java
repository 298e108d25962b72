package io.hayloft.bench.load;

import io.hayloft.bench.cluster.NodeLine;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Clients that read each file of a span once, at a rate of their own: a server that falls behind is
 * not asked less for it, until all of them wait.
 *
 * @param perSecond files, over all clients
 */
public record PacedReaders(int clients, int perSecond) {

  /**
   * Reads all files; returns when the last one has come.
   *
   * @return how long each took in milliseconds, from when it was due: who has to wait for an answer
   *     before asking for the next file waits for that file, too
   */
  public List<Double> read(InetSocketAddress server, Span files, Tasks tasks, Time time)
      throws InterruptedException {
    long begun = time.nanoTime();
    return tasks
        .forEach(
            IntStream.range(0, clients).boxed().toList(),
            clients,
            client -> {
              try (var line = NodeLine.open(server)) {
                var took = new ArrayList<Double>();
                for (int i = client; i < files.count(); i += clients) {
                  var due = Duration.ofNanos(i * 1_000_000_000L / perSecond);
                  time.sleep(due.minus(time.since(begun)));
                  line.get(files.path(i));
                  took.add(time.since(begun).minus(due).toNanos() / 1e6);
                }
                return took;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("told to stop", e);
              }
            })
        .stream()
        .flatMap(List::stream)
        .toList();
  }
}
