package io.hayloft.tracker.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.FileLookups;
import io.hayloft.tracker.store.PrimaryLookups;
import io.hayloft.tracker.store.group.Gatherings;
import io.hayloft.tracker.store.replica.Replica;
import io.hayloft.tracker.store.replica.ReplicaAddress;
import io.micrometer.core.instrument.MeterRegistry;

/** A read replica: the queries of the primary's tables, on a small pool of its own. */
public final class JdbcReplica implements Replica {

  private static final int CONNECTIONS = 8;

  private final HikariDataSource pool;
  private final FileLookups lookups;

  private JdbcReplica(HikariDataSource pool, MeterRegistry meters, Gatherings gatherings) {
    this.pool = pool;
    var transactions =
        new Transactions(
            pool, Time.system(), Randomness.SYSTEM, meters, ChangeListener.NONE, gatherings);
    this.lookups = new PrimaryLookups(new JdbcFileStore(transactions, new DatabaseFacts.Lazy()));
  }

  /**
   * @param gatherings of requests that share statements
   */
  public static JdbcReplica open(
      ReplicaAddress address, MeterRegistry meters, Gatherings gatherings) {
    var database =
        new DatabaseConfig(
            address.url(), address.user(), address.password(), CONNECTIONS, address.patience());
    return new JdbcReplica(
        Pool.openIdle("replica-" + address.key(), database, meters), meters, gatherings);
  }

  @Override
  public FileLookups lookups() {
    return lookups;
  }

  @Override
  public void close() {
    pool.close();
  }
}
