package io.hayloft.cli.admin;

import io.hayloft.cli.console.Amounts;
import io.hayloft.client.HayloftAdmin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A job that moves files, as a tracker tells of it: the words of {@code hayloft_move_status}. */
record MoveJobInfo(Map<String, String> values) {

  /** All that a reply tells of, newest first. */
  static List<MoveJobInfo> all(HayloftAdmin admin) throws IOException {
    return of(admin.ask("hayloft_move_status", Map.of()));
  }

  static MoveJobInfo one(HayloftAdmin admin, String id) throws IOException {
    return of(admin.ask("hayloft_move_status", Map.of("job", id))).getFirst();
  }

  private static List<MoveJobInfo> of(Map<String, String> reply) {
    var jobs = new ArrayList<MoveJobInfo>();
    for (int i = 1; i <= Integer.parseInt(reply.getOrDefault("jobs", "0")); i++) {
      var prefix = "job" + i + "_";
      var values = new TreeMap<String, String>();
      reply.forEach(
          (name, value) -> {
            if (name.startsWith(prefix)) {
              values.put(name.substring(prefix.length()), value);
            }
          });
      jobs.add(new MoveJobInfo(values));
    }
    return jobs;
  }

  private String text(String name) {
    return values.getOrDefault(name, "");
  }

  long number(String name) {
    var text = text(name);
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  String id() {
    return text("id");
  }

  String state() {
    return text("state");
  }

  String note() {
    return text("note");
  }

  boolean isActive() {
    return state().equals("running") || state().equals("paused");
  }

  boolean isEven() {
    return text("kind").equals("even");
  }

  boolean empties(int device) {
    return text("kind").equals("drain") && number("devid") == device;
  }

  String title() {
    return isEven() ? "even" : "drain of dev" + text("devid");
  }

  /** One line for people, and a second one where there is something to say. */
  List<String> lines() {
    var line = new StringBuilder();
    line.append("job ").append(id()).append(", ").append(title()).append(": ").append(state());
    line.append(", ").append(Amounts.count(number("files_moved"), "file")).append(" moved (");
    line.append(Amounts.bytes((double) number("bytes_moved"))).append(')');
    if (isActive()) {
      line.append(", ")
          .append(
              isEven()
                  ? Amounts.bytes((double) number("bytes_left"))
                  : Amounts.count(number("files_left")))
          .append(" left");
      if (state().equals("running")) {
        line.append(
            String.format(
                Locale.ROOT,
                ", %s/s, %s/s",
                text("files_rate"),
                Amounts.bytes((double) number("bytes_rate"))));
        if (!text("seconds_left").isEmpty()) {
          line.append(", ")
              .append(Amounts.time(Duration.ofSeconds(number("seconds_left"))))
              .append(" to go");
        }
      }
      if (number("rate") > 0) {
        line.append(", at most ").append(Amounts.bytes((double) number("rate"))).append("/s");
      }
    }
    return note().isEmpty() ? List.of(line.toString()) : List.of(line.toString(), "  " + note());
  }
}
