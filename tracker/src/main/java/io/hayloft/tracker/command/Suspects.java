package io.hayloft.tracker.command;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Hosts that at this moment keep those waiting who ask them something, or did not answer when they
 * were asked last. What one request finds out about a host all others know at once, long before the
 * monitor looks; so it is a reason to ask another host first, and no more.
 */
final class Suspects {

  /** A question that is open for longer makes its host a suspect. */
  private static final Duration SLOW = Duration.ofMillis(100);

  /** By then the monitor has seen for itself. */
  private static final Duration REMEMBERED = Duration.ofSeconds(2);

  private final Time time;
  private final Map<HostId, Set<Question>> open = new ConcurrentHashMap<>();
  private final Map<HostId, Long> failed = new ConcurrentHashMap<>();

  Suspects(Time time) {
    this.time = time;
  }

  /** Something that a host is asked, until it is closed. */
  final class Question implements AutoCloseable {

    private final HostId host;
    private final long started = time.nanoTime();

    private Question(HostId host) {
      this.host = host;
    }

    /** Whether the host gave an answer, a bad one included. */
    void ended(boolean answered) {
      if (answered) {
        failed.remove(host);
      } else {
        failed.put(host, time.nanoTime());
      }
    }

    @Override
    public void close() {
      open.computeIfPresent(
          host,
          (_, questions) -> {
            questions.remove(this);
            return questions.isEmpty() ? null : questions;
          });
    }
  }

  Question ask(HostId host) {
    var question = new Question(host);
    open.compute(
        host,
        (_, questions) -> {
          var all = questions == null ? ConcurrentHashMap.<Question>newKeySet() : questions;
          all.add(question);
          return all;
        });
    return question;
  }

  /** The same devices, those on suspects at the end. */
  List<Device> last(List<Device> order) {
    if (failed.isEmpty() && open.isEmpty()) {
      return order;
    }
    // Once for each host: the answer may change while they are put in order.
    var suspected =
        order.stream().map(Device::host).filter(this::contains).collect(Collectors.toSet());
    return order.stream()
        .sorted(Comparator.comparing(device -> suspected.contains(device.host())))
        .toList();
  }

  boolean contains(HostId host) {
    var last = failed.get(host);
    if (last != null && time.since(last).compareTo(REMEMBERED) < 0) {
      return true;
    }
    return open.getOrDefault(host, Set.of()).stream()
        .anyMatch(question -> time.since(question.started).compareTo(SLOW) > 0);
  }
}
