package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;
import io.hayloft.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long the parts of a command took, for clients that ask with {@code debug_profile}. */
final class Profile {

  private final Time time;
  private final List<Point> points = new ArrayList<>();

  private record Point(String name, long startedNanos) {}

  /** The first part, {@code begin}, starts now. */
  Profile(Time time) {
    this.time = time;
    point("begin");
  }

  /** Ends the present part; another starts. */
  void point(String name) {
    points.add(new Point(name, time.nanoTime()));
  }

  /** Ends the last part and adds all with their times in seconds. */
  void addTo(Reply.Builder reply) {
    point("end");
    int parts = points.size() - 1;
    reply.with("profpoints", parts);
    for (int i = 0; i < parts; i++) {
      long nanos = points.get(i + 1).startedNanos() - points.get(i).startedNanos();
      reply.with("prof_" + (i + 1) + "_name", points.get(i).name());
      reply.with("prof_" + (i + 1) + "_time", String.format(Locale.ROOT, "%.3f", nanos / 1e9));
    }
  }
}
