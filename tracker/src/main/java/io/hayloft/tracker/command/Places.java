package io.hayloft.tracker.command;

/**
 * The places of requests that are being answered: there are only so many, and a request has one
 * until its answer is there.
 */
public interface Places {

  /** A wait of a request for something that is not its own work. */
  @FunctionalInterface
  interface Wait<T> {
    T await() throws InterruptedException;
  }

  /** Where there are as many as anybody wants. */
  Places ENDLESS =
      new Places() {
        @Override
        public <T> T aside(Wait<T> wait) throws InterruptedException {
          return wait.await();
        }
      };

  /**
   * Has the calling request wait without its place, which another one gets meanwhile. Whoever uses
   * it bounds how many wait like that.
   */
  <T> T aside(Wait<T> wait) throws InterruptedException;
}
