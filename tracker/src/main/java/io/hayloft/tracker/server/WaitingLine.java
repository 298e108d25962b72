package io.hayloft.tracker.server;

import static java.util.Comparator.comparingLong;

import io.hayloft.tracker.server.RequestQueue.Ticket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 *
 * <p>Each {@link Lane} is a line of its own, but for the bounds of number and bytes.
 */
final class WaitingLine {

  private static final int STANDING_PART = 10;

  /** As many are told at a time that they came too late; there may be thousands. */
  private static final int TOLD_AT_ONCE = 32;

  private final Bounds bounds;
  private final Map<Lane, Row> rows = new EnumMap<>(Lane.class);
  private int number;
  private long bytes;
  private boolean isOpen;
  private long openedNanos;

  /** Those of one lane. */
  private static final class Row {

    private final Deque<Place> places = new ArrayDeque<>();
    private long standingSince;
  }

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
    for (var lane : Lane.values()) {
      rows.put(lane, new Row());
    }
  }

  private Row row(Lane lane) {
    return Objects.requireNonNull(rows.get(lane));
  }

  /** Before, nobody's turn comes, and the time that passes is not counted. */
  void open(long now) {
    isOpen = true;
    openedNanos = now;
    rows.values().forEach(row -> row.standingSince = now);
  }

  /** All are given up, and time counts no more. */
  void close() {
    isOpen = false;
    rows.values().forEach(row -> row.places.clear());
    number = 0;
    bytes = 0;
  }

  int size() {
    return number;
  }

  /** In the order they came. */
  List<Ticket> tickets() {
    return rows.values().stream()
        .flatMap(row -> row.places.stream())
        .sorted(comparingLong(Place::sinceNanos))
        .map(Place::ticket)
        .toList();
  }

  /** Takes its place at the end; false when there is none for it. */
  boolean join(Ticket ticket, long now) {
    var row = row(ticket.lane());
    if (number >= bounds.number()
        || bytes + ticket.bytes() > bounds.bytes()
        || isTooSlow(row, now)) {
      return false;
    }
    if (row.places.isEmpty()) {
      row.standingSince = now;
    }
    row.places.add(new Place(ticket, now));
    number++;
    bytes += ticket.bytes();
    return true;
  }

  private boolean isTooSlow(Row row, long now) {
    long turn = bounds.turn().toNanos();
    boolean standing = now - row.standingSince > turn;
    return !row.places.isEmpty()
        && waited(row.places.getFirst(), now) > (standing ? turn / STANDING_PART : turn);
  }

  /**
   * The first, whose turn it is.
   *
   * @param othersToo whether there is a place for more than look-ups
   */
  Optional<Place> next(boolean othersToo) {
    var first = first(Lane.LOOK_UPS);
    if (othersToo) {
      var other = first(Lane.OTHERS);
      if (other.isPresent() && (first.isEmpty() || isBefore(other.get(), first.get()))) {
        first = other;
      }
    }
    first.ifPresent(this::remove);
    return first;
  }

  private Optional<Place> first(Lane lane) {
    return Optional.ofNullable(row(lane).places.peek());
  }

  private static boolean isBefore(Place one, Place other) {
    return one.sinceNanos() - other.sinceNanos() < 0;
  }

  /** The first of its lane. */
  private void remove(Place place) {
    row(place.ticket().lane()).places.remove();
    number--;
    bytes -= place.ticket().bytes();
  }

  /** Removes some of those who have waited for too long. */
  List<Ticket> late(long now) {
    var late = new ArrayList<Ticket>();
    for (var row : rows.values()) {
      while (late.size() < TOLD_AT_ONCE
          && !row.places.isEmpty()
          && isLate(row.places.getFirst(), now)) {
        late.add(row.places.getFirst().ticket());
        remove(row.places.getFirst());
      }
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
