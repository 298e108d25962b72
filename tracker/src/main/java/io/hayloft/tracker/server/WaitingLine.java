package io.hayloft.tracker.server;

import io.hayloft.tracker.server.RequestQueue.Ticket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Requests that wait for their turn, in the order they came. Bounded by their number, by their
 * bytes and by time, since a client that has waited for long will soon have given up, and what is
 * done for it then is done for nobody. Not safe to share; its owner has a lock.
 *
 * <h2>How long is too long</h2>
 *
 * <p>Nobody waits for longer than a turn may take. And while those at the head have waited for that
 * long already, nobody is let in: who would wait in vain hears of it at once. That alone would let
 * a lasting overload keep everybody waiting for just so long. So a line that has been standing for
 * longer than a turn may take is no burst any more, and is kept to a tenth of that until it was
 * empty once; as many are served, and sooner.
 */
final class WaitingLine {

  private static final int STANDING_PART = 10;

  /** As many are told at a time that they came too late; there may be thousands. */
  private static final int TOLD_AT_ONCE = 32;

  private final Bounds bounds;
  private final Deque<Place> places = new ArrayDeque<>();
  private long bytes;
  private boolean isOpen;
  private long openedNanos;
  private long standingSince;

  /**
   * @param number how many may wait
   * @param bytes what all of them together may hold
   * @param turn how long one may wait
   */
  record Bounds(int number, long bytes, Duration turn) {}

  /** A request and since when it waits. */
  record Place(Ticket ticket, long sinceNanos) {}

  WaitingLine(Bounds bounds) {
    this.bounds = bounds;
  }

  /** Before, nobody's turn comes, and the time that passes is not counted. */
  void open(long now) {
    isOpen = true;
    openedNanos = now;
    standingSince = now;
  }

  /** All are given up, and time counts no more. */
  void close() {
    isOpen = false;
    places.clear();
    bytes = 0;
  }

  int size() {
    return places.size();
  }

  List<Ticket> tickets() {
    return places.stream().map(Place::ticket).toList();
  }

  /** Takes its place at the end; false when there is none for it. */
  boolean join(Ticket ticket, long now) {
    if (places.size() >= bounds.number()
        || bytes + ticket.bytes() > bounds.bytes()
        || isTooSlow(now)) {
      return false;
    }
    if (places.isEmpty()) {
      standingSince = now;
    }
    places.add(new Place(ticket, now));
    bytes += ticket.bytes();
    return true;
  }

  private boolean isTooSlow(long now) {
    long turn = bounds.turn().toNanos();
    boolean standing = now - standingSince > turn;
    return !places.isEmpty()
        && waited(places.getFirst(), now) > (standing ? turn / STANDING_PART : turn);
  }

  /** The first, whose turn it is. */
  Optional<Place> next() {
    var first = Optional.ofNullable(places.poll());
    first.ifPresent(place -> bytes -= place.ticket().bytes());
    return first;
  }

  /** Removes some of those who have waited for too long. */
  List<Ticket> late(long now) {
    var late = new ArrayList<Ticket>();
    while (late.size() < TOLD_AT_ONCE && !places.isEmpty() && isLate(places.getFirst(), now)) {
      next().ifPresent(place -> late.add(place.ticket()));
    }
    return late;
  }

  boolean isLate(Place place, long now) {
    return waited(place, now) > bounds.turn().toNanos();
  }

  private long waited(Place place, long now) {
    return isOpen ? Math.min(now - place.sinceNanos(), now - openedNanos) : 0;
  }
}
