package io.hayloft.tracker.command;

import static java.util.Map.entry;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.runtime.task.Tasks;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Commands about the tracker itself: is it there, does it see what is new. */
final class CareCommands {

  static final String NOOP = "noop";
  static final String SLEEP = "sleep";

  private static final long SLEEP_SECONDS = 10;

  /** Longer sleeps would only serve to keep others from being answered. */
  private static final long MAX_SLEEP_SECONDS = 25;

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(25);

  private final Backend backend;
  private final World world;

  CareCommands(Backend backend, World world) {
    this.backend = backend;
    this.world = world;
  }

  Map<String, Command> table() {
    return Map.ofEntries(
        entry(NOOP, call -> Reply.ok().build()),
        entry("test", this::test),
        entry(SLEEP, this::sleep),
        entry("clear_cache", this::clearCache),
        entry("do_monitor_round", this::doMonitorRound),
        entry("replicate_now", this::replicateNow));
  }

  Map<String, Glance> glances() {
    return Map.of(NOOP, call -> Optional.of(Reply.ok().build()));
  }

  /** For test suites that want to see a command fail without harm to the server. */
  private Reply test(Call call) {
    if (call.flag("crash")) {
      throw new IllegalStateException("a client asked for a failure (test crash=1)");
    }
    return Reply.ok().build();
  }

  private Reply sleep(Call call) throws InterruptedException {
    long asked = call.flag("duration") ? call.arguments().number("duration") : SLEEP_SECONDS;
    world.time().sleep(Duration.ofSeconds(Math.clamp(asked, 0, MAX_SLEEP_SECONDS)));
    return Reply.ok().build();
  }

  private Reply clearCache(Call call) throws InterruptedException {
    return await(backend.cluster()::refresh);
  }

  private Reply doMonitorRound(Call call) throws InterruptedException {
    return await(backend.cluster()::awaitRound);
  }

  /** An operator may have stopped the monitor; nobody shall wait for it for ever. */
  private Reply await(Tasks.Body round) throws InterruptedException {
    try {
      return world
          .tasks()
          .within(
              LONGEST_ROUND,
              () -> {
                round.run();
                return Reply.ok().build();
              });
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (TimeoutException e) {
      return Reply.err(
          ErrorCode.FAILURE, "The monitor is not done after " + LONGEST_ROUND.toSeconds() + " s");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Reply replicateNow(Call call) {
    int count = backend.stores().replication().wakeAll();
    backend.jobs().wake(Jobs.REPLICATE);
    return Reply.ok().with("count", count).build();
  }
}
