package io.hayloft.tracker.server;

import io.hayloft.protocol.WireText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The operators who asked to see what happens ({@code !watch}). What all of them together can make
 * this process hold is bounded: they are few, a message is short, and each misses messages while he
 * has not read the last ones.
 */
public final class Watchers {

  static final int MOST = 100;

  private static final int LONGEST_MESSAGE = 2000;
  private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+");

  private final Object lock = new Object();
  private final Set<Visitor> watching = new HashSet<>();
  private volatile List<Visitor> all = List.of();

  /** What came of asking. */
  enum Toggled {
    ADDED,
    REMOVED,
    TOO_MANY
  }

  /** Starts or stops telling a client. */
  Toggled toggle(Visitor visitor) {
    synchronized (lock) {
      if (watching.remove(visitor)) {
        all = List.copyOf(watching);
        return Toggled.REMOVED;
      }
      if (watching.size() == MOST) {
        return Toggled.TOO_MANY;
      }
      watching.add(visitor);
      all = List.copyOf(watching);
      return Toggled.ADDED;
    }
  }

  void left(Visitor visitor) {
    synchronized (lock) {
      if (watching.remove(visitor)) {
        all = List.copyOf(watching);
      }
    }
  }

  /**
   * Tells all of them. A message is one line, whatever it contains: a line end within it would look
   * like the end of a reply.
   */
  public void tell(String message) {
    var told = all;
    if (!told.isEmpty()) {
      var text =
          message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
      var line = ":: " + WireText.ofText(LINE_ENDS.matcher(text).replaceAll(" "));
      told.forEach(visitor -> visitor.tell(line));
    }
  }
}
