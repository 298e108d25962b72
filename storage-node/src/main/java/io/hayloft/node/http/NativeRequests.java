package io.hayloft.node.http;

import io.hayloft.node.http.RequestPlaces.Place;
import io.hayloft.node.requests.Asked;
import io.hayloft.node.requests.BadRequestException;
import io.hayloft.node.requests.BrokenOffException;
import io.hayloft.node.requests.NativeRequest;
import io.hayloft.node.requests.NativeRequest.Work;
import io.hayloft.runtime.task.Tasks;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who answers a native request, reads it wholly, and has it carried out on a thread of its
 * own. {@link #handle} never waits. A request whose client has gone is interrupted: that is seen
 * when something is to be sent, which with {@code beat} is every few seconds.
 */
public final class NativeRequests implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NativeRequests.class);

  private static final long LONGEST_BEAT = 3_600;
  private static final int MOST_PARAMETERS = 16;

  /** How long to go without looking whether a request that sends no signs of life still runs. */
  private static final Duration GLANCE = Duration.ofSeconds(10);

  private final Map<String, Limited> requests;
  private final Set<String> names;
  private final Tasks tasks;
  private final Set<Tasks.Task> running = ConcurrentHashMap.newKeySet();

  private record Limited(NativeRequest request, RequestPlaces places) {}

  /**
   * @param listBytes how much of what was asked for may be in memory
   */
  public NativeRequests(Collection<NativeRequest> requests, long listBytes, Tasks tasks) {
    var lists = new RequestPlaces.Lists(listBytes);
    this.requests =
        requests.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    NativeRequest::key,
                    request -> new Limited(request, new RequestPlaces(request.underWay(), lists))));
    this.names = requests.stream().map(NativeRequest::name).collect(Collectors.toSet());
    this.tasks = tasks;
  }

  /**
   * Takes a request in hand, if its path is that of one.
   *
   * @return false when the path is that of no native request
   */
  boolean handle(Exchange exchange) {
    var below = exchange.path().substring(Housekeeping.PREFIX.length());
    int slash = below.indexOf('/');
    var name = slash < 0 ? below : below.substring(0, slash);
    if (!names.contains(name)) {
      return false;
    }
    var limited = requests.get(exchange.request().getMethod() + " " + name);
    if (limited == null) {
      exchange.refuse(HttpStatus.METHOD_NOT_ALLOWED_405, "Method not supported.");
    } else if (limited.request().takesRest() != slash >= 0) {
      exchange.refuse(HttpStatus.NOT_FOUND_404, "There is no such request.");
    } else {
      var rest = slash < 0 ? "" : below.substring(slash + 1);
      limited
          .places()
          .enter()
          .ifPresentOrElse(
              place -> take(exchange, limited.request(), rest, place),
              () -> exchange.refuseBusy("Too many of these requests are under way."));
    }
    return true;
  }

  private void take(Exchange exchange, NativeRequest request, String rest, Place place) {
    new ListBody(exchange, body -> understand(exchange, request, rest, place, body), place).run();
  }

  private void understand(
      Exchange exchange, NativeRequest request, String rest, Place place, byte[] body) {
    try {
      var lines = ListBody.lines(body);
      if (lines.isEmpty()) {
        place.leave();
        exchange.answer(HttpStatus.PAYLOAD_TOO_LARGE_413, "Too many lines.");
        return;
      }
      var asked = new Asked(rest, query(exchange), lines.get());
      var beat = beat(asked);
      var work = request.reader().read(asked);
      var full = place.claim(work.disks());
      if (full.isPresent()) {
        place.leave();
        exchange.answerBusy("Too many of these requests are for dev" + full.get() + ".");
        return;
      }
      carryOut(exchange, request, work, place, beat);
    } catch (BadRequestException e) {
      place.leave();
      exchange.answer(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  /** Zero when no signs of life are wanted. */
  private static Duration beat(Asked asked) throws BadRequestException {
    long seconds = asked.number(NativeRequest.BEAT).orElse(0);
    if (seconds > LONGEST_BEAT) {
      throw new BadRequestException("A beat of more than an hour.");
    }
    return Duration.ofSeconds(seconds);
  }

  private static Map<String, String> query(Exchange exchange) throws BadRequestException {
    var text = exchange.request().getHttpURI().getQuery();
    var query = new HashMap<String, String>();
    if (text == null || text.isEmpty()) {
      return query;
    }
    for (var each : List.of(text.split("&", MOST_PARAMETERS))) {
      int equals = each.indexOf('=');
      if (equals < 1 || query.put(each.substring(0, equals), each.substring(equals + 1)) != null) {
        throw new BadRequestException("A parameter is without a value, or there twice.");
      }
    }
    return query;
  }

  private void carryOut(
      Exchange exchange, NativeRequest request, Work work, Place place, Duration beat) {
    var answer = new LineAnswer(exchange);
    var name = request.key();
    try {
      tasks.start(name, () -> attend(answer, name, work, place, beat));
    } catch (RejectedExecutionException stopping) {
      place.leave();
      exchange.answerBusy("The node is stopping.");
    }
  }

  /** Starts the work and stays beside it: to send signs of life, and to end it when in vain. */
  private void attend(LineAnswer answer, String name, Work work, Place place, Duration beat)
      throws InterruptedException {
    Tasks.Task task;
    try {
      task = tasks.start(name, () -> run(answer, name, work, place));
    } catch (RejectedExecutionException stopping) {
      place.leave();
      answer.breakOff(stopping);
      return;
    }
    running.add(task);
    try {
      while (!answer.awaitEnd(beat.isZero() ? GLANCE : beat)) {
        if (!beat.isZero()) {
          answer.beat();
        }
      }
    } finally {
      running.remove(task);
      task.cancel();
    }
  }

  private static void run(LineAnswer answer, String name, Work work, Place place)
      throws InterruptedException {
    try {
      work.run(answer);
      answer.end();
    } catch (InterruptedException e) {
      answer.breakOff(e);
      throw e;
    } catch (BrokenOffException e) {
      answer.breakOff(e);
    } catch (RuntimeException e) {
      log.error("{} failed in a way that was not foreseen", name, e);
      answer.breakOff(e);
    } finally {
      place.leave();
    }
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    running.forEach(Tasks.Task::cancel);
  }
}
