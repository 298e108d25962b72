package io.hayloft.tracker;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands for which no thread waits, over the wire. */
@Timeout(60)
class ErrandsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.addHost(1);
    tracker.ok("create_domain domain=d");
    tracker.ok("create_class domain=d&class=summed&mindevcount=1&hashtype=MD5");
    tracker.nodes().prepareNothing();
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  private int threadsFor(String request) {
    int before = tracker.requestThreads();
    tracker.ok(request);
    return tracker.requestThreads() - before;
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = DATABASE.connect();
        var change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  @Test
  void simpleCommandsNeedNoThread() {
    tracker.store("d", "k", "bytes");
    tracker.ok("create_domain domain=plain");
    tracker.store("plain", "k", "bytes");

    assertThat(threadsFor("create_open domain=d&key=new")).isZero();
    assertThat(threadsFor("get_paths domain=d&key=k&noverify=1")).isZero();
    assertThat(threadsFor("file_info domain=plain&key=k")).isZero();
    assertThat(threadsFor("rename domain=d&from_key=k&to_key=other")).isZero();
    assertThat(threadsFor("delete domain=d&key=other")).isZero();
  }

  @Test
  void verifiedPathsNeedNoThreadButWhereTheFirstPlaceIsNotAsItShouldBe() {
    long fid = tracker.store("d", "k", "bytes");
    int whole = tracker.nodes().looked().size();
    assertThat(threadsFor("get_paths domain=d&key=k")).isZero();
    assertThat(tracker.nodes().looked()).as("asked").hasSize(whole + 1);
    assertThat(tracker.ask("get_paths domain=d&key=k")).startsWith("OK paths=1&path1=http://");

    tracker.nodes().put(1, fid, 4);
    assertThat(threadsFor("get_paths domain=d&key=k")).as("another length").isOne();
    assertThat(tracker.ask("get_paths domain=d&key=k")).isEqualTo("OK paths=0");
    tracker.nodes().hang(1);
    assertThat(threadsFor("get_paths domain=d&key=k")).as("no answer").isOne();
    tracker.nodes().release();
  }

  /** An upload whose bytes are where they should be; the request that closes it. */
  private String uploaded(String key, String more) {
    var opened = tracker.ok("create_open domain=d&key=" + key + more);
    var path = WireFixture.value(opened, "path");
    tracker.nodes().put(path.substring(path.indexOf("/dev")), new byte[5]);
    return "create_close domain=d&key=%s&fid=%s&devid=1&path=%s"
        .formatted(key, opened.get("fid"), path);
  }

  @Test
  void closesNeedNoThreadButForWhatIsUnusual() {
    assertThat(threadsFor(uploaded("k", "") + "&size=5")).isZero();
    assertThat(threadsFor(uploaded("k", "") + "&checksum=MD5:" + "0".repeat(32))).isZero();
    assertThat(tracker.ok("file_info domain=d&key=k")).containsEntry("length", "5");

    assertThat(threadsFor(uploaded("k", "&fid=900"))).as("a number of its own").isOne();
    var verified = uploaded("k", "") + "&checksumverify=1";
    assertThat(threadsFor(verified)).as("verifying").isOne();
  }

  @Test
  void aCloseKeepsADigestThatItsClassKeeps() {
    var digest = "MD5:" + "0a".repeat(16);
    assertThat(threadsFor(uploaded("k", "&class=summed") + "&checksum=" + digest)).isZero();

    assertThat(tracker.ok("file_info domain=d&key=k")).containsEntry("checksum", digest);
  }

  @Test
  void whatIsWrongWithBytesEndsTheUpload() {
    var wrong = uploaded("k", "") + "&size=6";
    assertThat(tracker.ask(wrong)).startsWith("ERR size_mismatch ");
    assertThat(tracker.ask(wrong)).startsWith("ERR no_temp_file ");

    var gone = uploaded("k", "");
    tracker.nodes().refuse(1);
    int before = tracker.requestThreads();
    assertThat(tracker.ask(gone)).startsWith("ERR size_verify_error ").contains("cantreach");
    assertThat(tracker.requestThreads()).as("the node is not asked again").isEqualTo(before);
  }

  @Test
  void anUploadThatEndsOnADeadDeviceIsRefused() throws SQLException {
    var close = uploaded("k", "");
    sql("UPDATE device SET status = 'dead' WHERE devid = 1");

    assertThat(tracker.ask(close)).startsWith("ERR invalid_destdev ").contains("dead");
  }

  @Test
  void refusalsNeedNoThreadEither() {
    int before = tracker.requestThreads();

    assertThat(tracker.ask("get_paths domain=d&key=no&noverify=1")).startsWith("ERR unknown_key ");
    assertThat(tracker.ask("get_paths domain=d&key=no")).startsWith("ERR unknown_key ");
    assertThat(tracker.ask("delete domain=d&key=no")).startsWith("ERR unknown_key ");
    assertThat(tracker.ask("rename domain=d&from_key=no&to_key=k")).startsWith("ERR unknown_key ");

    assertThat(tracker.requestThreads()).isEqualTo(before);
  }

  @Test
  void requestsThatCameTogetherAreAnsweredInTheirOrderWhoeverAnswersThem() {
    tracker.store("d", "k", "bytes");
    var requests =
        List.of(
            "get_paths domain=d&key=k&noverify=1",
            "noop",
            "rename domain=d&from_key=k&to_key=k2",
            "get_paths domain=d&key=k2",
            "get_paths domain=d&key=k&noverify=1",
            "file_info domain=d&key=k2",
            "delete domain=d&key=k2",
            "delete domain=d&key=k2",
            "create_open domain=d&key=k3",
            "nonsense");
    var lines = new ArrayList<String>();
    try (var wire = tracker.connect()) {
      wire.send(requests.stream().map(each -> each + "\r\n").collect(joining()));
      requests.forEach(_ -> lines.add(wire.line()));
    }

    assertThat(lines.stream().map(line -> line.replaceFirst("[=&].*", "").strip()))
        .containsExactly(
            "OK paths",
            "OK",
            "OK",
            "OK paths",
            "ERR unknown_key unknown_key",
            "OK fid",
            "OK",
            "ERR unknown_key unknown_key",
            "OK fid",
            "ERR unknown_command Unknown+server+command");
  }

  /** What the view at hand does not know is read again, by a thread that may wait for it. */
  @Test
  void aDeviceThatAnotherTrackerHasJustMadeIsFound() throws SQLException {
    sql(
        "INSERT INTO host (hostid, status, http_port, hostname, hostip) VALUES"
            + " (2, 'alive', 7500, 'h2', '10.0.0.2')");
    sql("INSERT INTO device (devid, hostid, status) VALUES (2, 2, 'alive')");
    sql(
        "INSERT INTO file (fid, dmid, dkey, length, classid, devcount) VALUES"
            + " (77, 1, 'far', 9, 0, 1)");
    sql("INSERT INTO file_on (fid, devid) VALUES (77, 2)");

    assertThat(tracker.ask("get_paths domain=d&key=far&noverify=1"))
        .isEqualTo("OK paths=1&path1=http://10.0.0.2:7500/dev2/0/000/000/0000000077.fid");
  }

  @Test
  void aDigestIsToldWhereTheClassKeepsOne() {
    tracker.store("d", "k", "bytes", "&class=summed");

    assertThat(tracker.ask("file_info domain=d&key=k")).contains("checksum=MISSING");
  }

  @Test
  void whatAnUploadWaitsForTheNodesIsNotTheDatabases() {
    tracker.nodes().prepareEverything();
    tracker.ok("create_open domain=d&key=new");

    var words =
        tracker.connect().console("!times").stream()
            .filter(line -> line.startsWith("command ") && line.endsWith(" create_open"))
            .findFirst()
            .orElseThrow()
            .split(" ");
    assertThat(Double.parseDouble(words[4])).as("database").isPositive();
    assertThat(Double.parseDouble(words[5])).as("nodes").isPositive();
  }
}
