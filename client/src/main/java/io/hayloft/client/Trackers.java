package io.hayloft.client;

import io.hayloft.client.net.Deadline;
import io.hayloft.client.net.World;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import java.io.Closeable;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All the trackers of an installation, any of which can answer any command. Asks one after the
 * other until one answers, the time is up, or the command may not be sent again.
 */
final class Trackers implements Closeable {

  /** Which tracker is asked first. */
  enum Order {
    /** Each in its turn, to spread the work. */
    ROTATE,
    /**
     * The one that answered last, because it knows at once what was changed through it; the others
     * may take some seconds.
     */
    STICK
  }

  private static final Logger log = LoggerFactory.getLogger(Trackers.class);
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(100);

  private final List<TrackerPool> pools;
  private final ClientSettings settings;
  private final Order order;
  private final World world;
  private final AtomicInteger first;
  private final AtomicLong calls = new AtomicLong();
  private final String callidPrefix;

  Trackers(ClientSettings settings, Order order) {
    this.settings = settings;
    this.order = order;
    this.world = settings.world();
    this.pools =
        settings.trackers().stream()
            .map(each -> new TrackerPool(each, settings.timeouts(), settings.limits(), world))
            .toList();
    this.first = new AtomicInteger(world.below(pools.size()));
    this.callidPrefix = Integer.toString(world.below(Integer.MAX_VALUE), 36) + "-";
  }

  /**
   * Sends a command and returns the first reply worth having. An overloaded tracker, and for
   * commands that may be repeated also one whose database fails, is passed over for another.
   */
  Answer call(Call call) throws HayloftException {
    boolean slow = call.patience() == Call.Patience.SLOW;
    var timeouts = settings.timeouts();
    var replyTime = slow ? timeouts.slowReply() : timeouts.reply();
    var deadline =
        Deadline.after(
            world, slow ? timeouts.slowReply().plus(timeouts.overall()) : timeouts.overall());
    var failures = new Failures(call);
    for (int round = 0; round < settings.limits().rounds() && !deadline.passed(); round++) {
      if (round > 0) {
        pause(failures);
      }
      for (var pool : inOrder()) {
        if (deadline.passed()) {
          break;
        }
        try {
          var request = call.request(callidPrefix + calls.incrementAndGet());
          var reply = pool.exchange(request, call.replay(), deadline.within(replyTime));
          var answer = new Answer(reply, pool.address(), failures.doubtful);
          if (!worthAsking(call, reply)) {
            prefer(pool);
            return answer;
          }
          failures.refused = Optional.of(answer);
        } catch (ExchangeFailedException e) {
          failures.add(pool, e);
        }
      }
    }
    if (failures.refused.isPresent() && !failures.unsettled()) {
      return failures.refused.get();
    }
    throw failures.asException();
  }

  /** Whether this refusal is a reason to ask another tracker. */
  private static boolean worthAsking(Call call, Reply reply) {
    if (!(reply instanceof Reply.Err err)) {
      return false;
    }
    // An overloaded tracker refuses before it looks at the command, so anything may be sent again.
    if (err.code().equals(ErrorCode.BUSY.wire())) {
      return true;
    }
    return call.replay() == Call.Replay.ALWAYS
        && (err.code().equals(ErrorCode.DB.wire()) || err.code().equals(ErrorCode.FAILURE.wire()));
  }

  private void pause(Failures failures) throws HayloftException {
    try {
      world.pause(BETWEEN_ROUNDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.interrupted(e);
    }
  }

  /** Those not resting first, each part from the first tracker on. */
  private List<TrackerPool> inOrder() {
    int start = order == Order.ROTATE ? first.getAndIncrement() : first.get();
    var awake = new ArrayList<TrackerPool>();
    var resting = new ArrayList<TrackerPool>();
    for (int i = 0; i < pools.size(); i++) {
      var pool = pools.get(Math.floorMod(start + i, pools.size()));
      (pool.resting() ? resting : awake).add(pool);
    }
    awake.addAll(resting);
    return awake;
  }

  private void prefer(TrackerPool pool) {
    if (order == Order.STICK) {
      first.set(pools.indexOf(pool));
    }
  }

  @Override
  public void close() {
    pools.forEach(TrackerPool::close);
  }

  /** What went wrong on the way to an answer. */
  private static final class Failures {

    private final Call call;
    private final List<String> seen = new ArrayList<>();
    private Optional<Answer> refused = Optional.empty();
    private Optional<ExchangeFailedException> last = Optional.empty();
    private boolean doubtful;

    Failures(Call call) {
      this.call = call;
    }

    void add(TrackerPool pool, ExchangeFailedException e) throws HayloftException {
      log.debug("{} failed on tracker {}", call.command(), pool.address(), e);
      seen.add(pool.address() + ": " + e.getMessage());
      last = Optional.of(e);
      doubtful |= e.maybeProcessed();
      if (e.getCause() instanceof InterruptedIOException interrupted) {
        throw interrupted(interrupted);
      }
      if (doubtful && call.replay() == Call.Replay.UNTIL_SENT) {
        throw asException();
      }
    }

    /** Whether something may have been changed by a sending whose answer is lost. */
    boolean unsettled() {
      return doubtful && call.replay() != Call.Replay.ALWAYS;
    }

    HayloftException interrupted(Exception cause) {
      return unsettled()
          ? unknown(cause)
          : new HayloftException(
              call.command() + " was given up: the thread was interrupted",
              HayloftException.Origin.of(call.command()),
              true,
              cause);
    }

    HayloftException asException() {
      if (unsettled()) {
        return unknown(last.orElseThrow());
      }
      var unreachable =
          new UnreachableException(
              "no tracker answered "
                  + call.command()
                  + " ("
                  + String.join("; ", seen)
                  + "). Check that the trackers run and that their addresses are right",
              HayloftException.Origin.of(call.command()));
      last.ifPresent(unreachable::initCause);
      return unreachable;
    }

    private OutcomeUnknownException unknown(Exception cause) {
      return new OutcomeUnknownException(
          call.command()
              + " was sent but its answer is lost ("
              + String.join("; ", seen)
              + "). It may have been carried out: look before you repeat it",
          HayloftException.Origin.of(call.command()),
          false,
          cause);
    }
  }
}
