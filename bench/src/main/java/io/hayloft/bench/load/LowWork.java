package io.hayloft.bench.load;

import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Work of a node for which no client waits, as trackers ask for it in lists, over and over until it
 * is closed. {@code docs/node-protocol.md} has the requests.
 */
public final class LowWork implements AutoCloseable {

  private static final int IN_A_LIST = 200;
  private static final Duration ENDING = Duration.ofSeconds(60);
  private static final Duration GLANCE = Duration.ofMillis(5);

  /** What is asked for. */
  public enum Kind {
    DIGESTS("digests", 4),
    /** Which a node's own scrub reads as well, by the same means. */
    CHECKSUMS("a listing with checksums", 1),
    COPIES("copies", 2);

    private final String title;
    private final int askers;

    Kind(String title, int askers) {
      this.title = title;
      this.askers = askers;
    }

    public String title() {
      return title;
    }
  }

  /**
   * What it is done with.
   *
   * @param files that are there
   * @param bytes of each of them
   * @param copies of them that are made, again and again
   */
  public record Ground(InetSocketAddress server, Span files, int bytes, Span copies) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final Ground ground;
  private final List<Tasks.Task> askers = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private volatile boolean closed;
  private volatile @Nullable IOException failure;

  private LowWork(Ground ground) {
    this.ground = ground;
  }

  public static LowWork start(Kind kind, Ground ground, Tasks tasks) {
    var work = new LowWork(ground);
    IntStream.range(0, kind.askers)
        .forEach(_ -> work.askers.add(tasks.start(kind.title, () -> work.keepAsking(kind))));
    return work;
  }

  private void keepAsking(Kind kind) throws InterruptedException {
    while (!closed) {
      try {
        ask(kind);
      } catch (IOException e) {
        failure = e;
        return;
      }
    }
  }

  private void ask(Kind kind) throws IOException, InterruptedException {
    switch (kind) {
      case DIGESTS -> post("digest", index -> ground.files().path(index) + " MD5,SHA-1");
      case CHECKSUMS -> count(send("/-/manifest/dev1?digest=CRC32C", BodyPublishers.noBody()));
      case COPIES ->
          post(
              "copy",
              index ->
                  "%s http://%s%s %d"
                      .formatted(
                          ground.copies().path(index),
                          authority(),
                          ground.files().path(index),
                          ground.bytes()));
    }
  }

  private String authority() {
    var address = ground.server();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private void post(String request, IntFunction<String> line)
      throws IOException, InterruptedException {
    int count = Math.min(ground.files().count(), ground.copies().count());
    int begin = next.getAndAdd(IN_A_LIST);
    var lines = new StringBuilder();
    for (int i = begin; i < begin + IN_A_LIST; i++) {
      lines.append(line.apply(Math.floorMod(i, count))).append('\n');
    }
    count(send("/-/" + request, BodyPublishers.ofString(lines.toString())));
  }

  private String send(String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    var uri = URI.create("http://" + authority() + path);
    var method = path.startsWith("/-/manifest") ? "GET" : "POST";
    var answer =
        http.send(
            HttpRequest.newBuilder(uri).method(method, body).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " → " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private void count(String answer) throws IOException {
    var failure =
        answer.lines().filter(line -> line.matches("\\S+ (failed|source|destination) .*"));
    var first = failure.findFirst();
    if (first.isPresent()) {
      throw new IOException(first.get());
    }
    done.addAndGet(answer.lines().count());
  }

  /**
   * Waits until some of it was done: so it is under way from then on.
   *
   * @throws IllegalStateException when it is not done
   */
  public void awaitBegun(Time time) throws InterruptedException {
    long since = time.nanoTime();
    while (done() == 0) {
      if (failure != null || time.since(since).compareTo(ENDING) > 0) {
        throw new IllegalStateException("the node does not do its work", failure);
      }
      time.sleep(GLANCE);
    }
  }

  /** How many files it was done for so far. */
  public long done() {
    return done.get();
  }

  /**
   * Asks for no more, and waits for what was asked for.
   *
   * @throws IllegalStateException when it does not end, or was not done
   */
  @Override
  public void close() {
    closed = true;
    try {
      for (var asker : askers) {
        if (!asker.join(ENDING)) {
          throw new IllegalStateException("the work does not end");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("told to stop", e);
    } finally {
      http.close();
    }
    if (failure != null) {
      throw new IllegalStateException("the node does not do its work", failure);
    }
  }
}
