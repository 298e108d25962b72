package io.hayloft.tracker.store.jdbc;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.group.Gatherings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/**
 * Stores whose connections are held back until all who ask have come: of each kind of request the
 * first then goes alone, and those behind it together.
 */
final class GatedStores implements AutoCloseable {

  private final GatedPool pool;
  private final JdbcFileStore files;
  private final JdbcUploadStore uploads;
  private final Transactions transactions;

  private static final class GatedPool extends HikariDataSource {

    private volatile CountDownLatch gate = new CountDownLatch(0);

    GatedPool(HikariConfig config) {
      super(config);
    }

    @Override
    public Connection getConnection() throws SQLException {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.getConnection();
    }
  }

  private GatedStores(HikariConfig config) {
    this.pool = new GatedPool(config);
    this.transactions =
        new Transactions(
            pool,
            Time.system(),
            Randomness.SYSTEM,
            new SimpleMeterRegistry(),
            ChangeListener.NONE,
            Gatherings.usual(Thread::startVirtualThread, Time.system()));
    var facts = new DatabaseFacts.Lazy();
    this.files = new JdbcFileStore(transactions, facts);
    this.uploads = new JdbcUploadStore(transactions, facts);
  }

  static GatedStores on(TestDatabase database) {
    return on(DatabaseConfig.of(database.url(), database.user(), database.password()));
  }

  static GatedStores on(DatabaseConfig database) {
    return new GatedStores(Pool.config("gated", 2, database, new SimpleMeterRegistry()));
  }

  /** On connections that are made as a test wants them. */
  static GatedStores with(HikariConfig config) {
    return new GatedStores(config);
  }

  JdbcFileStore files() {
    return files;
  }

  JdbcUploadStore uploads() {
    return uploads;
  }

  Transactions transactions() {
    return transactions;
  }

  /** Asks for all, each on a thread of its own, before any of it is carried out. */
  <T> List<T> together(List<? extends Callable<T>> calls) throws Exception {
    pool.gate = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    var tasks = new ArrayList<FutureTask<T>>();
    for (var call : calls) {
      var task = new FutureTask<T>(call);
      tasks.add(task);
      threads.add(Thread.ofPlatform().daemon().start(task));
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> threads.stream().allMatch(GatedStores::waits));
    pool.gate.countDown();
    var results = new ArrayList<T>();
    for (var task : tasks) {
      results.add(task.get());
    }
    return results;
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TERMINATED;
  }

  @Override
  public void close() {
    pool.gate.countDown();
    pool.close();
  }
}
