package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.Reach;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client hears about files that are there, word by word. */
class FileConversationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"get_paths", "file_info", "file_debug", "delete", "updateclass", "edit_none"})
  void everyFileCommandChecksDomainAndKeyFirst(String command) {
    if (command.equals("edit_none")) {
      tracker.play("> edit_none\nERR unknown_command Unknown+server+command\n");
      return;
    }
    tracker.play(
        """
        > COMMAND
        ERR no_domain No+domain+provided
        > COMMAND domain=x&key=k
        ERR unreg_domain Domain+name+invalid/not+found
        > COMMAND domain=d
        ERR no_key no_key
        > COMMAND domain=d&key=
        ERR no_key no_key
        """
            .replace("COMMAND", command));
  }

  @Test
  void whatIsNotThereIsAnUnknownKey() {
    tracker.play(
        """
        > get_paths domain=d&key=k
        ERR unknown_key unknown_key
        > file_info domain=d&key=k
        ERR unknown_key unknown_key
        > file_debug domain=d&key=k
        ERR unknown_key unknown_key
        > delete domain=d&key=nope&callid=42
        ERR unknown_key unknown_key 42
        > rename domain=d&from_key=k&to_key=l
        ERR unknown_key unknown_key
        > updateclass domain=d&key=k&class=default
        ERR invalid_key invalid_key
        """);
  }

  @Test
  void deletedFileHasNoNameAndIsQueued() {
    tracker.store("d", "k", "12345");
    tracker.play(
        """
        > delete domain=d&key=k
        OK\s
        > get_paths domain=d&key=k&noverify=1
        ERR unknown_key unknown_key
        > delete domain=d&key=k
        ERR unknown_key unknown_key
        """);
    assertThat(tracker.ok("file_debug fid=1"))
        .containsKey("delqueue_nexttry")
        .containsEntry("devids", "1")
        .containsEntry("devpath_1", "http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid");
    assertThat(tracker.woken()).contains("delete");
  }

  @Test
  void renameNeverReplaces() {
    tracker.store("d", "a", "aaaaa");
    tracker.store("d", "b", "b");
    tracker.play(
        """
        > rename domain=d
        ERR no_key no_key
        > rename domain=d&from_key=a
        ERR no_key no_key
        > rename domain=d&from_key=a&to_key=b
        ERR key_exists Target+key+name+already+exists%3B+can%27t+overwrite.
        > file_info domain=d&key=b
        OK fid=2&domain=d&class=default&key=b&length=1&devcount=1
        > rename domain=d&from_key=a&to_key=c
        OK\s
        > file_info domain=d&key=c
        OK fid=1&domain=d&class=default&key=c&length=5&devcount=1
        > file_info domain=d&key=a
        ERR unknown_key unknown_key
        > rename domain=d&from_key=c&to_key=c
        OK\s
        """);
  }

  @Test
  void updateclassMovesAFileAndQueuesIt() {
    tracker.ok("create_class domain=d&class=two&mindevcount=2");
    tracker.store("d", "k", "12345");
    tracker.play(
        """
        > updateclass domain=d&key=k
        ERR no_class No+class+provided
        > updateclass domain=d&key=k&class=x
        ERR class_not_found Class+not+found
        > updateclass domain=d&key=k&class=two
        OK\s
        > file_info domain=d&key=k
        OK fid=1&domain=d&class=two&key=k&length=5&devcount=1
        > updateclass domain=d&key=k&class=two
        OK\s
        > updateclass domain=d&key=k&class=default
        OK\s
        > file_info domain=d&key=k
        OK fid=1&domain=d&class=default&key=k&length=5&devcount=1
        """);
    assertThat(tracker.ok("file_debug fid=1")).containsEntry("replqueue_nexttry", "0");
  }

  @Test
  void listGoesByPrefixInByteOrder() {
    for (var key : List.of("b", "a/2", "a/1", "B", "a(", "a.c", "0")) {
      tracker.store("d", key, "x");
    }
    tracker.play(
        """
        > list_keys
        ERR no_domain No+domain+provided
        > list_keys domain=d
        OK key_count=7&key_1=0&key_2=B&key_3=a%28&key_4=a.c&key_5=a/1&key_6=a/2&key_7=b&next_after=b
        > list_keys domain=d&limit=2
        OK key_count=2&key_1=0&key_2=B&next_after=B
        > list_keys domain=d&limit=2&after=B
        OK key_count=2&key_1=a%28&key_2=a.c&next_after=a.c
        > list_keys domain=d&prefix=a/
        OK key_count=2&key_1=a/1&key_2=a/2&next_after=a/2
        > list_keys domain=d&prefix=a/&after=a/1
        OK key_count=1&key_1=a/2&next_after=a/2
        > list_keys domain=d&prefix=a/&after=a/2
        ERR none_match No+keys+match+that+pattern+and+after-value+%28if+any%29.
        > list_keys domain=d&prefix=a/&after=b
        ERR after_mismatch Pattern+does+not+match+the+after-value%3F
        > list_keys domain=d&prefix=a(
        OK key_count=1&key_1=a%28&next_after=a%28
        > list_keys domain=d&prefix=a.&after=a/1
        ERR after_mismatch Pattern+does+not+match+the+after-value%3F
        > list_keys domain=d&prefix=0
        OK key_count=1&key_1=0&next_after=0
        > list_keys domain=d&after=0&limit=1
        OK key_count=1&key_1=B&next_after=B
        > list_keys domain=d&limit=x
        ERR none_match No+keys+match+that+pattern+and+after-value+%28if+any%29.
        > list_keys domain=d&limit=-5&prefix=b
        OK key_count=1&key_1=b&next_after=b
        > list_keys domain=d&limit=0&prefix=b
        OK key_count=1&key_1=b&next_after=b
        > list_keys domain=d&limit=99999&prefix=b
        OK key_count=1&key_1=b&next_after=b
        > list_keys domain=d&prefix=zz
        ERR none_match No+keys+match+that+pattern+and+after-value+%28if+any%29.
        """);
  }

  @Test
  void fidsAreListedInTheirOrder() {
    tracker.play("> list_fids from=0&to=10\nOK fid_count=0\n");
    tracker.store("d", "k1", "x");
    tracker.store("d", "k2", "yy");
    tracker.play(
        """
        > list_fids from=0&to=10
        OK fid_count=2&fid_1_fid=1&fid_1_domain=d&fid_1_class=default&fid_1_key=k1&fid_1_length=1&fid_1_devcount=1&fid_2_fid=2&fid_2_domain=d&fid_2_class=default&fid_2_key=k2&fid_2_length=2&fid_2_devcount=1
        > list_fids from=1
        OK fid_count=1&fid_1_fid=2&fid_1_domain=d&fid_1_class=default&fid_1_key=k2&fid_1_length=2&fid_1_devcount=1
        > list_fids to=1
        OK fid_count=1&fid_1_fid=1&fid_1_domain=d&fid_1_class=default&fid_1_key=k1&fid_1_length=1&fid_1_devcount=1
        > list_fids from=2&to=-1
        OK fid_count=0
        """);
  }

  @Test
  void debugTellsAllThatIsKnown() {
    tracker.store("d", "k", "12345");
    tracker.play(
        """
        > file_debug domain=d&key=k
        OK fid_fid=1&fid_dmid=1&fid_dkey=k&fid_length=5&fid_classid=0&fid_devcount=1&fid_domain=d&fid_class=default&replqueue_fid=1&replqueue_nexttry=0&replqueue_fromdevid=&replqueue_failcount=0&replqueue_flags=0&devids=1&devpath_1=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid&checksum=NONE
        > file_debug fid=77
        OK checksum=NONE
        > file_debug fid=abc
        OK checksum=NONE
        > file_debug fid=-5
        OK checksum=NONE
        > file_debug fid=99999999999999999999999
        OK checksum=NONE
        """);
    tracker.ok("create_open domain=d&key=open");
    assertThat(tracker.ask("file_debug fid=2"))
        .isEqualTo(
            "OK tempfile_classid=0&tempfile_dmid=1&tempfile_dkey=open&tempfile_devids=1"
                + "&checksum=NONE");
  }

  @Test
  void debugShowsTheRowsOfAllTables() throws SQLException {
    tracker.store("d", "k", "12345");
    sql("UPDATE file_to_replicate SET nexttry = 7, fromdevid = 1, failcount = 2, flags = 3");
    sql("INSERT INTO file_to_delete2 (fid, nexttry, failcount) VALUES (1, 8, 4)");
    sql(
        "INSERT INTO file_to_queue (fid, devid, type, nexttry, failcount, flags, arg)"
            + " VALUES (1, 5, 2, 9, 1, 0, '6,7'), (1, NULL, 1, 10, 0, 0, NULL)");
    sql("INSERT INTO tempfile VALUES (1, 11, 3, 1, 'other', '1,2')");
    sql("INSERT INTO file_on VALUES (1, 99)");
    sql("INSERT INTO checksum VALUES (1, 1, UNHEX('827ccb0eea8a706c4c34a16891f84e7b'))");

    assertThat(tracker.ok("file_debug fid=1x"))
        .containsAllEntriesOf(
            Map.ofEntries(
                entry("fid_dkey", "k"),
                entry("tempfile_classid", "3"),
                entry("tempfile_dmid", "1"),
                entry("tempfile_dkey", "other"),
                entry("tempfile_devids", "1,2"),
                entry("replqueue_fid", "1"),
                entry("replqueue_nexttry", "7"),
                entry("replqueue_fromdevid", "1"),
                entry("replqueue_failcount", "2"),
                entry("replqueue_flags", "3"),
                entry("delqueue_fid", "1"),
                entry("delqueue_nexttry", "8"),
                entry("delqueue_failcount", "4")))
        .containsAllEntriesOf(
            Map.ofEntries(
                entry("rebqueue_fid", "1"),
                entry("rebqueue_devid", "5"),
                entry("rebqueue_type", "2"),
                entry("rebqueue_nexttry", "9"),
                entry("rebqueue_failcount", "1"),
                entry("rebqueue_flags", "0"),
                entry("rebqueue_arg", "6,7"),
                entry("fsckqueue_fid", "1"),
                entry("fsckqueue_devid", ""),
                entry("fsckqueue_type", "1"),
                entry("fsckqueue_nexttry", "10"),
                entry("fsckqueue_arg", ""),
                entry("devids", "1,99"),
                entry("checksum", "MD5:827ccb0eea8a706c4c34a16891f84e7b")))
        .containsKey("devpath_1")
        .doesNotContainKey("devpath_99");
  }

  @Test
  void aFileWhoseClassOrDomainIsGoneIsListedWithoutTheirNames() throws SQLException {
    tracker.store("d", "k", "1");
    tracker.store("d", "m", "1");
    sql("UPDATE file SET classid = 9 WHERE fid = 1");
    sql("UPDATE file SET dmid = 9 WHERE fid = 2");
    tracker.play(
        """
        > list_fids
        OK fid_count=2&fid_1_fid=1&fid_1_domain=d&fid_1_class=&fid_1_key=k&fid_1_length=1&fid_1_devcount=1&fid_2_fid=2&fid_2_domain=&fid_2_class=default&fid_2_key=m&fid_2_length=1&fid_2_devcount=1
        > file_info domain=d&key=k
        OK fid=1&domain=d&class=&key=k&length=1&devcount=1
        """);
  }

  @Test
  void replicateNowMakesDueWhatWasGivenUp() throws SQLException {
    for (var key : List.of("a", "b", "c")) {
      tracker.store("d", key, "1");
    }
    sql("UPDATE file_to_replicate SET nexttry = 2147483647 WHERE fid = 1");
    sql("UPDATE file_to_replicate SET nexttry = UNIX_TIMESTAMP() + 1000 WHERE fid = 2");
    tracker.play(
        """
        > replicate_now
        OK count=2
        > replicate_now
        OK count=0
        """);
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = DATABASE.connect();
        var running = connection.createStatement()) {
      running.executeUpdate(statement);
    }
  }

  /** A file on devices 1 to 3 of as many hosts. */
  private void replicated() {
    tracker.addHost(2);
    tracker.addHost(3);
    long fid = tracker.store("d", "k", "12345");
    for (int device = 1; device <= 3; device++) {
      tracker.nodes().put(device, fid, 5);
      tracker.stores().replication().copied(new Fid(fid), new DeviceId(device), Optional.empty());
    }
  }

  private List<Integer> paths(String more) {
    var reply = tracker.ok("get_paths domain=d&key=k" + more);
    var devices = new ArrayList<Integer>();
    for (int i = 1; i <= Integer.parseInt(WireFixture.value(reply, "paths")); i++) {
      var path = WireFixture.value(reply, "path" + i);
      devices.add(Integer.valueOf(path.replaceAll(".*/dev([0-9]+)/.*", "$1")));
    }
    return devices;
  }

  @Test
  void twoPathsAreGivenUnlessMoreAreAskedFor() {
    replicated();
    assertThat(paths("")).hasSize(2).doesNotHaveDuplicates();
    assertThat(paths("&pathcount=0")).hasSize(2);
    assertThat(paths("&pathcount=1&noverify=1")).hasSize(2);
    assertThat(paths("&pathcount=3")).hasSize(3).doesNotHaveDuplicates();
    assertThat(paths("&pathcount=50")).hasSize(3);
  }

  @Test
  void replicaThatIsGoneIsNeverFirst() {
    replicated();
    tracker.nodes().remove(2, 1);
    for (int i = 0; i < 20; i++) {
      assertThat(paths("").getFirst()).isNotEqualTo(2);
    }
  }

  @Test
  void replicaOfTheWrongLengthIsNeverFirst() {
    replicated();
    tracker.nodes().put(2, 1, 4);
    tracker.nodes().put(3, 1, 6);
    for (int i = 0; i < 20; i++) {
      assertThat(paths("").getFirst()).isEqualTo(1);
    }
  }

  @Test
  void noReplicaIsStillAnAnswer() {
    replicated();
    for (int device = 1; device <= 3; device++) {
      tracker.nodes().remove(device, 1);
    }
    tracker.play("> get_paths domain=d&key=k\nOK paths=0\n");
    assertThat(paths("&noverify=1")).hasSize(2);
  }

  @Test
  void hungNodeDoesNotKeepAClientWaiting() {
    replicated();
    tracker.nodes().hang(2);
    assertTimeout(
        Duration.ofSeconds(6),
        () -> {
          for (int i = 0; i < 6; i++) {
            assertThat(paths("").getFirst()).isNotEqualTo(2);
          }
        });
  }

  @Test
  void drainingDeviceIsLastAndUnreadableOneIsTheLastResort() {
    replicated();
    tracker.ok("set_state host=h2&device=2&state=drain");
    for (int i = 0; i < 10; i++) {
      assertThat(paths("&pathcount=3").getLast()).isEqualTo(2);
    }
    tracker.ok("set_state host=h3&device=3&state=down");
    tracker.cluster().see(1, Reach.UNREACHABLE, "");
    assertThat(paths("&pathcount=3")).containsExactly(2);

    tracker.ok("set_state host=h2&device=2&state=down");
    assertThat(paths("")).hasSize(1);
  }

  @Test
  void busyDeviceIsSeldomFirst() {
    tracker.addHost(2);
    tracker.store("d", "k", "12345");
    for (int device = 1; device <= 2; device++) {
      tracker.nodes().put(device, 1, 5);
      tracker.stores().replication().copied(new Fid(1), new DeviceId(device), Optional.empty());
    }
    tracker.cluster().see(1, Reach.WRITEABLE, "95.50");
    tracker.cluster().see(2, Reach.WRITEABLE, "5.00");
    int second = 0;
    for (int i = 0; i < 200; i++) {
      second += paths("&noverify=1").getFirst() == 2 ? 1 : 0;
    }
    assertThat(second).isGreaterThan(160);
  }
}
