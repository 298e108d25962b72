package io.hayloft.bench.loop;

import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Clients whose operations begin by the clock, whatever becomes of those before: all on the thread
 * that calls {@link #run}. Latency counts from the moment an operation was due, so a server that
 * keeps everybody waiting for a second is seen to do so by all who came in that second, and not
 * only by those that happened to be under way.
 *
 * <p>The crowd is bounded: each connection has one operation under way. While all are taken,
 * operations wait for one to come free, and their time runs; who has waited for longer than a
 * client would is not sent at all ({@link Ending#UNSENT}). Connections take turns, so all of them
 * are used.
 */
public final class OpenLoop implements AutoCloseable {

  /** After the last operation has begun: who has had no answer then gets none. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** Before answers are looked at again, when many operations are due. */
  private static final int BURST = 64;

  /** The kernel's selector counts in these, and would oversleep. */
  private static final long MILLI = 1_000_000;

  /** As long may an answer lie there when the next operation is due soon. */
  private static final long NAP = 100_000;

  private final Time time;
  private final Selector selector;
  private final List<Turn> turns = new ArrayList<>();
  private final Deque<Turn> free = new ArrayDeque<>();
  private final Answer answer = new Answer();
  private final Consumer<SelectionKey> ready = this::ready;
  private @Nullable Run run;
  private int lost;

  /**
   * Who asks.
   *
   * @param tracker whom
   * @param connections how many clients there are
   * @param patience how long an operation may wait to be begun
   */
  public record Crowd(InetSocketAddress tracker, int connections, Duration patience) {}

  private final Crowd crowd;

  private static final class Run {

    private final Course course;
    private final Schedule schedule;
    private final Ledger ledger;
    private final long begun;
    private long due;
    private int underWay;

    Run(Course course, Schedule schedule, Ledger ledger, long begun) {
      this.course = course;
      this.schedule = schedule;
      this.ledger = ledger;
      this.begun = begun;
      this.due = schedule.next();
    }

    boolean isOver() {
      return due == Schedule.OVER;
    }
  }

  private OpenLoop(Crowd crowd, Time time) throws IOException {
    this.crowd = crowd;
    this.time = time;
    this.selector = Selector.open();
  }

  /** Connects all clients, one after the other. */
  public static OpenLoop open(Crowd crowd, Time time) {
    try {
      var loop = new OpenLoop(crowd, time);
      try {
        boolean isHere = crowd.tracker().getAddress().isLoopbackAddress();
        for (int client = 0; client < crowd.connections(); client++) {
          var source = isHere ? SourceAddress.of(client) : null;
          loop.turns.add(new Turn(client, source, crowd.tracker(), loop.selector));
        }
        loop.free.addAll(loop.turns);
        return loop;
      } catch (IOException | RuntimeException e) {
        loop.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect " + crowd.connections() + " clients", e);
    }
  }

  /**
   * Begins operations when they are due; returns when the last one has ended.
   *
   * @throws IllegalStateException when an answer was wrong
   */
  public void run(Course course, Schedule schedule, Ledger ledger) throws InterruptedException {
    var current = new Run(course, schedule, ledger, time.nanoTime());
    run = current;
    try {
      while (!current.isOver() || current.underWay > 0) {
        boolean waitsForClients = beginWhatIsDue(current);
        if (!await(current, waitsForClients)) {
          loseAll(current);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      run = null;
    }
  }

  /** How many connections have ended before their time; they are not opened again. */
  public int lost() {
    return lost;
  }

  /** Whether operations are left that are due and find no client free. */
  private boolean beginWhatIsDue(Run current) {
    long now = time.nanoTime() - current.begun;
    for (int i = 0; i < BURST && !current.isOver() && current.due <= now; i++) {
      long lag = now - current.due;
      if (lag > crowd.patience().toNanos()) {
        current.ledger.ended(current.course.skip(), Ending.UNSENT, current.due, lag);
      } else {
        var turn = free.poll();
        if (turn == null) {
          return true;
        }
        begin(current, turn, lag);
      }
      current.due = current.schedule.next();
    }
    return false;
  }

  private void begin(Run current, Turn turn, long lag) {
    if (!current.course.begin(turn)) {
      throw new IllegalStateException("an operation is due, and there is none");
    }
    current.ledger.begun(current.due, lag);
    turn.begin(current.due);
    current.underWay++;
    send(turn);
  }

  private void send(Turn turn) {
    try {
      turn.send();
    } catch (IOException gone) {
      lose(turn);
    }
  }

  /**
   * Looks after answers until the next operation is due.
   *
   * @return false when answers are awaited, and nothing came for very long
   */
  private boolean await(Run current, boolean waitsForClients)
      throws IOException, InterruptedException {
    if (current.isOver()) {
      return current.underWay == 0 || selector.select(ready, SILENCE.toMillis()) > 0;
    }
    if (waitsForClients) {
      if (free.isEmpty() && current.underWay == 0) {
        throw new IllegalStateException("all connections have ended");
      }
      selector.select(ready, 1);
      return true;
    }
    long left = current.begun + current.due - time.nanoTime();
    if (left >= 2 * MILLI) {
      selector.select(ready, left / MILLI - 1);
    } else if (selector.selectNow(ready) == 0 && left > 0) {
      time.sleep(Duration.ofNanos(Math.min(left, NAP)));
    }
    return true;
  }

  private void ready(SelectionKey key) {
    var wire = (Wire) key.attachment();
    try {
      if (key.isWritable()) {
        wire.flush();
      }
      if (key.isReadable() && wire.receive(answer)) {
        answered(wire.turn());
      }
    } catch (IOException ended) {
      lose(wire.turn());
    }
  }

  private void answered(Turn turn) {
    var current = run;
    if (current == null) {
      throw answer.wrong("nothing is being asked");
    }
    boolean isOver;
    try {
      isOver = current.course.answered(turn, answer);
    } catch (UncheckedIOException unreachable) {
      // A storage node; the tracker's connection is well.
      end(current, turn, Ending.LOST);
      return;
    }
    if (isOver) {
      end(current, turn, current.course.ending(turn));
    } else {
      send(turn);
    }
  }

  private void end(Run current, Turn turn, Ending ending) {
    tell(current, turn, ending);
    turn.rest();
    free.add(turn);
  }

  private void tell(Run current, Turn turn, Ending ending) {
    long took = time.nanoTime() - current.begun - turn.begun();
    current.ledger.ended(current.course.kind(turn), ending, turn.begun(), Math.max(0, took));
    current.underWay--;
  }

  /** One of its connections has ended, so the client is not used any more. */
  private void lose(Turn turn) {
    var current = run;
    if (!turns.remove(turn)) {
      return;
    }
    lost++;
    if (!free.remove(turn) && current != null) {
      tell(current, turn, Ending.LOST);
    }
    turn.close();
  }

  private void loseAll(Run current) {
    var silent = new ArrayList<>(turns);
    silent.removeAll(free);
    silent.forEach(this::lose);
    if (current.underWay > 0) {
      throw new IllegalStateException(current.underWay + " operations under way, and no client");
    }
  }

  @Override
  public void close() {
    turns.forEach(Turn::close);
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
