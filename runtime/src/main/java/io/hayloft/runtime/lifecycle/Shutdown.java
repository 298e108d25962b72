package io.hayloft.runtime.lifecycle;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process in good order, whoever asks: SIGTERM and SIGINT, a command of an administrator,
 * or the process that started this one going away. The parts are closed once; the exit code is 0,
 * or 1 when a part failed to close or when the process ends before it has started.
 *
 * <p>The main thread starts everything and then waits in {@link #await}.
 */
public final class Shutdown {

  private static final Logger log = LoggerFactory.getLogger(Shutdown.class);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final FutureTask<Integer> closing;
  private final IntConsumer halt;
  private volatile boolean hasStarted;

  public Shutdown(Lifecycle lifecycle) {
    this(lifecycle, Runtime.getRuntime()::halt);
  }

  /**
   * @param halt ends the process at once from within the hook, or else a signal's exit code would
   *     be 143 also when everything went well
   */
  Shutdown(Lifecycle lifecycle, IntConsumer halt) {
    this.closing = new FutureTask<>(() -> close(lifecycle));
    this.halt = halt;
  }

  private static int close(Lifecycle lifecycle) {
    var failed = lifecycle.closeAll();
    log.info("stopped{}", failed.isEmpty() ? "" : ", but not cleanly: " + failed);
    return failed.isEmpty() ? 0 : 1;
  }

  /** From now on SIGTERM and SIGINT close the parts before the process ends. */
  public void onSignals() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::hook, "shutdown"));
  }

  /** What a signal, and also any other end of the JVM, brings about. */
  void hook() {
    if (!closing.isDone()) {
      request("a signal");
      int code = closeOnce();
      halt.accept(hasStarted ? code : 1);
    }
  }

  /** Has the parts closed soon; returns at once. */
  public void request(String reason) {
    if (requested.getCount() > 0) {
      log.info("stopping because of {}", reason);
    }
    requested.countDown();
  }

  /**
   * Has the parts closed when that stream ends. A child process of a development cluster watches
   * its standard input so, which ends with its parent whatever becomes of it.
   */
  public void whenEnds(InputStream input) {
    // Not a task: a read of standard input heeds no interrupt and would hold up the closing.
    Thread.ofPlatform().daemon().name("end-of-input").start(() -> readToEnd(input));
  }

  private void readToEnd(InputStream input) {
    try {
      while (input.read() >= 0) {
        // What is said does not matter, only the end of it.
      }
      request("the end of standard input");
    } catch (IOException e) {
      request("standard input: " + e.getMessage());
    }
  }

  /** Waits until somebody asks, closes the parts and returns the exit code. */
  public int await() throws InterruptedException {
    hasStarted = true;
    requested.await();
    return closeOnce();
  }

  private int closeOnce() {
    closing.run();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return closing.get();
        } catch (InterruptedException e) {
          interrupted = true; // closing takes a bounded time, and another thread is at it
        }
      }
    } catch (ExecutionException | CancellationException e) {
      log.error("closing failed", e);
      return 1;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
