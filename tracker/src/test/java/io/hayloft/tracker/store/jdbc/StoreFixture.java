package io.hayloft.tracker.store.jdbc;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UpkeepStores;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.UploadStore.Opening;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stores on a test's database, and short words for what tests do to them. */
final class StoreFixture implements AutoCloseable {

  static final DomainId DOMAIN = new DomainId(1);
  static final DeviceId DEV1 = new DeviceId(1);
  static final DeviceId DEV2 = new DeviceId(2);
  static final DeviceId DEV3 = new DeviceId(3);

  private static final List<String> EMPTIED =
      List.of(
          "domain",
          "class",
          "file",
          "tempfile",
          "file_on",
          "checksum",
          "host",
          "device",
          "file_to_replicate",
          "file_to_delete",
          "file_to_delete2",
          "file_to_delete_later",
          "file_to_queue",
          "hayloft_attempt",
          "hayloft_device",
          "hayloft_lease");

  private final TestDatabase database;
  private final JdbcStores stores;
  private @Nullable Connection connection;

  StoreFixture(TestDatabase database) {
    this.database = database;
    this.stores =
        JdbcStores.open(
            DatabaseConfig.of(database.url(), database.user(), database.password()),
            new SimpleMeterRegistry(),
            ChangeListener.NONE,
            Thread::startVirtualThread);
  }

  Stores stores() {
    return stores.stores();
  }

  UpkeepStores upkeep() {
    return stores.upkeep();
  }

  void empty() throws SQLException {
    for (var table : EMPTIED) {
      sql("DELETE FROM " + table);
    }
  }

  static Opening opening(String key, DeviceId... devices) {
    return new Opening(DOMAIN, ClassId.DEFAULT, key, List.of(devices));
  }

  Fid open(String key, DeviceId... devices) {
    return stores().uploads().open(opening(key, devices), Optional.empty()).orElseThrow();
  }

  static StoredFile file(Fid fid, String key) {
    var name = new StoredFile.Name(DOMAIN, new Key(key));
    return new StoredFile(fid, name, 5, ClassId.DEFAULT, 1);
  }

  static Finished finished(Fid fid, String key) {
    return new Finished(file(fid, key), DEV1, Optional.empty());
  }

  /** A file with one copy on {@link #DEV1}. */
  Fid stored(String key) {
    var fid = open(key, DEV1);
    stores().uploads().close(finished(fid, key));
    return fid;
  }

  /** A file on these devices, not queued. */
  Fid settled(String key, DeviceId... devices) throws SQLException {
    var fid = stored(key);
    for (var device : devices) {
      stores().replication().copied(fid, device, Optional.empty());
    }
    sql("DELETE FROM file_to_replicate WHERE fid = " + fid);
    return fid;
  }

  /** The test's own, beside those of the stores. */
  private Connection connection() throws SQLException {
    if (connection == null) {
      connection = database.connect();
    }
    return connection;
  }

  void sql(String statement) throws SQLException {
    try (var jdbc = connection().createStatement()) {
      jdbc.execute(statement);
    }
  }

  /** The rows of a query, each as its columns with blanks between. */
  List<String> query(String query) throws SQLException {
    var lines = new ArrayList<String>();
    try (var jdbc = connection().createStatement();
        var rows = jdbc.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        var line = new String[columns];
        for (int column = 0; column < columns; column++) {
          line[column] = rows.getString(column + 1);
        }
        lines.add(String.join(" ", Arrays.asList(line)));
      }
    }
    return lines;
  }

  /** Runs calls at the same time and returns what they returned. */
  static <T> List<T> together(List<? extends Callable<T>> calls) throws Exception {
    var barrier = new CyclicBarrier(calls.size());
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      var futures =
          calls.stream()
              .map(
                  call ->
                      threads.submit(
                          () -> {
                            barrier.await();
                            return call.call();
                          }))
              .toList();
      var results = new ArrayList<T>();
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Override
  public void close() throws SQLException {
    stores.close();
    if (connection != null) {
      connection.close();
    }
  }
}
