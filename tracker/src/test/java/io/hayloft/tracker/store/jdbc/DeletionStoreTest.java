package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV3;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DOMAIN;
import static io.hayloft.tracker.store.jdbc.StoreFixture.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.DeletionStore;
import io.hayloft.tracker.store.DeletionStore.Progress;
import io.hayloft.tracker.store.DeletionStore.Queued;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Tables.class)
class DeletionStoreTest {

  private static final Duration LEASE = Duration.ofSeconds(1000);
  private static final Duration RETRY = Duration.ofSeconds(500);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final DeletionStore store = fixture.stores().deletion();

  DeletionStoreTest(Tables tables) {
    assertThat(tables).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void tables(Tables tables) throws SQLException {
    tables.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  private Fid deleted(String key) throws SQLException {
    var fid = fixture.settled(key, DEV1, DEV2);
    fixture.stores().files().delete(DOMAIN, new Key(key));
    return fid;
  }

  @Test
  void dueRowsAreClaimedOnceWithTheirDevices() throws SQLException {
    var fid = deleted("key");
    fixture.sql("INSERT INTO file_to_delete2 VALUES (3000000000, UNIX_TIMESTAMP() + 90, 0)");

    var claimed = store.claim(10, LEASE);

    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().fid()).isEqualTo(fid);
    assertThat(claimed.getFirst().devices()).containsExactlyInAnyOrder(DEV1, DEV2);
    assertThat(store.claim(10, LEASE)).isEmpty();
  }

  @Test
  void whatIsStillAFileIsSpared() throws SQLException {
    var fid = fixture.stored("key");
    fixture.sql("INSERT INTO file_to_delete2 VALUES (%s, 0, 0)".formatted(fid));

    assertThat(store.claim(10, LEASE)).isEmpty();

    assertThat(queue()).isEmpty();
    assertThat(fixture.stores().files().devices(fid)).containsExactly(DEV1);
  }

  @Test
  void aFidWithoutLocationsGoesWithAllItsRows() throws SQLException {
    var fid = deleted("key");
    fixture.sql("INSERT INTO checksum VALUES (%s, 1, 'x')".formatted(fid));
    fixture.sql("INSERT INTO tempfile VALUES (%s, 1, 0, 1, 'key', '1')".formatted(fid));
    var claimed = store.claim(10, LEASE).getFirst();

    store.settle(List.of(new Progress(claimed, List.of(DEV1, DEV2), RETRY, 0)));

    for (var table : List.of("file_on", "file_to_delete2", "checksum", "tempfile")) {
      assertThat(fixture.query("SELECT fid FROM " + table)).as(table).isEmpty();
    }
  }

  @Test
  void whatRemainsIsTriedAgainLater() throws SQLException {
    var fid = deleted("key");
    var claimed = store.claim(10, LEASE).getFirst();

    store.settle(List.of(new Progress(claimed, List.of(DEV1), RETRY, 999)));

    assertThat(fixture.stores().files().devices(fid)).containsExactly(DEV2);
    assertThat(
            fixture.query(
                "SELECT fid, failcount FROM file_to_delete2 WHERE nexttry"
                    + " BETWEEN UNIX_TIMESTAMP() + 490 AND UNIX_TIMESTAMP() + 500"))
        .containsExactly(fid + " 255");
  }

  @Test
  void aLocationThatAppearedMeanwhileIsDueAtOnce() throws SQLException {
    var fid = deleted("key");
    var claimed = store.claim(10, LEASE).getFirst();
    fixture.sql("INSERT INTO file_on VALUES (%s, 3)".formatted(fid));

    store.settle(List.of(new Progress(claimed, List.of(DEV1, DEV2), RETRY, 0)));

    var again = store.claim(10, LEASE);
    assertThat(again).extracting(Queued::fid).containsExactly(fid);
    assertThat(again.getFirst().devices()).containsExactly(DEV3);
  }

  @Test
  void aRowMadeDueMeanwhileStaysDue() throws SQLException {
    var fid = deleted("key");
    var claimed = store.claim(10, LEASE).getFirst();
    fixture.stores().replication().copied(fid, DEV3, Optional.empty());

    store.settle(List.of(new Progress(claimed, List.of(DEV1), RETRY, 1)));

    assertThat(store.claim(10, LEASE)).extracting(Queued::fid).containsExactly(fid);
  }

  @Test
  void copiesThatArriveWhileTheLastOneIsForgottenAreNotLost() throws Exception {
    for (int round = 0; round < 20; round++) {
      fixture.empty();
      var fid = deleted("key");
      var claimed = store.claim(10, LEASE).getFirst();

      together(
          List.<Callable<Boolean>>of(
              () -> {
                store.settle(List.of(new Progress(claimed, List.of(DEV1, DEV2), RETRY, 0)));
                return true;
              },
              () -> fixture.stores().replication().copied(fid, DEV3, Optional.empty())));

      assertThat(fixture.stores().files().devices(fid)).containsExactly(DEV3);
      assertThat(fixture.query("SELECT fid FROM file_to_delete2 WHERE nexttry <= UNIX_TIMESTAMP()"))
          .containsExactly(fid.toString());
    }
  }

  @Test
  void manyAreSettledTogether() throws SQLException {
    for (int i = 1; i <= 200; i++) {
      fixture.sql("INSERT INTO file_to_delete2 VALUES (%d, 0, 0)".formatted(i));
      fixture.sql("INSERT INTO file_on VALUES (%d, 1), (%d, 2)".formatted(i, i));
    }
    var claimed = store.claim(200, LEASE);

    store.settle(
        claimed.stream()
            .map(
                row ->
                    new Progress(
                        row, row.fid().value() <= 150 ? row.devices() : List.of(), RETRY, 1))
            .toList());
    store.settle(List.of());

    assertThat(queue()).hasSize(50);
    assertThat(fixture.query("SELECT fid FROM file_on")).hasSize(100);
  }

  @Test
  void theOldQueuesAreDrained() throws SQLException {
    fixture.sql("INSERT INTO file_to_delete VALUES (5), (6)");
    fixture.sql(
        "INSERT INTO file_to_delete_later VALUES (6, 1), (7, 1), (8, UNIX_TIMESTAMP() + 900)");

    assertThat(store.claim(10, LEASE)).isEmpty();

    assertThat(store.claim(10, LEASE)).extracting(row -> row.fid().value()).contains(5L, 6L, 7L);
    assertThat(fixture.query("SELECT fid FROM file_to_delete")).isEmpty();
    assertThat(fixture.query("SELECT fid FROM file_to_delete_later")).containsExactly("8");
  }

  private List<String> queue() throws SQLException {
    return fixture.query("SELECT fid FROM file_to_delete2");
  }
}
