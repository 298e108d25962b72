package io.hayloft.tracker.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.CareStores;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.MoveStores;
import io.hayloft.tracker.store.PathStore;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.store.group.Gatherings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;

/**
 * The stores of one database, and the pool of connections they share.
 *
 * <p>Opening connects to nothing: a database that is away makes each call fail with {@code
 * UNAVAILABLE} within the configured time, and the first call after it is back succeeds. Whether
 * the tables are there is for {@code io.hayloft.schema.Schema} to say.
 */
public final class JdbcStores implements AutoCloseable {

  private final HikariDataSource pool;
  private final Stores stores;
  private final UpkeepStores upkeep;
  private final PathStore paths;

  private JdbcStores(HikariDataSource pool, Transactions transactions) {
    this.pool = pool;
    var facts = new DatabaseFacts.Lazy();
    this.stores =
        new Stores(
            new JdbcFileStore(transactions, facts),
            new JdbcUploadStore(transactions, facts),
            new JdbcReplicationStore(transactions, facts),
            new JdbcDeletionStore(transactions, facts),
            new JdbcRegistryStore(transactions),
            new JdbcLeaseStore(transactions));
    this.upkeep =
        new UpkeepStores(
            new JdbcFsckStore(transactions),
            new JdbcFsckRunStore(transactions),
            new JdbcTodoStore(transactions, facts),
            new JdbcClaimStore(transactions),
            new MoveStores(
                new JdbcRebalanceStore(transactions), new JdbcMoveJobStore(transactions)),
            new CareStores(
                new JdbcAttemptStore(transactions),
                new JdbcDeviceRecordStore(transactions),
                new JdbcInsightStore(transactions)));
    this.paths = new JdbcPathStore(transactions);
  }

  /**
   * @param listener hears of what changes the answers of look-ups
   * @param leaders run what carries out the requests of others
   */
  public static JdbcStores open(
      DatabaseConfig database, MeterRegistry meters, ChangeListener listener, Executor leaders) {
    return open(database, meters, listener, Gatherings.usual(leaders, Time.system()));
  }

  /**
   * @param listener hears of what changes the answers of look-ups
   * @param gatherings to be run as a worker as long as the stores are open
   */
  public static JdbcStores open(
      DatabaseConfig database,
      MeterRegistry meters,
      ChangeListener listener,
      Gatherings gatherings) {
    var pool = Pool.open(database, meters);
    return new JdbcStores(
        pool,
        new Transactions(pool, Time.system(), Randomness.SYSTEM, meters, listener, gatherings));
  }

  public Stores stores() {
    return stores;
  }

  public UpkeepStores upkeep() {
    return upkeep;
  }

  /** What only a plugin needs. */
  public PathStore paths() {
    return paths;
  }

  /** Ends all connections; calls that are under way fail. */
  @Override
  public void close() {
    pool.close();
  }
}
