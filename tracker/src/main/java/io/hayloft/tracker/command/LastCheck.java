package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.store.FsckRunStore;
import io.hayloft.tracker.store.FsckRunStore.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When all files and their copies were checked last, and what came of it.
 *
 * @param running whether a check is under way now
 * @param run the newest whole run; empty where there was none, or its report is not kept
 * @param ended in unix time; 0 where there was none
 */
record LastCheck(boolean running, Optional<Run> run, long ended, long now) {

  /** A check once a week at least is what the schedule of a new installation does twice over. */
  private static final Duration LONG_AGO = Duration.ofDays(7);

  /** How many of the newest runs are looked at; in between may be such of single devices. */
  private static final int NEWEST = 20;

  static LastCheck of(ServerSettings settings, FsckRunStore store, long now) {
    var newest = store.runs(NEWEST);
    var whole = newest.stream().filter(Run::isWhole).findFirst();
    // What a MogileFS tracker checked before it was taken over has left its time and no report.
    long before = newest.isEmpty() ? settings.number("fsck_stop_time", 0) : 0;
    boolean running = settings.get("fsck_host").isPresent();
    return new LastCheck(
        running, whole, whole.map(run -> run.times().ended()).orElse(running ? 0 : before), now);
  }

  /** What to do about it; empty when all files were checked of late, or are being checked. */
  List<String> advice() {
    var advice = new ArrayList<String>();
    long lost = run.map(each -> each.tally().lost()).orElse(0L);
    if (lost > 0) {
      advice.add(
          "%d files had no good copy when all were checked last; their names: hayloft fsck report %d"
              .formatted(lost, run.orElseThrow().number()));
    }
    long days = Duration.ofSeconds(now - ended).toDays();
    if (ended == 0 && !running) {
      advice.add("the files were never checked as a whole: hayloft fsck start --quick");
    } else if (days > LONG_AGO.toDays() && !running) {
      advice.add(
          "the files were last checked as a whole %d days ago: hayloft fsck start --quick"
              .formatted(days));
    }
    return List.copyOf(advice);
  }

  void addTo(Reply.Builder reply) {
    reply.with("fsck_running", running ? 1 : 0).with("fsck_last_ended", ended);
    run.ifPresent(
        each -> {
          var tally = each.tally();
          reply
              .with("fsck_last_run", each.number())
              .with("fsck_last_depth", each.origin().terms().depth().word())
              .with("fsck_last_checked", tally.checked())
              .with(
                  "fsck_last_events",
                  tally.events().values().stream().mapToLong(Long::longValue).sum())
              .with("fsck_last_lost", tally.lost())
              .with("fsck_last_stalled", tally.stalled())
              .with("fsck_last_orphans", tally.orphans().found());
        });
  }
}
