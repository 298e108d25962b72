package io.hayloft.runtime.log;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Warnings and errors of which many are alike. The first of a cause is logged at once; those that
 * follow within a minute become one line with their number and a few samples, so that a dead device
 * is two lines and not one per file.
 *
 * <p>A cause is a short text without particulars ({@code copy failed: no route to b}); the
 * particulars (a fid) are the sample. Causes beyond a bound are counted together. There is no timer
 * inside: a line that is due is written with the next report of any cause or by {@link #flushDue},
 * which somebody calls now and then.
 */
public final class RepeatedCauses {

  private static final int MOST_CAUSES = 100;
  private static final int MOST_SAMPLES = 3;
  private static final int LONGEST_TEXT = 300;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final String OTHERS = "other causes";

  private final Logger log;
  private final Time time;
  private final Object lock = new Object();
  private final Map<String, Window> windows = new LinkedHashMap<>();
  private long nextSweep;

  /** What has come of one cause since its last line. */
  private static final class Window {
    private final long opened;
    private final Level level;
    private final List<String> samples = new ArrayList<>();
    private long count;

    Window(long opened, Level level) {
      this.opened = opened;
      this.level = level;
    }

    void add(String sample) {
      count++;
      if (samples.size() < MOST_SAMPLES) {
        samples.add(sample);
      }
    }
  }

  private record Line(Level level, String cause, long count, Duration span, List<String> samples) {}

  public RepeatedCauses(Logger log, Time time) {
    this.log = log;
    this.time = time;
    this.nextSweep = time.nanoTime() + WINDOW.toNanos();
  }

  public void warn(String cause, String sample) {
    report(Level.WARN, cause, sample, null);
  }

  /** For what a person must see to. A cause has the level with which it was reported first. */
  public void error(String cause, String sample) {
    report(Level.ERROR, cause, sample, null);
  }

  /** As {@link #warn(String, String)}; the first of a cause is logged with its stack. */
  public void warn(String cause, String sample, Throwable thrown) {
    report(Level.WARN, cause, sample, thrown);
  }

  private void report(Level level, String cause, String sample, @Nullable Throwable thrown) {
    List<Line> due;
    boolean first = false;
    synchronized (lock) {
      due = sweep();
      var window = windows.get(bounded(cause));
      if (window == null && windows.size() >= MOST_CAUSES) {
        // Not logged at once: what brings a hundred causes a minute would bring a thousand.
        windows.computeIfAbsent(OTHERS, _ -> new Window(time.nanoTime(), Level.WARN));
        window = windows.get(OTHERS);
      }
      if (window == null) {
        windows.put(bounded(cause), new Window(time.nanoTime(), level));
        first = true;
      } else {
        window.add(bounded(sample));
      }
    }
    due.forEach(this::write);
    if (first) {
      log.atLevel(level).setCause(thrown).log("{}: {}", bounded(cause), bounded(sample));
    }
  }

  /** Writes the lines of causes whose minute is over. */
  public void flushDue() {
    List<Line> due;
    synchronized (lock) {
      due = sweep();
    }
    due.forEach(this::write);
  }

  /** Writes all that has not been written, before the end of the process. */
  public void flush() {
    List<Line> due;
    synchronized (lock) {
      long now = time.nanoTime();
      due = new ArrayList<>();
      windows.forEach((cause, window) -> add(due, cause, window, now));
      windows.clear();
    }
    due.forEach(this::write);
  }

  /** Ends the windows that are over: a cause that came again gets a new one, a quiet one ends. */
  private List<Line> sweep() {
    long now = time.nanoTime();
    if (now - nextSweep < 0) {
      return List.of();
    }
    var due = new ArrayList<Line>();
    long earliest = now + WINDOW.toNanos();
    for (var entry : List.copyOf(windows.entrySet())) {
      var window = entry.getValue();
      long end = window.opened + WINDOW.toNanos();
      if (now - end < 0) {
        earliest = Math.min(earliest, end);
      } else if (window.count == 0) {
        windows.remove(entry.getKey());
      } else {
        add(due, entry.getKey(), window, now);
        windows.put(entry.getKey(), new Window(now, window.level));
      }
    }
    nextSweep = earliest;
    return due;
  }

  private static void add(List<Line> due, String cause, Window window, long now) {
    if (window.count > 0) {
      var span = Duration.ofNanos(now - window.opened);
      due.add(new Line(window.level, cause, window.count, span, List.copyOf(window.samples)));
    }
  }

  private void write(Line line) {
    log.atLevel(line.level())
        .log(
            "{}: {} more in {} s, as {}",
            line.cause(),
            line.count(),
            line.span().toSeconds(),
            String.join(" | ", line.samples()));
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
