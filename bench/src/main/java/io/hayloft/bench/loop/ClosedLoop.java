package io.hayloft.bench.loop;

import io.hayloft.bench.measure.Latencies;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Clients that each begin an operation as soon as their last one is over, all on the thread that
 * calls {@link #run}. Latency is what a client sees: from a request being sent, in the kernel's
 * hands or not, until its answer was looked at.
 */
public final class ClosedLoop implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 30_000;

  private final Time time;
  private final Selector selector;
  private final List<Turn> turns = new ArrayList<>();
  private final Answer answer = new Answer();
  private final Consumer<SelectionKey> ready = this::ready;
  private @Nullable Run run;

  /** What a run has to know. */
  private static final class Run {

    private final Dialogue dialogue;
    private final long deadline;
    private final Latencies latencies = new Latencies();
    private int underWay;
    private long last;

    Run(Dialogue dialogue, long deadline) {
      this.dialogue = dialogue;
      this.deadline = deadline;
    }
  }

  private ClosedLoop(Time time) throws IOException {
    this.time = time;
    this.selector = Selector.open();
  }

  /** Connects so many clients. */
  public static ClosedLoop open(InetSocketAddress tracker, int clients, Time time) {
    try {
      var loop = new ClosedLoop(time);
      try {
        for (int client = 0; client < clients; client++) {
          loop.turns.add(new Turn(client, tracker, loop.selector));
        }
        return loop;
      } catch (IOException e) {
        loop.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect " + clients + " clients", e);
    }
  }

  /**
   * Begins operations until the time is over or the dialogue has no more; returns when the last one
   * has ended.
   *
   * @throws IllegalStateException when an answer was wrong, or did not come. The connections are in
   *     an unknown state then; all that can be done is to close them
   */
  public Outcome run(Dialogue dialogue, Duration length) {
    long begun = time.nanoTime();
    var current = new Run(dialogue, begun + length.toNanos());
    current.last = begun;
    run = current;
    try {
      for (int i = 0; i < turns.size(); i++) {
        begin(current, turns.get(i), begun);
      }
      while (current.underWay > 0) {
        if (selector.select(ready, PATIENCE_MILLIS) == 0) {
          throw new IllegalStateException(
              current.underWay + " requests were not answered in time, or this was interrupted");
        }
      }
      return new Outcome(current.latencies, current.last - begun);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      run = null;
    }
  }

  private static void begin(Run run, Turn turn, long now) throws IOException {
    if (now - run.deadline < 0 && run.dialogue.begin(turn)) {
      turn.begin(now);
      run.underWay++;
      turn.send();
    } else {
      turn.rest();
    }
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answered(Turn turn) throws IOException {
    var current = run;
    if (current == null) {
      throw answer.wrong("nothing is being asked");
    }
    if (current.dialogue.answered(turn, answer)) {
      long now = time.nanoTime();
      current.latencies.add(now - turn.begun());
      current.last = now;
      current.underWay--;
      begin(current, turn, now);
    } else {
      turn.send();
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
