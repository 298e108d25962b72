package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.finished;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.StoreException;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What many closings cost as they mostly are, and that all that is unusual undoes only that. */
class ClosingsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Closing CLOSED = new Closing.Closed(Optional.empty());

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HikariDataSource pool =
      Pool.open(DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()), meters);
  private final JdbcUploadStore uploads =
      new JdbcUploadStore(
          new Transactions(pool, Time.system(), Randomness.SYSTEM, meters),
          new DatabaseFacts.Lazy());

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
    fixture.sql("DELETE FROM device");
  }

  @AfterEach
  void close() throws SQLException {
    fixture.sql("DELETE FROM device");
    pool.close();
    fixture.close();
  }

  private List<Finished> opened(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> finished(fixture.open("k" + i, DEV1), "k" + i))
        .toList();
  }

  private List<String> count(String table) throws SQLException {
    return fixture.query("SELECT COUNT(*) FROM " + table);
  }

  /** How many statements were sent so far. */
  private long statements() {
    return meters.find(StatementTimes.METER).functionTimers().stream()
        .mapToLong(timer -> Math.round(timer.count()))
        .sum();
  }

  @Test
  void manyTakeTwoRoundTripsWhereKeysAreNew() throws SQLException {
    assertThat(uploads.closeAll(opened(1))).containsExactly(CLOSED);
    fixture.empty();
    long before = statements();

    assertThat(uploads.closeAll(opened(37))).hasSize(37).containsOnly(CLOSED);

    assertThat(statements() - before).isEqualTo(2);
    for (var table : List.of("file", "file_on", "file_to_replicate")) {
      assertThat(count(table)).as(table).containsExactly("37");
    }
    assertThat(count("tempfile")).containsExactly("0");
  }

  @Test
  void manyDoNotWaitForThoseWhoOpenUploadsOrCloseOthers() throws SQLException {
    var some = opened(40);
    try (var other =
        DriverManager.getConnection(DATABASE.url(), DATABASE.user(), DATABASE.password())) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute(
            "INSERT INTO tempfile (createtime, classid, dmid, dkey, devids)"
                + " VALUES (1, 0, 1, 'other', '1')");
        statement.execute("DELETE FROM tempfile WHERE fid = " + some.getFirst().file().fid());

        assertThat(uploads.closeAll(some.subList(1, 40))).hasSize(39).containsOnly(CLOSED);
      }
      other.rollback();
    }
  }

  @Test
  void aFileOfTheFidUnderAnotherKeyIsFoundOutAndLeavesTheUploadOpen() throws SQLException {
    var fid = fixture.stored("k");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'new', '1')".formatted(fid));

    assertThat(uploads.closeAll(List.of(finished(fid, "new"))))
        .containsExactly(new Closing.FidExists());
    assertThat(fixture.query("SELECT fid FROM tempfile")).containsExactly(fid.toString());
    assertThat(fixture.query("SELECT dkey FROM file")).containsExactly("k");
  }

  @Test
  void amongOthersItFailsThemAllAndNothingOfThemStays() throws SQLException {
    var fid = fixture.stored("k");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'new', '1')".formatted(fid));
    var some = new ArrayList<>(opened(3));
    some.add(1, finished(fid, "new"));

    assertThatThrownBy(() -> uploads.closeAll(some))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.why()).isEqualTo(StoreException.Cause.DUPLICATE));
    assertThat(count("tempfile")).containsExactly("4");
    assertThat(fixture.query("SELECT dkey FROM file")).containsExactly("k");
    assertThat(count("file_on")).containsExactly("1");
  }

  @Test
  void oneThatIsNotOpenLeavesTheOthersAsTheyWouldBeWithoutIt() throws SQLException {
    var some = new ArrayList<>(opened(5));
    some.add(2, finished(new Fid(4_000_000_000L), "nobody"));

    var ends = uploads.closeAll(some);

    assertThat(ends.get(2)).isEqualTo(new Closing.NotOpen());
    assertThat(ends).filteredOn(CLOSED::equals).hasSize(5);
    assertThat(count("file")).containsExactly("5");
    assertThat(count("tempfile")).containsExactly("0");
  }

  @Test
  void anUploadOnADeadDeviceStaysOpenAmongOthersThatAreClosed() throws SQLException {
    fixture.sql("INSERT INTO device (devid, hostid, status) VALUES (2, 1, 'dead')");
    var some = new ArrayList<>(opened(3));
    var lost = fixture.open("lost", StoreFixture.DEV2);
    some.add(1, new Finished(finished(lost, "lost").file(), StoreFixture.DEV2, Optional.empty()));

    var ends = uploads.closeAll(some);

    assertThat(ends.get(1)).isEqualTo(new Closing.DeviceDead());
    assertThat(ends).filteredOn(CLOSED::equals).hasSize(3);
    assertThat(fixture.query("SELECT fid FROM tempfile")).containsExactly(lost.toString());
  }

  @Test
  void whatIsReplacedIsQueuedForDeletion() throws SQLException {
    var old = fixture.stored("k1");

    var ends = uploads.closeAll(opened(3));

    assertThat(ends).containsExactly(CLOSED, new Closing.Closed(Optional.of(old)), CLOSED);
    assertThat(fixture.query("SELECT fid FROM file_to_delete2")).containsExactly(old.toString());
    assertThat(count("file")).containsExactly("3");
  }

  @Test
  void anUploadOfAFidThatItsKeyStandsForAlreadyIsRefusedAndLeftOpen() throws SQLException {
    var fid = fixture.stored("k");
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'k', '1')".formatted(fid));

    assertThat(uploads.closeAll(List.of(finished(fid, "k"))))
        .containsExactly(new Closing.FidExists());
    assertThat(fixture.query("SELECT fid FROM tempfile")).containsExactly(fid.toString());
    assertThat(count("file")).containsExactly("1");
  }
}
