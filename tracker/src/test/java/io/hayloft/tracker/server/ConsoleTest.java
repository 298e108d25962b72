package io.hayloft.tracker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.command.Jobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  private final FakeJobs jobs = new FakeJobs();
  private final List<Runnable> started = new ArrayList<>();
  private final RequestQueue queue =
      new RequestQueue(started::add, Time.system(), 2, 10, Duration.ofMinutes(1));
  private final Recent recent = new Recent();
  private final Counts counts = new Counts();
  private final Watchers watchers = new Watchers();
  private final AtomicInteger shutdowns = new AtomicInteger();
  private final Console console =
      new Console(
          jobs,
          queue,
          new Console.Desk(
              recent,
              watchers,
              counts,
              new Times(new SimpleMeterRegistry()),
              shutdowns::incrementAndGet),
          Time.system());
  private final Operator operator = new Operator();

  private static final class Operator implements Visitor {
    private final List<String> told = new ArrayList<>();

    @Override
    public String ip() {
      return "10.0.0.9";
    }

    @Override
    public void tell(String line) {
      told.add(line);
    }
  }

  private String ask(String line) {
    return console.answer(line, operator);
  }

  private static String wire(String lines) {
    return lines.replace("\n", "\r\n");
  }

  private void submit(String line) {
    assertThat(queue.submit(new RequestQueue.Ticket("10.0.0.1", line, began -> {}))).isTrue();
  }

  @Test
  void onlyAMarkWithAWordIsForTheConsole() {
    assertThat(Console.isFor("!stats")).isTrue();
    assertThat(Console.isFor("!")).isFalse();
    assertThat(Console.isFor("! stats")).isFalse();
    assertThat(Console.isFor("stats")).isFalse();
  }

  @Test
  void statsCountWhatWaitsAndRuns() {
    queue.open();
    counts.countRequest();
    submit("a");
    submit("b");
    submit("c");

    assertThat(ask("!stats"))
        .matches(
            wire(
                """
                uptime \\d+
                pending_queries 1
                processing_queries 2
                bored_queryworkers 0
                queries 1
                times_out_of_qworkers 1
                \\.
                """));
  }

  @Test
  void countersThatNeverCountedAreNotListed() {
    queue.open();

    assertThat(ask("!stats"))
        .matches(
            wire(
                """
                uptime \\d+
                pending_queries 0
                processing_queries 0
                bored_queryworkers 2
                \\.
                """));
  }

  @Test
  void whatJobsTookFromTheirQueuesIsCounted() {
    jobs.loads.put("replicate", new Jobs.Load(3, 40));
    jobs.loads.put("delete", new Jobs.Load(0, 7));
    counts.countRequest();

    assertThat(ask("!stats"))
        .endsWith(
            wire(
                """
                queries 1
                work_queue_for_delete 0
                work_queue_for_replicate 3
                work_sent_to_delete 7
                work_sent_to_replicate 40
                .
                """));
  }

  @Test
  void jobsAreListedWithTheirWorkers() {
    assertThat(ask("!jobs"))
        .isEqualTo(
            wire(
                """
                delete count 1
                delete desired 1
                delete pids 4
                monitor count 1
                monitor desired 1
                monitor pids 2
                replicate count 2
                replicate desired 3
                replicate pids 7 11
                .
                """));
    assertThat(ask("!jobsxyz")).isEqualTo(ask("!jobs"));
    assertThat(ask("!statsxyz")).startsWith("Commands:");
  }

  @Test
  void wantSetsHowManyWorkersAJobHas() {
    queue.open();

    assertThat(ask("!want 0 replicate"))
        .isEqualTo("Now desiring 0 children doing 'replicate'.\r\n.\r\n");
    assertThat(jobs.crews()).containsEntry("replicate", new Jobs.Staff(0, List.of(7L, 11L)));
    for (var many : List.of("501", "9999", "99999999999999999999999")) {
      assertThat(ask("!want " + many + " delete"))
          .isEqualTo("Now desiring 500 children doing 'delete'.\r\n.\r\n");
    }
    assertThat(ask("!want 1 cooking"))
        .isEqualTo(
            "ERROR: Invalid class 'cooking'.  Valid classes: delete, monitor, replicate\r\n.\r\n");
    assertThat(ask("!want replicate")).isEqualTo("ERROR: usage: !want <count> <jobclass>\r\n.\r\n");
    assertThat(ask("!want -1 replicate")).startsWith("ERROR: usage");
  }

  @Test
  void wantIsRefusedBeforeTheFirstRoundOfTheMonitor() {
    assertThat(ask("!want 1 delete"))
        .isEqualTo("ERROR: Monitor has not completed initial run yet\r\n\r\n.\r\n");
  }

  @Test
  void messagesReachTheWorkersOfAJob() {
    assertThat(ask("!to replicate :wake_up")).isEqualTo("Message sent to 2 children.\r\n.\r\n");
    assertThat(jobs.sent).containsExactly("replicate :wake_up");
    assertThat(ask("!to nobody :wake_up")).isEqualTo("Message sent to 0 children.\r\n.\r\n");
    assertThat(ask("!to replicate")).isEqualTo("ERROR: usage: !to <jobclass> <message>\r\n.\r\n");
  }

  @Test
  void queueShowsWhoWaitsForWhat() {
    submit("delete domain=d&key=k");
    submit("noop");

    var expected = "10.0.0.1 delete domain=d&key=k\r\n10.0.0.1 noop\r\n.\r\n";
    assertThat(ask("!queue")).isEqualTo(expected);
    assertThat(ask("!pending")).isEqualTo(expected);
  }

  @Test
  void recentShowsTheLastFiftyOldestFirst() {
    for (int i = 0; i < 60; i++) {
      recent.add("10.0.0.1", "noop callid=" + i, 1_234_567, 200_000);
    }

    var lines = ask("!recent").split("\r\n");
    assertThat(lines).hasSize(51);
    assertThat(lines[0]).isEqualTo("10.0.0.1 noop callid=10 0.0012 0.0002");
    assertThat(lines[50]).isEqualTo(".");
  }

  @Test
  void watchIsSwitchedOnAndOff() {
    assertThat(ask("!watch")).isEqualTo("Added you to watcher list.\r\n.\r\n");
    watchers.tell("two\r\nlines");
    assertThat(operator.told).containsExactly(":: two lines");

    assertThat(ask("!watch")).isEqualTo("Removed you from watcher list.\r\n.\r\n");
    watchers.tell("more");
    assertThat(operator.told).hasSize(1);
  }

  @Test
  void whatIsToldHasABound() {
    ask("!watch");
    watchers.tell("x".repeat(1_000_000));

    assertThat(operator.told.getFirst().length()).isLessThan(2100);
  }

  @Test
  void onlySoManyMayWatch() {
    var others = IntStream.range(0, Watchers.MOST).mapToObj(i -> new Operator()).toList();
    others.forEach(each -> console.answer("!watch", each));

    assertThat(ask("!watch")).isEqualTo("ERROR: too many are watching already\r\n.\r\n");
    watchers.left(others.getFirst());
    assertThat(ask("!watch")).isEqualTo("Added you to watcher list.\r\n.\r\n");
  }

  @Test
  void longRequestIsShownInPart() {
    submit("x".repeat(1_000_000));

    assertThat(ask("!queue").length()).isLessThan(1100);
  }

  @Test
  void timesAreNeverNegative() {
    recent.add("10.0.0.1", "noop", -20_000, -1);

    assertThat(ask("!recent")).isEqualTo("10.0.0.1 noop 0.0000 0.0000\r\n.\r\n");
  }

  @Test
  void wordsMayHaveAnythingBehindThem() {
    for (var word : List.of("queue", "pend", "recent", "jobs", "version")) {
      assertThat(ask("!" + word + "xyz")).isEqualTo(ask("!" + word));
    }
    assertThat(ask("!shutdownNow")).isEqualTo(".\r\n");
    for (var word : List.of("replication", "help", "stat", "STATS", "\0", "q", "!")) {
      assertThat(ask("!" + word)).startsWith("Commands:\r\n").endsWith("\r\n.\r\n");
    }
  }

  @Test
  void versionIsADottedNumber() {
    assertThat(ask("!version")).isEqualTo("2.73\r\n.\r\n");
  }

  @Test
  void shutdownIsPassedOn() {
    assertThat(ask("!shutdown")).isEqualTo(".\r\n");
    assertThat(shutdowns).hasValue(1);
  }
}
