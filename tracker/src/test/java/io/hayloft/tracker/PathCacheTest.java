package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code get_paths} from a tracker's own memory. What another tracker would change is changed here
 * behind the tracker's back.
 */
@Timeout(60)
class PathCacheTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PATHS = "get_paths domain=d&noverify=1&key=";
  private static final String FOUND =
      "OK paths=1&path1=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid";
  private static final String UNKNOWN = "ERR unknown_key unknown_key";

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.addHost(1);
    tracker.ok("create_domain domain=d");
    sql(
        "INSERT INTO file (fid, dmid, dkey, length, classid, devcount) VALUES (1, 1, 'k', 9, 0,"
            + " 1)");
    sql("INSERT INTO file_on (fid, devid) VALUES (1, 1)");
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = DATABASE.connect();
        var change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  private void remember() {
    tracker.ok("set_server_setting key=path_cache_ttl&value=600");
    tracker.ok("clear_cache");
    assertThat(tracker.ask(PATHS + "k")).isEqualTo(FOUND);
  }

  @Test
  void nothingIsRememberedUnlessAnOperatorSaysForHowLong() throws SQLException {
    assertThat(tracker.ask(PATHS + "k")).isEqualTo(FOUND);
    sql("DELETE FROM file");

    assertThat(tracker.ask(PATHS + "k")).isEqualTo(UNKNOWN);
  }

  @Test
  void whatWasFoundIsToldAgainWithoutTheDatabase() throws SQLException {
    remember();
    sql("DELETE FROM file");

    assertThat(tracker.ask(PATHS + "k&callid=7")).isEqualTo(FOUND + "&callid=7");
    assertThat(tracker.ask("file_info domain=d&key=k")).isEqualTo(UNKNOWN);
  }

  @Test
  void aClientThatWantsItVerifiedIsNotToldFromMemory() throws SQLException {
    remember();
    sql("DELETE FROM file");

    assertThat(tracker.ask("get_paths domain=d&key=k")).isEqualTo(UNKNOWN);
  }

  @Test
  void itIsToldInPassingWhileEveryPlaceIsTaken() throws SQLException {
    remember();
    tracker.answerAtOnce(0);

    assertThat(tracker.ask(PATHS + "k")).isEqualTo(FOUND);
    tracker.answerAtOnce(64);
  }

  @Test
  void deletedThroughThisTrackerItIsUnknownAtOnce() throws SQLException {
    remember();
    tracker.ok("delete domain=d&key=k");

    assertThat(tracker.ask(PATHS + "k")).isEqualTo(UNKNOWN);
  }

  @Test
  void renamedThroughThisTrackerBothNamesAreRightAtOnce() throws SQLException {
    remember();
    tracker.ok("rename domain=d&from_key=k&to_key=l");

    assertThat(tracker.ask(PATHS + "k")).isEqualTo(UNKNOWN);
    assertThat(tracker.ask(PATHS + "l")).isEqualTo(FOUND);
  }

  @Test
  void aKeyThatIsNotThereIsLookedForEachTime() throws SQLException {
    remember();
    assertThat(tracker.ask(PATHS + "m")).isEqualTo(UNKNOWN);
    sql(
        "INSERT INTO file (fid, dmid, dkey, length, classid, devcount) VALUES (2, 1, 'm', 9, 0,"
            + " 1)");
    sql("INSERT INTO file_on (fid, devid) VALUES (2, 1)");

    assertThat(tracker.ask(PATHS + "m")).startsWith("OK paths=1&");
  }

  @Test
  void refusalsAreTheSameWithAndWithoutMemory() {
    remember();

    assertThat(tracker.ask("get_paths noverify=1&key=k")).startsWith("ERR no_domain ");
    assertThat(tracker.ask("get_paths noverify=1&domain=x&key=k")).startsWith("ERR unreg_domain ");
    assertThat(tracker.ask("get_paths noverify=1&domain=d")).startsWith("ERR no_key ");
    assertThat(tracker.ask(PATHS + "k".repeat(256))).startsWith("ERR key_too_long ");
  }
}
