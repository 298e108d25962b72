package io.hayloft.tracker.work;

import org.jspecify.annotations.Nullable;

/**
 * Something that is done on request, never twice at a time, and whose result those who wait
 * together share: a call returns when a run that began after the call has ended. The run takes
 * place on the thread of one of the callers.
 */
public final class SharedRun {

  /** What a run does. */
  @FunctionalInterface
  public interface Body {
    void run() throws InterruptedException;
  }

  private final Body body;
  private final Object lock = new Object();
  private boolean running;
  private long begun;
  private long ended;
  private @Nullable RuntimeException failure;

  public SharedRun(Body body) {
    this.body = body;
  }

  /**
   * Returns when a run that began after this call has ended.
   *
   * @throws RuntimeException what the run threw
   */
  public void run() throws InterruptedException {
    if (joinOrBegin()) {
      perform();
    }
  }

  /** Waits for the end of the next run without asking for one. */
  public void awaitEnd() throws InterruptedException {
    synchronized (lock) {
      long seen = ended;
      while (ended == seen) {
        lock.wait();
      }
    }
  }

  /** Waits until it is this caller's turn to run, or until another's run did for it as well. */
  private boolean joinOrBegin() throws InterruptedException {
    synchronized (lock) {
      long wanted = begun + 1;
      while (ended < wanted && running) {
        lock.wait();
      }
      if (ended >= wanted) {
        if (failure != null) {
          throw failure;
        }
        return false;
      }
      running = true;
      begun++;
      return true;
    }
  }

  private void perform() throws InterruptedException {
    RuntimeException thrown = null;
    // One that was interrupted is no end: another of those who wait begins anew.
    boolean complete = false;
    try {
      body.run();
      complete = true;
    } catch (RuntimeException e) {
      thrown = e;
      complete = true;
      throw e;
    } finally {
      synchronized (lock) {
        running = false;
        if (complete) {
          ended = begun;
          failure = thrown;
        }
        lock.notifyAll();
      }
    }
  }
}
