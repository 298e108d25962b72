package io.hayloft.tracker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.schema.Schema;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UploadStore.Closing;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The database ends connections at random, as failing proxies and impatient administrators do. What
 * was acknowledged holds, what was not has happened wholly or not at all.
 */
class KilledConnectionsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int WRITERS = 4;
  private static final int KILLS = 80;

  private StoreFixture fixture;
  private final CountDownLatch over = new CountDownLatch(1);

  @BeforeEach
  void start() throws SQLException {
    DATABASE.emptyTables(Schema::migrate);
    fixture = new StoreFixture(DATABASE);
  }

  @AfterEach
  void stop() throws SQLException {
    fixture.close();
  }

  /** What a writer was told. */
  private record Told(Map<String, Fid> stored, Set<String> deleted, List<Fid> fids, int failures) {}

  @Test
  void whatWasAcknowledgedHoldsAndTheRestIsWholeOrNotThere() throws Exception {
    long seed = System.nanoTime();
    var calls = new ArrayList<Callable<Told>>();
    for (int writer = 0; writer < WRITERS; writer++) {
      var name = "w" + writer + "/";
      calls.add(() -> write(name));
    }
    calls.add(() -> kill(new Random(seed)));
    var told = StoreFixture.together(calls).subList(0, WRITERS);

    assertThat(told.stream().mapToInt(Told::failures).sum()).as("failures").isPositive();
    var files = files();
    var fids = new ArrayList<Fid>();
    for (var each : told) {
      each.stored()
          .forEach((key, fid) -> assertThat(files).as("seed " + seed).containsEntry(key, fid));
      assertThat(files)
          .as("seed " + seed)
          .doesNotContainKeys(each.deleted().toArray(String[]::new));
      fids.addAll(each.fids());
    }
    assertThat(fids).as("a fid is given once").doesNotHaveDuplicates();
    assertWhole();
    assertThat(fixture.stored("after")).as("it goes on").isNotNull();
  }

  /** Stores files and deletes every third, until the killing is over. */
  private Told write(String name) {
    var told = new Told(new TreeMap<>(), new HashSet<>(), new ArrayList<>(), 0);
    int failures = 0;
    for (int i = 0; over.getCount() > 0; i++) {
      try {
        store(name + i, told);
        if (i % 3 == 0) {
          delete(name + i, told);
        }
      } catch (StoreException unknown) {
        failures++;
      }
    }
    return new Told(told.stored(), told.deleted(), told.fids(), failures);
  }

  private void store(String key, Told told) {
    var fid = fixture.open(key, StoreFixture.DEV1);
    told.fids().add(fid);
    var closing = fixture.stores().uploads().close(StoreFixture.finished(fid, key));
    assertThat(closing).isInstanceOf(Closing.Closed.class);
    told.stored().put(key, fid);
  }

  private void delete(String key, Told told) {
    // Whether it happens or not: nobody counts on it any more.
    told.stored().remove(key);
    assertThat(fixture.stores().files().delete(StoreFixture.DOMAIN, new Key(key))).isTrue();
    told.deleted().add(key);
  }

  private Told kill(Random random) throws Exception {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      for (int kill = 0; kill < KILLS; kill++) {
        var ids = new ArrayList<Long>();
        try (var rows =
            statement.executeQuery(
                "SELECT id FROM information_schema.processlist"
                    + " WHERE db = DATABASE() AND id <> CONNECTION_ID()")) {
          while (rows.next()) {
            ids.add(rows.getLong(1));
          }
        }
        if (!ids.isEmpty()) {
          killOne(statement, ids.get(random.nextInt(ids.size())));
        }
        var _ = over.await(random.nextInt(30), TimeUnit.MILLISECONDS);
      }
    } finally {
      over.countDown();
    }
    return new Told(Map.of(), Set.of(), List.of(), 0);
  }

  private static void killOne(java.sql.Statement statement, long id) {
    try {
      statement.execute("KILL CONNECTION " + id);
    } catch (SQLException gone) {
      // It had ended by itself.
    }
  }

  private Map<String, Fid> files() throws SQLException {
    var files = new TreeMap<String, Fid>();
    for (var row : fixture.query("SELECT dkey, fid FROM file")) {
      var columns = row.split(" ", -1);
      files.put(columns[0], new Fid(Long.parseLong(columns[1])));
    }
    return files;
  }

  private void assertWhole() throws SQLException {
    assertThat(
            fixture.query(
                "SELECT f.fid FROM file f LEFT JOIN file_on o USING (fid)"
                    + " LEFT JOIN file_to_replicate r ON r.fid = f.fid"
                    + " WHERE o.fid IS NULL OR r.fid IS NULL"))
        .as("files without a location or a place in the queue")
        .isEmpty();
    assertThat(fixture.query("SELECT fid FROM file JOIN tempfile USING (fid)"))
        .as("files whose upload is open")
        .isEmpty();
    assertThat(
            fixture.query(
                "SELECT o.fid FROM file_on o LEFT JOIN file f USING (fid)"
                    + " LEFT JOIN file_to_delete2 d ON d.fid = o.fid"
                    + " WHERE f.fid IS NULL AND d.fid IS NULL"))
        .as("bytes that nobody will remove")
        .isEmpty();
  }
}
