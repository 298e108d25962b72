package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.opening;
import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.UploadStore;
import io.hayloft.tracker.store.UploadStore.Opening;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The numbers that many uploads are given at the same time are theirs, and nobody else's. */
class OpeningsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final StoreFixture other = new StoreFixture(DATABASE);
  private final GatedStores stores = GatedStores.on(DATABASE);

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
  }

  @AfterEach
  void close() throws SQLException {
    stores.close();
    other.close();
    fixture.close();
  }

  @Test
  void ofManyFromTwoTrackersAllDifferAndGrowForEachWhoAsks() throws Exception {
    var askers = new ArrayList<Callable<List<Fid>>>();
    for (int asker = 0; asker < 24; asker++) {
      var uploads = (asker % 2 == 0 ? fixture : other).stores().uploads();
      var name = "asker" + asker + "-";
      askers.add(() -> IntStream.range(0, 40).mapToObj(i -> open(uploads, name + i)).toList());
    }

    var all = together(askers);

    assertThat(all).allSatisfy(fids -> assertThat(fids).isSorted());
    assertThat(all.stream().flatMap(List::stream)).hasSize(24 * 40).doesNotHaveDuplicates();
    for (int asker = 0; asker < all.size(); asker++) {
      for (int i = 0; i < 40; i++) {
        assertThat(keyOf(all.get(asker).get(i))).isEqualTo("asker" + asker + "-" + i);
      }
    }
  }

  private static Fid open(UploadStore uploads, String key) {
    return uploads.open(opening(key, DEV1), Optional.empty()).orElseThrow();
  }

  private String keyOf(Fid fid) {
    return fixture.stores().uploads().pending(fid).orElseThrow().opening().key();
  }

  private static List<Opening> openings(int count) {
    return IntStream.range(0, count).mapToObj(i -> opening("k" + i, DEV1)).toList();
  }

  private static final List<Integer> COUNTS = List.of(16, 1, 2, 5, 37, 128);

  /** As in a cluster of three databases, on connections that were made before it was one. */
  @Test
  void numbersAreThoseOfTheTableAlsoWhenTheyAreFurtherApartThanTheDriverKnows()
      throws SQLException {
    var sequence = new FidSequence(new DatabaseFacts.Lazy());
    for (int step : List.of(1, 3, 2, 3, 7, 1)) {
      for (int count : COUNTS) {
        var fids =
            stores
                .transactions()
                .single(
                    session -> {
                      session.execute("SET SESSION auto_increment_increment = " + step);
                      session.execute("SET SESSION auto_increment_offset = " + step);
                      return sequence.next(session, openings(count));
                    });

        assertThat(fids).hasSize(count).doesNotHaveDuplicates();
        for (int i = 0; i < count; i++) {
          assertThat(keyOf(fids.get(i))).as("%d of %d", i, count).isEqualTo("k" + i);
        }
      }
    }
  }

  @Test
  void numbersAreThoseOfTheTableInAClusterOfThree() throws Exception {
    var clustered =
        DATABASE.url()
            + (DATABASE.url().contains("?") ? "&" : "?")
            + "sessionVariables=auto_increment_increment=3,auto_increment_offset=2";
    try (var cluster =
        GatedStores.on(DatabaseConfig.of(clustered, DATABASE.user(), DATABASE.password()))) {
      var calls =
          IntStream.range(0, 60)
              .mapToObj(i -> (Callable<Fid>) () -> open(cluster.uploads(), "k" + i))
              .toList();
      var fids = cluster.together(calls);
      for (int i = 0; i < 60; i++) {
        assertThat(keyOf(fids.get(i))).isEqualTo("k" + i);
        assertThat(fids.get(i).value() % 3).isEqualTo(2);
      }
    }
  }

  @Test
  void noneOfManyIsGivenANumberThatIsInUse() throws Exception {
    var first = fixture.open("first", DEV1).value();
    for (var sql :
        List.of(
            "INSERT INTO file VALUES (%d, 1, 'used', 5, 0, 1)",
            "INSERT INTO file_on VALUES (%d, 1)",
            "INSERT INTO file_to_delete2 VALUES (%d, 1, 0)")) {
      var used = first + 12;
      fixture.sql(sql.formatted(used));
      var sequence = new FidSequence(new DatabaseFacts.Lazy());
      // So that the facts are those of the time before.
      fixture.sql("DELETE FROM %s WHERE fid = %d".formatted(sql.split(" ", -1)[2], used));
      stores.transactions().single(session -> sequence.next(session, openings(1)));
      fixture.sql(sql.formatted(used));

      var fids = stores.transactions().single(session -> sequence.next(session, openings(40)));

      assertThat(fids).hasSize(40).allMatch(fid -> fid.value() > used);
      assertThat(fixture.query("SELECT fid FROM tempfile WHERE dkey LIKE 'k%'")).hasSize(41);
      first = fids.getLast().value();
      fixture.empty();
    }
  }

  @Test
  void aFileOfAHigherNumberKeepsNoNumberFromBeingGiven() throws SQLException {
    var sequence = new FidSequence(new DatabaseFacts.Lazy());
    var first =
        stores.transactions().single(session -> sequence.next(session, openings(1))).getFirst();
    fixture.sql("INSERT INTO file VALUES (%d, 1, 'used', 5, 0, 1)".formatted(first.value() + 500));

    var fids = stores.transactions().single(session -> sequence.next(session, openings(40)));

    assertThat(fids).hasSize(40).allMatch(fid -> fid.value() < first.value() + 500);
  }

  @Test
  void manyTakeOneRoundTripAndWaitForOneSync() {
    var meters = new SimpleMeterRegistry();
    try (var pool =
        Pool.open(
            DatabaseConfig.of(DATABASE.url(), DATABASE.user(), DATABASE.password()), meters)) {
      var transactions = new Transactions(pool, Time.system(), Randomness.SYSTEM, meters);
      var uploads = new JdbcUploadStore(transactions, new DatabaseFacts.Lazy());

      assertThat(uploads.openAll(openings(13))).hasSize(13).doesNotHaveDuplicates();
      assertThat(statements(meters, "INSERT INTO tempfile")).isEqualTo(1);
      assertThat(statements(meters, "COMMIT")).isZero();

      assertThat(uploads.openAll(openings(23))).hasSize(23).doesNotHaveDuplicates();
      assertThat(statements(meters, "INSERT INTO tempfile")).isEqualTo(2);
      assertThat(statements(meters, "SELECT EXISTS")).isZero();
      assertThat(statements(meters, "COMMIT")).isZero();
    }
  }

  /** How often a statement with such a beginning was sent. */
  private static long statements(SimpleMeterRegistry meters, String beginning) {
    return meters.find(StatementTimes.METER).functionTimers().stream()
        .filter(timer -> String.valueOf(timer.getId().getTag("statement")).startsWith(beginning))
        .mapToLong(timer -> Math.round(timer.count()))
        .sum();
  }

  @Test
  void noneOfManyIsBelowWhatWasInUseAtTheStart() throws SQLException {
    long used = fixture.open("first", DEV1).value() + 12;
    fixture.sql("INSERT INTO checksum VALUES (%d, 1, REPEAT('a', 16))".formatted(used));
    var sequence = new FidSequence(new DatabaseFacts.Lazy());

    var fids = stores.transactions().single(session -> sequence.next(session, openings(40)));

    assertThat(fids).hasSize(40).allMatch(fid -> fid.value() > used);
  }
}
