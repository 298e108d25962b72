package io.hayloft.tracker.node.http;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a node to do one thing with each of many files, in as many requests as it takes. Every file
 * gets exactly one end: what the node said of it, or why it said nothing.
 */
final class NativeList {

  private static final int MOST_LINES = 1_000;
  private static final int MOST_BYTES = 1 << 20;

  /** Of lines that no file was named for: after so many the node is not believed any more. */
  private static final int MOST_NONSENSE = 100;

  private static final int BUSY = 503;
  private static final int TRIES_WHEN_BUSY = 5;
  private static final Duration WHEN_BUSY = Duration.ofSeconds(1);

  private final NodeHttp http;
  private final NativeHosts hosts;
  private final Time time;

  NativeList(NodeHttp http, NativeHosts hosts, Time time) {
    this.http = http;
    this.hosts = hosts;
    this.time = time;
  }

  /**
   * What is asked.
   *
   * @param name of the request
   * @param path of an item, which names it
   * @param line that asks for it, beginning with the path
   */
  record Question<T>(String name, Function<T, String> path, Function<T, String> line) {

    /** One whose lines are the paths alone. */
    static <T> Question<T> ofPaths(String name, Function<T, String> path) {
      return new Question<>(name, path, path);
    }
  }

  /** Who is told. */
  interface Ends<T> {

    /**
     * @param words what the node said after the path
     */
    void said(T item, String words);

    /** The node said nothing of the item. */
    void unsaid(T item, String why);
  }

  /**
   * Asks for all items.
   *
   * @return the items that were not asked for because the host runs no node of Hayloft's
   */
  <T> List<T> ask(Host host, Question<T> question, List<T> items, Ends<T> ends)
      throws InterruptedException {
    int at = 0;
    while (at < items.size()) {
      var batch = new LinkedHashMap<String, T>();
      var body = new StringBuilder();
      int from = at;
      while (at < items.size() && batch.size() < MOST_LINES) {
        var item = items.get(at);
        var line = question.line().apply(item);
        var path = question.path().apply(item);
        boolean fits = body.length() + line.length() < MOST_BYTES && !batch.containsKey(path);
        if (!fits && !batch.isEmpty()) {
          break;
        }
        batch.put(path, item);
        body.append(line).append('\n');
        at++;
      }
      if (!ask(host, question.name(), batch, body.toString(), ends)) {
        return items.subList(from, items.size());
      }
    }
    return List.of();
  }

  /** Whether the host is native. */
  private <T> boolean ask(Host host, String name, Map<String, T> batch, String body, Ends<T> ends)
      throws InterruptedException {
    var url = NodeHttp.base(host) + "/-/" + name;
    String why;
    try {
      int status = attempt(url, body, batch, ends);
      for (int tried = 1; status == BUSY && tried < TRIES_WHEN_BUSY; tried++) {
        time.sleep(WHEN_BUSY);
        status = attempt(url, body, batch, ends);
      }
      if (isForeign(status)) {
        hosts.isForeign(host);
        return false;
      }
      why = status == 200 ? "the answer breaks off" : "HTTP " + status;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      why = NodeHttp.describe(e);
    }
    for (var unsaid : batch.values()) {
      ends.unsaid(unsaid, why);
    }
    return true;
  }

  /** The status; takes those out of the batch of which something was said. */
  private <T> int attempt(String url, String body, Map<String, T> batch, Ends<T> ends)
      throws IOException {
    try (var answer = NativeAnswer.open(http, url, body)) {
      if (answer.status() == 200) {
        read(answer, batch, ends);
      }
      return answer.status();
    }
  }

  /** A node of Hayloft's answers 200, 413, 500, 503, and 400 to what it cannot read. */
  static boolean isForeign(int status) {
    return status == 501 || (status / 100 == 4 && status != 413);
  }

  private static <T> void read(NativeAnswer answer, Map<String, T> batch, Ends<T> ends)
      throws IOException {
    int nonsense = 0;
    while (answer.lines().advance()) {
      var line = answer.lines().text();
      int blank = line.indexOf(' ');
      @Nullable T item = blank < 0 ? null : batch.remove(line.substring(0, blank));
      if (item != null) {
        ends.said(item, line.substring(blank + 1));
      } else if (++nonsense > MOST_NONSENSE) {
        throw new NodeRefusal("answers nonsense");
      }
    }
  }
}
