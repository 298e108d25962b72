package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.FsckEvent;
import io.hayloft.tracker.model.FsckTerms.Scope;
import io.hayloft.tracker.store.FsckRunStore.Doubt;
import io.hayloft.tracker.store.FsckRunStore.Orphans;
import io.hayloft.tracker.store.FsckRunStore.Passed;
import io.hayloft.tracker.store.FsckRunStore.Portion;
import io.hayloft.tracker.store.FsckRunStore.Speed;
import io.hayloft.tracker.store.FsckStore.Conclusion;
import io.hayloft.tracker.store.FsckStore.Event;
import io.hayloft.tracker.store.FsckStore.Range;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator hears about the check of all files, word by word. */
class FsckConversationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.addHost(1);
    tracker.ok("create_domain domain=d");
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void aCheckGoesUpToTheEndThatWasFixedAndNotBeyond() throws SQLException {
    long last = storeThree();
    tracker.ok("fsck_reset");
    tracker.ok("fsck_start");
    tracker.store("d", "later", "x");
    var fsck = tracker.upkeep().fsckRuns();

    assertThat(fsck.stand("elsewhere")).isEmpty();
    assertThat(move("elsewhere", 0, last - 1)).isFalse();
    assertThat(move("tracker1", 0, last - 1)).isTrue();
    assertThat(move("tracker1", 0, last - 1)).as("it is not there any more").isFalse();
    assertThat(fsck.finish("tracker1")).as("there is more").isFalse();
    tracker.ok("fsck_stop");
    assertThat(move("tracker1", last - 1, last)).isFalse();
    tracker.ok("fsck_start");
    assertThat(fsck.stand("tracker1").orElseThrow().range()).isEqualTo(new Range(last - 1, last));
    assertThat(move("tracker1", last - 1, last)).isTrue();
    assertThat(fsck.finish("tracker1")).isTrue();

    assertThat(query("SELECT fid, type FROM file_to_queue ORDER BY fid"))
        .containsExactly((last - 2) + " 1", (last - 1) + " 1", last + " 1");
    assertThat(tracker.ok("fsck_status"))
        .containsEntry("running", "0")
        .containsEntry("max_fid_checked", Long.toString(last));
  }

  @Test
  void aSecondRunWithoutResetLooksOnlyAtWhatIsNew() {
    long last = storeThree();
    tracker.ok("fsck_start");
    assertThat(move("tracker1", 0, last)).isTrue();
    assertThat(tracker.upkeep().fsckRuns().finish("tracker1")).isTrue();
    long later = tracker.store("d", "later", "x");

    tracker.ok("fsck_start");

    assertThat(tracker.ok("fsck_status"))
        .containsEntry("max_fid_checked", Long.toString(last))
        .containsEntry("end_fid", Long.toString(later));
  }

  @Test
  void eventsAreLoggedCountedAndCleared() throws SQLException {
    long fid = storeThree();
    tracker.ok("fsck_reset");
    tracker.ok("fsck_start");
    log(fid, Event.of(FsckEvent.MISS, new DeviceId(7)), Event.of(FsckEvent.SRCH));
    log(fid, Event.of(FsckEvent.MISS, new DeviceId(8)));

    var log = tracker.ok("fsck_getlog");
    long first = Long.parseLong(WireFixture.value(log, "row_1_logid"));
    long time = Long.parseLong(WireFixture.value(log, "row_1_utime"));
    assertThat(tracker.ask("fsck_getlog after_logid=" + (first - 1)))
        .isEqualTo(
            ("OK row_count=3&row_1_logid=%1$d&row_1_utime=%4$d&row_1_fid=%5$d&row_1_evcode=MISS"
                    + "&row_1_devid=7&row_2_logid=%2$d&row_2_utime=%4$d&row_2_fid=%5$d"
                    + "&row_2_evcode=SRCH&row_3_logid=%3$d&row_3_utime=%6$s&row_3_fid=%5$d"
                    + "&row_3_evcode=MISS&row_3_devid=8")
                .formatted(
                    first, first + 1, first + 2, time, fid, WireFixture.value(log, "row_3_utime")));
    assertThat(tracker.ask("fsck_getlog after_logid=" + (first + 2))).isEqualTo("OK row_count=0");
    assertThat(tracker.ok("fsck_status"))
        .containsEntry("max_logid", Long.toString(first + 2))
        .containsEntry("num_MISS", "2")
        .containsEntry("num_SRCH", "1");
    assertThat(settings("fsck\\_sum%"))
        .containsExactly("fsck_sum_evcount_MISS 2", "fsck_sum_evcount_SRCH 1");

    tracker.ok("fsck_clearlog");
    log(fid, Event.of(FsckEvent.MISS, new DeviceId(8)));

    assertThat(tracker.ok("fsck_status")).containsEntry("num_MISS", "3");
    assertThat(tracker.ok("fsck_getlog")).containsEntry("row_count", "1");
    tracker.ok("fsck_reset");
    assertThat(tracker.ok("fsck_status")).doesNotContainKey("num_MISS");
  }

  @Test
  void eventsAreCountedOnceWhileChecksAreUnderWay() throws SQLException {
    long fid = storeThree();
    tracker.ok("fsck_reset");
    tracker.ok("fsck_start");
    move("tracker1", 0, fid);
    log(fid, Event.of(FsckEvent.BLEN, new DeviceId(1)));

    assertThat(tracker.ok("fsck_status")).containsEntry("num_BLEN", "1");
    assertThat(settings("fsck\\_sum%")).as("others may still be committed").isEmpty();

    execute("UPDATE fsck_log SET utime = utime - 100");
    log(fid, Event.of(FsckEvent.BLEN, new DeviceId(2)));
    assertThat(tracker.ok("fsck_status")).containsEntry("num_BLEN", "2");
    assertThat(settings("fsck\\_sum%")).containsExactly("fsck_sum_evcount_BLEN 1");
    assertThat(tracker.ok("fsck_status")).containsEntry("num_BLEN", "2");
  }

  @Test
  void theLogComesInPagesOfAHundred() throws SQLException {
    long fid = storeThree();
    var events = new ArrayList<Event>();
    for (int i = 0; i < 101; i++) {
      events.add(Event.of(FsckEvent.SRCH));
    }
    log(fid, events.toArray(Event[]::new));

    var page = tracker.ok("fsck_getlog");

    assertThat(page).containsEntry("row_count", "100").doesNotContainKey("row_101_logid");
    assertThat(tracker.ok("fsck_getlog after_logid=" + page.get("row_100_logid")))
        .containsEntry("row_count", "1");
  }

  @Test
  void settingsOfTheCheckAreNotListed() {
    storeThree();
    tracker.ok("fsck_reset");
    tracker.ok("fsck_start");
    tracker.ok("set_server_setting key=fsck_checksum&value=MD5");

    assertThat(tracker.ask("server_settings"))
        .isEqualTo(
            "OK key_count=2&key_1=fsck_checksum&value_1=MD5&key_2=schema_version&value_2=17");
    assertThat(tracker.ask("server_setting key=fsck_fids_checked"))
        .isEqualTo("OK key=fsck_fids_checked&value=0");
  }

  /** All files of a range are to be looked at closely. */
  private boolean move(String host, long from, long to) {
    var runs = tracker.upkeep().fsckRuns();
    var slice = runs.read(new Range(from, to), Scope.ALL, new Portion(100, Long.MAX_VALUE, false));
    var doubts =
        IntStream.range(0, slice.files())
            .mapToObj(i -> new Doubt(slice.fid(i), Optional.empty()))
            .toList();
    var passed =
        new Passed(new Range(from, to), 0, doubts, List.of(), Orphans.NONE, new Speed(0, 0));
    return runs.pass(host, passed, 100);
  }

  private long storeThree() {
    tracker.store("d", "a", "x");
    tracker.store("d", "b", "x");
    return tracker.store("d", "c", "x");
  }

  private void log(long fid, Event... events) {
    assertThat(
            tracker
                .upkeep()
                .fsck()
                .conclude(
                    new Conclusion(
                        new Fid(fid),
                        List.of(events),
                        Set.of(),
                        Set.of(),
                        Optional.empty(),
                        Set.of())))
        .isTrue();
  }

  private static List<String> settings(String like) throws SQLException {
    return query(
        "SELECT field, value FROM server_settings WHERE field LIKE '" + like + "' ORDER BY field");
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> query(String sql) throws SQLException {
    var lines = new ArrayList<String>();
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        lines.add(rows.getString(1) + " " + rows.getString(2));
      }
    }
    return lines;
  }
}
