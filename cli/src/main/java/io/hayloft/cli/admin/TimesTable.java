package io.hayloft.cli.admin;

import io.hayloft.cli.console.Json;
import io.hayloft.cli.console.Table;
import io.hayloft.client.TimeSpent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a tracker's time went into: what costs most is on top, and the next thing to improve. */
final class TimesTable {

  private static final int MOST = 12;
  private static final int LONGEST_NAME = 100;

  private TimesTable() {}

  /** Times of one kind, with their shares of all of that kind. */
  static List<String> lines(String kind, List<TimeSpent> times) {
    var ofKind = times.stream().filter(time -> time.kind().equals(kind)).toList();
    double all = ofKind.stream().mapToDouble(TimeSpent::seconds).sum();
    return new Table<TimeSpent>()
        .words("count", "count", time -> "%,d".formatted(time.count()))
        .words("seconds", "seconds", time -> number("%,.1f", time.seconds()))
        .words("share", "share", time -> percent(time.seconds(), all))
        .words("mean ms", "mean ms", time -> number("%,.3f", 1000 * time.meanSeconds()))
        .words("waiting", "waiting", time -> percent(time.waiting(), time.seconds()))
        .words(kind, kind, time -> shortened(time.name()))
        .lines(ofKind.stream().limit(MOST).toList());
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String percent(double part, double whole) {
    return whole <= 0 ? "-" : number("%.1f %%", 100 * part / whole);
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }

  static Map<String, @Nullable Object> json(TimeSpent time) {
    return Json.object(
        "kind", time.kind(),
        "name", time.name(),
        "count", time.count(),
        "seconds", time.seconds(),
        "waiting_seconds", time.waiting());
  }
}
