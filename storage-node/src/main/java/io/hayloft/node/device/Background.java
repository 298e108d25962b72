package io.hayloft.node.device;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Work on disks for which no client waits: listings, checks, tidying. It comes in pieces, each of
 * which runs on a lane of its disk, so that a disk that hangs holds up nobody else; a piece begins
 * when no client waits for the disk and few others work there, or after a while in any case.
 *
 * <p>For callers on threads that are cheap to block.
 */
public final class Background {

  /** How many threads may work for a disk when a piece begins. */
  private static final int FEW = 4;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(64);
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final DiskLanes lanes;
  private final Time time;

  public Background(DiskLanes lanes, Time time) {
    this.lanes = lanes;
    this.time = time;
  }

  /** A bounded piece of work: some milliseconds on a disk that is idle. */
  @FunctionalInterface
  public interface Piece<T> {
    T run() throws IOException;
  }

  /** Runs a piece when the disk has time for it, and waits for its end. */
  public <T> T run(DeviceId device, Piece<T> piece) throws IOException, InterruptedException {
    var result = new CompletableFuture<T>();
    begin(
        device,
        () -> {
          try {
            result.complete(piece.run());
          } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private void begin(DeviceId device, Runnable work) throws InterruptedException {
    long since = time.nanoTime();
    try {
      for (var pause = FIRST_PAUSE; !lanes.offerIfQuiet(device, work, FEW); pause = longer(pause)) {
        if (time.since(since).compareTo(PATIENCE) > 0) {
          lanes.resume(device, work);
          return;
        }
        time.sleep(pause);
      }
    } catch (RejectedExecutionException stopping) {
      throw new InterruptedException("the node is stopping");
    }
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  /** Waits as long as a throttle asks for. */
  public void pause(Duration pause) throws InterruptedException {
    time.sleep(pause);
  }
}
