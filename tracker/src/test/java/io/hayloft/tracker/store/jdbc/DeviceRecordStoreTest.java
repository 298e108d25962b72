package io.hayloft.tracker.store.jdbc;

import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV1;
import static io.hayloft.tracker.store.jdbc.StoreFixture.DEV2;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.store.DeviceRecordStore;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeviceRecordStoreTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final StoreFixture fixture = new StoreFixture(DATABASE);
  private final DeviceRecordStore records = fixture.upkeep().records();

  @BeforeAll
  static void tables() throws SQLException {
    Tables.OURS.create(DATABASE);
  }

  @BeforeEach
  void empty() throws SQLException {
    fixture.empty();
    fixture.sql("INSERT INTO device (devid, hostid, status) VALUES (1, 1, 'alive')");
  }

  @AfterEach
  void stop() throws SQLException {
    fixture.close();
  }

  @Test
  void aDiskIsRecordedOnceAndForOneDevice() {
    assertThat(records.recordDisk(DEV1, "a")).isTrue();
    assertThat(records.recordDisk(DEV1, "a")).isTrue();
    assertThat(records.recordDisk(DEV1, "b")).isFalse();
    assertThat(records.recordDisk(DEV2, "a")).isFalse();
    assertThat(records.recordDisk(DEV2, "c")).isTrue();

    assertThat(records.load().of(DEV1).identity()).contains("a");
    assertThat(records.load().owner("c")).contains(DEV2);
    assertThat(records.load().owner("b")).isEmpty();
  }

  @Test
  void ofManyWhoRecordOneDiskForSeveralDevicesOneIsHeard() throws Exception {
    var heard =
        StoreFixture.together(
            List.<Callable<Boolean>>of(
                () -> records.recordDisk(DEV1, "same"),
                () -> records.recordDisk(DEV2, "same"),
                () -> records.recordDisk(StoreFixture.DEV3, "same")));

    assertThat(heard).containsOnlyOnce(true);
  }

  @Test
  void anOperatorMayChangeADiskButNotTakeAnothers() {
    records.recordDisk(DEV1, "a");
    records.recordDisk(DEV2, "b");

    assertThat(records.acceptDisk(DEV1, "b")).isFalse();
    assertThat(records.acceptDisk(DEV1, "new")).isTrue();
    assertThat(records.load().of(DEV1).identity()).contains("new");
  }

  @Test
  void timesAreNotedOnceAndTakenBack() throws SQLException {
    records.unreachable(List.of(DEV1), true);
    fixture.sql("UPDATE hayloft_device SET unreachable_since = 5, counted_from = 5");
    records.unreachable(List.of(DEV1), true);
    assertThat(records.load().of(DEV1).unreachableSince()).hasValue(5);

    records.stopCounting(List.of(DEV1));
    assertThat(records.load().of(DEV1).countedFrom()).isEmpty();
    records.count(List.of(DEV1));
    assertThat(records.load().of(DEV1).countedFrom().orElseThrow())
        .isBetween(records.load().now() - 60, records.load().now());

    records.reached(List.of(DEV1));
    assertThat(records.load().of(DEV1).unreachableSince()).isEmpty();
    assertThat(records.load().of(DEV1).reachedAgain()).isPresent();
    records.count(List.of(DEV1));
    assertThat(records.load().of(DEV1).countedFrom()).isEmpty();
  }

  @Test
  void onlyWhatIsStillAsItWasDecidedOnIsMarkedDead() throws SQLException {
    records.unreachable(List.of(DEV1), true);
    long counted = records.load().of(DEV1).countedFrom().orElseThrow();
    assertThat(records.markDead(DEV1, counted - 1)).isFalse();

    fixture.sql("UPDATE device SET status = 'down'");
    assertThat(records.markDead(DEV1, counted)).isFalse();

    fixture.sql("UPDATE device SET status = 'drain'");
    assertThat(records.markDead(DEV1, counted)).isTrue();
    assertThat(fixture.query("SELECT status FROM device")).containsExactly("dead");
    assertThat(records.load().of(DEV1).unreachableSince()).isEmpty();
  }
}
