package io.hayloft.bench.replay;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A log that has been read: accesses in the order of their lines, kept in arrays, because there may
 * be a million.
 *
 * <h2>Times</h2>
 *
 * <p>Of a log that knows whole seconds only, the accesses of one second are laid evenly over it.
 * Lines are written when an access ends, so one may have begun before the line above; it is then
 * taken as of the same moment, since keys were asked for in that order as far as anybody knows.
 *
 * <h2>Sizes</h2>
 *
 * <p>A file that is read without having been stored in the log is there before. Its size is the
 * largest that the log says of it before it is stored or deleted, for a part of it may have been
 * read; of what nobody says anything it is the usual one.
 */
final class Log {

  /** The longest line that is looked at; keys have 255 bytes at most. */
  static final int LONGEST_LINE = 16 << 10;

  private static final int SHOWN = 10;

  private final List<String> keys = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Bounds bounds;
  private final List<String> complaints = new ArrayList<>();
  private long bad;
  private long passedOver;
  private Entries entries = new Entries();
  private Duration first = Duration.ZERO;

  /**
   * What is put up with.
   *
   * @param accesses as many are read, and no more
   * @param badLines more are too many; 0 for none
   * @param usualSize of files of which the log says none
   * @param largest a larger file is cut to that
   */
  record Bounds(int accesses, long badLines, int usualSize, int largest) {}

  private Log(Bounds bounds) {
    this.bounds = bounds;
  }

  /**
   * Reads a log to its end, or as much as is wanted of it.
   *
   * @throws BadLogException when too many lines are bad, or there is nothing in it
   */
  static Log read(InputStream in, Bounds bounds) throws IOException, BadLogException {
    var log = new Log(bounds);
    var lines = new BoundedLines(in, LONGEST_LINE);
    var line = lines.next();
    while (line.isPresent() && log.entries.count() < bounds.accesses()) {
      log.take(line.get());
      line = lines.next();
    }
    if (log.entries.count() == 0) {
      throw new BadLogException(
          "nothing in it can be replayed (%d lines are bad, %d were passed over)%s"
              .formatted(log.bad, log.passedOver, log.complaints()));
    }
    log.entries.settle(log.keys.size());
    return log;
  }

  private void take(BoundedLines.Line line) throws BadLogException {
    try {
      if (line.isTooLong()) {
        throw new IllegalArgumentException("longer than " + LONGEST_LINE + " bytes");
      }
      var access = LineFormat.read(line.text());
      access.ifPresentOrElse(this::add, () -> passedOver += isRemark(line.text()) ? 0 : 1);
    } catch (IllegalArgumentException e) {
      bad++;
      if (complaints.size() < SHOWN) {
        complaints.add("line " + line.number() + ": " + e.getMessage());
      }
      if (bad > bounds.badLines()) {
        throw new BadLogException(
            (bounds.badLines() == 0 ? "a bad line" : "more than %d bad lines")
                    .formatted(bounds.badLines())
                + complaints());
      }
    }
  }

  private static boolean isRemark(String text) {
    return text.isBlank() || text.startsWith("#");
  }

  private void add(Access access) {
    if (entries.count() == 0) {
      first = access.at();
    }
    int key = numbers.computeIfAbsent(access.key(), this::newKey);
    long nanos = access.at().minus(first).toNanos();
    entries.add(nanos, access, key, (int) Math.min(access.size(), bounds.largest()));
  }

  private int newKey(String key) {
    keys.add(key);
    return keys.size() - 1;
  }

  /** Of some bad lines, with their numbers; each on a line of its own. */
  String complaints() {
    var text = new StringBuilder();
    complaints.forEach(each -> text.append("\n  ").append(each));
    if (bad > complaints.size()) {
      text.append("\n  and ").append(bad - complaints.size()).append(" more");
    }
    return text.toString();
  }

  long bad() {
    return bad;
  }

  /** Lines of methods or answers that cannot be repeated. */
  long passedOver() {
    return passedOver;
  }

  int count() {
    return entries.count();
  }

  /** How long it took when it was recorded. */
  Duration length() {
    return Duration.ofNanos(entries.at(count() - 1));
  }

  /** Nanoseconds since the first access; never before the one above. */
  long at(int index) {
    return entries.at(index);
  }

  Method method(int index) {
    return entries.method(index);
  }

  String key(int index) {
    return keys.get(entries.key(index));
  }

  /** Whether there is to be a file of that key. */
  boolean isFound(int index) {
    return entries.isFound(index);
  }

  /** Of the file that an upload stores. */
  int size(int index) {
    int size = entries.size(index);
    return size == Access.UNKNOWN ? bounds.usualSize() : size;
  }

  /** Files that must be there before, with their sizes. */
  Map<String, Integer> before() {
    var sizes = new HashMap<String, Integer>();
    var settled = new boolean[keys.size()];
    for (int i = 0; i < count(); i++) {
      int key = entries.key(i);
      if (settled[key]) {
        continue;
      }
      switch (method(i)) {
        case GET, HEAD -> {
          if (isFound(i)) {
            sizes.merge(keys.get(key), entries.size(i), Math::max);
          } else {
            settled[key] = !sizes.containsKey(keys.get(key));
          }
        }
        case DELETE -> {
          if (isFound(i)) {
            sizes.merge(keys.get(key), entries.size(i), Math::max);
          }
          settled[key] = true;
        }
        case PUT -> settled[key] = true;
      }
    }
    sizes.replaceAll((_, size) -> size == Access.UNKNOWN ? bounds.usualSize() : size);
    return sizes;
  }
}
