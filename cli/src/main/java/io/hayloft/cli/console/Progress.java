package io.hayloft.cli.console;

import io.hayloft.runtime.time.Time;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a long job has come, on standard error. On a terminal it is one line that is drawn again;
 * elsewhere a line every few seconds, so that a log stays readable. Nothing at all is written for a
 * job that ends before the first line is due, except on a terminal.
 *
 * <p>Any thread may report. There is no timer: whoever reports draws, when a drawing is due, so a
 * job that waits must report {@link #tick} now and then.
 */
public final class Progress implements AutoCloseable {

  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int BAR = 20;

  /** What is counted, and how much of it there will be; 0 where that is not known. */
  public record Goal(String title, String noun, long items, long bytes) {

    public static Goal items(String title, String noun, long items) {
      return new Goal(title, noun, items, 0);
    }
  }

  private final Terminal terminal;
  private final Time time;
  private final Goal goal;
  private final boolean shown;
  private final long started;
  private final AtomicLong items = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lastDrawn;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Progress(Terminal terminal, Time time, Goal goal, boolean shown) {
    this.terminal = terminal;
    this.time = time;
    this.goal = goal;
    this.shown = shown;
    this.started = time.nanoTime();
    this.lastDrawn = new AtomicLong(started);
  }

  public static Progress start(Terminal terminal, Time time, Goal goal) {
    return new Progress(terminal, time, goal, true);
  }

  /** Counts, and shows nothing. */
  public static Progress silent(Terminal terminal, Time time, Goal goal) {
    return new Progress(terminal, time, goal, false);
  }

  public void addItem() {
    items.incrementAndGet();
    tick();
  }

  public void addBytes(long count) {
    bytes.addAndGet(count);
    tick();
  }

  /** For a job that looks now and then how far it has come; this may be less than before. */
  public void itemsAre(long count) {
    items.set(count);
    tick();
  }

  public long items() {
    return items.get();
  }

  public long bytes() {
    return bytes.get();
  }

  public Duration elapsed() {
    return time.since(started);
  }

  /** Draws when it is time to. */
  public void tick() {
    if (!shown || closed.get()) {
      return;
    }
    long now = time.nanoTime();
    long last = lastDrawn.get();
    long pause = terminal.interactive() ? REDRAW_NANOS : LINE_NANOS;
    if (now - last >= pause && lastDrawn.compareAndSet(last, now)) {
      draw(text());
    }
  }

  private void draw(String text) {
    if (terminal.interactive()) {
      terminal.err().print("\r" + fit(text) + "\u001b[K");
      terminal.err().flush();
    } else {
      terminal.note(text);
    }
  }

  private String fit(String text) {
    int room = Math.max(20, terminal.columns() - 1);
    return text.length() <= room ? text : text.substring(0, room);
  }

  @Override
  public void close() {
    end();
  }

  /** Ends the drawing; on a terminal the last state stays as a line. */
  public void end() {
    if (closed.compareAndSet(false, true) && shown && terminal.interactive()) {
      draw(text());
      terminal.err().print("\n");
      terminal.err().flush();
    }
  }

  String text() {
    var elapsed = elapsed();
    long done = items.get();
    long moved = bytes.get();
    var out = new StringBuilder(goal.title()).append("  ");
    double share = share(done, moved);
    if (share >= 0) {
      int full = (int) Math.round(share * BAR);
      out.append('[').append("#".repeat(full)).append(".".repeat(BAR - full)).append("]  ");
    }
    if (!goal.noun().isEmpty()) {
      out.append(Amounts.count(done));
      if (goal.items() > 0) {
        out.append('/').append(Amounts.count(goal.items()));
      }
      out.append(' ').append(goal.noun());
    }
    if (moved > 0) {
      out.append(goal.noun().isEmpty() ? "" : "  ")
          .append(Amounts.bytes((double) moved))
          .append("  ");
      out.append(Amounts.bytes(Amounts.rate((double) moved, elapsed))).append("/s");
    }
    if (done > 0 && goal.items() != 1) {
      out.append(String.format(Locale.ROOT, "  %,.0f/s", Amounts.rate((double) done, elapsed)));
    }
    if (share > 0 && share < 1) {
      var left = Duration.ofNanos((long) (elapsed.toNanos() * (1 - share) / share));
      out.append("  ").append(clock(left)).append(" left");
    }
    return out.toString();
  }

  /** Between 0 and 1, or -1 when the goal is not known. Bytes tell it better than items do. */
  private double share(long done, long moved) {
    if (goal.bytes() > 0) {
      return Math.min(1, (double) moved / goal.bytes());
    }
    return goal.items() > 0 ? Math.min(1, (double) done / goal.items()) : -1;
  }

  private static String clock(Duration left) {
    long seconds = left.toSeconds();
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : Amounts.time(left);
  }
}
