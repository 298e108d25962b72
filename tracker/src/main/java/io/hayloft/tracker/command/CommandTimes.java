package io.hayloft.tracker.command;

import io.hayloft.protocol.Reply;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How often a command was answered, how, and what that took. Keeps its meters: to look one up by
 * its name and tags costs more than answering a simple request.
 */
final class CommandTimes {

  private final String command;
  private final MeterRegistry meters;
  private final Map<String, Timer> byOutcome = new ConcurrentHashMap<>();

  CommandTimes(String command, MeterRegistry meters) {
    this.command = command;
    this.meters = meters;
  }

  void record(Reply reply, long nanos) {
    var outcome =
        switch (reply) {
          case Reply.Ok ok -> "ok";
          case Reply.Err err -> err.code();
        };
    var timer = byOutcome.get(outcome);
    if (timer == null) {
      timer = byOutcome.computeIfAbsent(outcome, this::timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(String outcome) {
    return meters.timer("hayloft.tracker.request", "command", command, "outcome", outcome);
  }
}
