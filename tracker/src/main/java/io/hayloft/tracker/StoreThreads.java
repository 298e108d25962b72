package io.hayloft.tracker;

import java.util.concurrent.Executor;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The threads of those who carry out what many ask the database for. There are few of them and they
 * wait for a socket most of the time, which a thread of the operating system does with one call of
 * the system, and one thread that is woken; a virtual one needs several of both.
 */
final class StoreThreads implements Executor, AutoCloseable {

  private final QueuedThreadPool pool;

  private StoreThreads(QueuedThreadPool pool) {
    this.pool = pool;
  }

  static StoreThreads start(QueuedThreadPool pool) throws Exception {
    pool.start();
    return new StoreThreads(pool);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public void close() {
    try {
      pool.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the threads of the stores do not stop", e);
    }
  }
}
