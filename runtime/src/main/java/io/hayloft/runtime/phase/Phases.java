package io.hayloft.runtime.phase;

import io.hayloft.runtime.time.Time;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long one request has waited, and for whom. Whoever answers it has it counted; whoever lets it
 * wait says so with {@link #begin}, knowing nothing of the request. A wait within another one is
 * part of that. Waits of threads that a request starts are not its own.
 */
public final class Phases {

  private static final ScopedValue<Phases> PRESENT = ScopedValue.newInstance();

  private final Time time;
  private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private boolean isWaiting;

  public Phases(Time time) {
    this.time = time;
  }

  /** Waiting for somebody; ends when it is closed, by the thread that began it. */
  public static final class Wait implements AutoCloseable {

    private static final Wait OF_NOBODY = new Wait(null, Phase.DATABASE, 0);

    private final @Nullable Phases phases;
    private final Phase phase;
    private final long started;

    private Wait(@Nullable Phases phases, Phase phase, long started) {
      this.phases = phases;
      this.phase = phase;
      this.started = started;
    }

    @Override
    public void close() {
      if (phases != null) {
        phases.waited(phase, phases.time.nanoTime() - started);
        phases.isWaiting = false;
      }
    }
  }

  /** What the calling thread is about to do counts as waiting, where it is for a request. */
  public static Wait begin(Phase phase) {
    if (!PRESENT.isBound()) {
      return Wait.OF_NOBODY;
    }
    var phases = PRESENT.get();
    if (phases.isWaiting) {
      return Wait.OF_NOBODY;
    }
    phases.isWaiting = true;
    return new Wait(phases, phase, phases.time.nanoTime());
  }

  /** Counts a wait of which no thread knew while it lasted. */
  public void waited(Phase phase, long waitedNanos) {
    nanos.merge(phase, waitedNanos, Long::sum);
  }

  /** Does something whose waits, on this thread, are counted here. */
  public <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> body) throws X {
    return ScopedValue.where(PRESENT, this).call(body);
  }

  public long nanos(Phase phase) {
    return nanos.getOrDefault(phase, 0L);
  }
}
