package io.hayloft.tracker.node.http;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.node.http.NodeHttp.Purpose;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hosts run Hayloft's own node: asked once and remembered for a while. Several who want to
 * know at the same time share one question, and a host that does not answer is not asked again for
 * some time, so nobody waits longer than for one small request.
 */
final class NativeHosts {

  static final String PAGE = "/-/node";
  private static final String REQUESTS = "requests ";

  private static final Logger log = LoggerFactory.getLogger(NativeHosts.class);

  private static final Duration ANSWER_HOLDS = Duration.ofMinutes(1);
  private static final Duration SILENCE_HOLDS = Duration.ofSeconds(10);
  private static final int MOST_HOSTS = 5_000;

  private final NodeHttp http;
  private final Time time;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Set<String>>> asking = new ConcurrentHashMap<>();

  /**
   * What was said last.
   *
   * @param requests that the node answers; none when it is not Hayloft's
   */
  private record Known(Set<String> requests, long sinceNanos, Duration holds) {}

  NativeHosts(NodeHttp http, Time time) {
    this.http = http;
    this.time = time;
  }

  boolean isNative(Host host) {
    return !requests(host).isEmpty();
  }

  /** Whether a host answers that native request. */
  boolean can(Host host, String request) {
    return requests(host).contains(request);
  }

  /** Whether a host is known to run Hayloft's node, as which it makes directories; asks nobody. */
  boolean isKnown(Host host) {
    var last = known.get(NodeHttp.base(host));
    return last != null && !last.requests().isEmpty();
  }

  private Set<String> requests(Host host) {
    var base = NodeHttp.base(host);
    var last = known.get(base);
    if (last != null && time.since(last.sinceNanos()).compareTo(last.holds()) < 0) {
      return last.requests();
    }
    var mine = new CompletableFuture<Set<String>>();
    var others = asking.putIfAbsent(base, mine);
    if (others != null) {
      return last == null ? await(others) : last.requests();
    }
    var requests = Set.<String>of();
    try {
      requests = ask(base, last == null ? Set.of() : last.requests());
    } finally {
      asking.remove(base);
      mine.complete(requests);
    }
    return requests;
  }

  private Set<String> ask(String base, Set<String> before) {
    return switch (http.exchange("GET", base + PAGE, Purpose.PROBE)) {
      case Answer.Replied replied -> {
        var requests = read(replied);
        if (requests.isEmpty() != before.isEmpty()) {
          log.info("{} is {}", base, requests.isEmpty() ? "another server" : "Hayloft's node");
        }
        yield learn(base, requests, ANSWER_HOLDS);
      }
      // What it was it will be; whatever is asked of it next will show.
      case Answer.Failed _ -> learn(base, before, SILENCE_HOLDS);
    };
  }

  static boolean isPage(Answer.Replied replied) {
    return replied.status() == 200 && replied.body().startsWith("version ");
  }

  private static Set<String> read(Answer.Replied replied) {
    if (!isPage(replied)) {
      return Set.of();
    }
    return replied
        .body()
        .lines()
        .filter(line -> line.startsWith(REQUESTS))
        .flatMap(line -> Stream.of(line.substring(REQUESTS.length()).split(" ")))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Set<String> await(CompletableFuture<Set<String>> others) {
    try {
      return others.get(2 * http.limits().reply().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Set.of();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("nobody learned what a node is", e);
      return Set.of();
    }
  }

  /** To be called when a host answers as no node of Hayloft's does. */
  void isForeign(Host host) {
    log.info("{} is another server than before", NodeHttp.base(host));
    learn(NodeHttp.base(host), Set.of(), ANSWER_HOLDS);
  }

  private Set<String> learn(String base, Set<String> requests, Duration holds) {
    if (known.size() >= MOST_HOSTS) {
      known.clear();
    }
    known.put(base, new Known(requests, time.nanoTime(), holds));
    return requests;
  }
}
