package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Reply;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that are paths, from a client's side. */
class FilePathsTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE, List.of("FilePaths"));
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
    tracker.ok("plugin_filepaths_enable domain=d");
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  private String list(String path) {
    return tracker.ask("plugin_filepaths_list_directory domain=d&argcount=1&arg1=" + path);
  }

  @Test
  void filesAndDirectoriesAreListed() {
    tracker.store("d", "/bar/file1.txt", "12345");
    tracker.store("d", "/top", "");
    tracker.store("d", "/bar/deep/er", "1");
    tracker.play(
        """
        > plugin_filepaths_list_directory domain=d&arg1=/&argcount=1
        OK files=2&file0=bar&file0.type=D&file1=top&file1.type=F&file1.size=0
        > plugin_filepaths_list_directory domain=d&arg1=/bar&argcount=1
        OK files=2&file0=deep&file0.type=D&file1=file1.txt&file1.type=F&file1.size=5
        > plugin_filepaths_list_directory domain=d&arg1=/bar/deep/&argcount=1
        OK files=1&file0=er&file0.type=F&file0.size=1
        > plugin_filepaths_list_directory domain=d&arg1=/nope&argcount=1
        ERR path_not_found Path+provided+was+not+found+in+database
        > plugin_filepaths_list_directory domain=d&arg1=/top&argcount=1
        ERR not_a_directory Path+provided+is+not+a+directory
        > plugin_filepaths_list_directory domain=d&arg1=bar&argcount=1
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > plugin_filepaths_list_directory domain=d
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > plugin_filepaths_list_directory domain=x&arg1=/
        ERR unreg_domain Domain+name+invalid/not+found
        """);
  }

  @Test
  void longDirectoriesComeInPages() {
    for (var name : List.of("c", "a", "b")) {
      tracker.store("d", "/" + name, "1");
    }
    tracker.play(
        """
        > plugin_filepaths_list_directory domain=d&argcount=3&arg1=/&arg2=&arg3=2
        OK files=2&file0=a&file0.type=F&file0.size=1&file1=b&file1.type=F&file1.size=1&next_after=b
        > plugin_filepaths_list_directory domain=d&argcount=3&arg1=/&arg2=b&arg3=2
        OK files=1&file0=c&file0.type=F&file0.size=1
        """);
  }

  @Test
  void everyCommandFindsAFileByItsPath() {
    tracker.store("d", "/a/b", "123");
    tracker.ok("create_class domain=d&class=c&mindevcount=1");
    tracker.play(
        """
        > get_paths domain=d&key=/a/b
        OK paths=1&path1=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        > updateclass domain=d&key=/a/b&class=c
        OK\s
        > file_info domain=d&key=/a/b
        OK fid=1&domain=d&class=c&key=fid:1&length=3&devcount=1
        > get_paths domain=d&key=/a
        ERR unknown_key unknown_key
        > delete domain=d&key=/a/b
        OK\s
        > get_paths domain=d&key=/a/b
        ERR unknown_key unknown_key
        > delete domain=d&key=/a/b
        ERR unknown_key unknown_key
        > plugin_filepaths_list_directory domain=d&arg1=/a
        OK files=0
        """);
    assertThat(tracker.ok("file_debug fid=1")).containsKey("delqueue_fid");
  }

  @Test
  void aNewFileAtAPathReplacesTheOld() {
    tracker.store("d", "/a/b", "123");
    tracker.store("d", "/a/b", "12345");
    assertThat(list("/a")).isEqualTo("OK files=1&file0=b&file0.type=F&file0.size=5");
    assertThat(tracker.ok("file_debug fid=1"))
        .containsKey("delqueue_fid")
        .doesNotContainKey("fid_fid");
    tracker.play(
        """
        > get_paths domain=d&key=/a/b
        OK paths=1&path1=http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid
        """);
  }

  @Test
  void aDeletedFileLeavesNoName() throws SQLException {
    tracker.store("d", "/a/b", "123");
    tracker.ok("delete domain=d&key=/a/b");

    try (var connection = DATABASE.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT name FROM hayloft_path WHERE fid > 0")) {
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void keysThatAreNoPathsAreRefused() {
    tracker.play(
        """
        > create_open domain=d&key=foo.txt
        ERR plugin_aborted The+keys+of+this+domain+are+absolute+paths,+as+in+/2026/one.jpg
        > create_open domain=d
        ERR plugin_aborted The+keys+of+this+domain+are+absolute+paths,+as+in+/2026/one.jpg
        > create_open domain=d&key=/a//b
        ERR plugin_aborted The+keys+of+this+domain+are+absolute+paths,+as+in+/2026/one.jpg
        > create_open domain=d&key=/a/
        ERR plugin_aborted The+keys+of+this+domain+are+absolute+paths,+as+in+/2026/one.jpg
        > get_paths domain=d&key=fid:1
        ERR plugin_aborted The+keys+of+this+domain+are+absolute+paths,+as+in+/2026/one.jpg
        > get_paths domain=d
        ERR no_key no_key
        """);
  }

  @Test
  void aDirectoryIsNoFileAndAFileNoDirectory() {
    tracker.store("d", "/a/b", "123");
    for (var path : List.of("/a", "/a/b/c")) {
      var opened = tracker.ok("create_open domain=d&key=" + path);
      var url = WireFixture.value(opened, "path");
      tracker.nodes().put(url.substring(url.indexOf("/dev")), new byte[1]);
      assertThat(
              tracker.ask(
                  "create_close domain=d&devid=1&key=%s&path=%s&fid=%s"
                      .formatted(path, url, opened.get("fid"))))
          .startsWith("ERR plugin_aborted " + (path.equals("/a") ? "That+path+is+a+dir" : ""));
    }
    assertThat(list("/a")).isEqualTo("OK files=1&file0=b&file0.type=F&file0.size=3");
    assertThat(list("/")).isEqualTo("OK files=1&file0=a&file0.type=D");
    assertThat(tracker.ok("list_keys domain=d")).containsEntry("key_count", "1");
  }

  @Test
  void anUploadCanBeGivenUp() {
    tracker.play(
        """
        > create_open domain=d&key=/a
        OK fid=1&devid=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        > create_close domain=d&fid=1&devid=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        OK\s
        """);
    assertThat(list("/")).isEqualTo("OK files=0");
  }

  @Test
  void aPathMayBeLongerThanAKey() {
    var path = "/" + "x".repeat(200) + "/" + "y".repeat(200);
    tracker.store("d", path, "123");
    assertThat(tracker.ok("file_info domain=d&key=" + path)).containsEntry("length", "3");
  }

  @Test
  void filesAndDirectoriesMove() {
    tracker.store("d", "/a/b/c", "123");
    tracker.store("d", "/other", "1");
    tracker.play(
        """
        > plugin_filepaths_rename domain=d&argcount=2&arg1=/a/b&arg2=/new/place
        OK\s
        > file_info domain=d&key=/new/place/c
        OK fid=1&domain=d&class=default&key=fid:1&length=3&devcount=1
        > file_info domain=d&key=/a/b/c
        ERR unknown_key unknown_key
        > plugin_filepaths_rename domain=d&argcount=2&arg1=/new/place/c&arg2=/other
        ERR rename_failed Something+is+at+the+new+path,+or+above+it
        > plugin_filepaths_rename domain=d&argcount=2&arg1=/new&arg2=/new/place/below
        ERR rename_failed Something+is+at+the+new+path,+or+above+it
        > plugin_filepaths_rename domain=d&argcount=2&arg1=/nope&arg2=/x
        ERR path_not_found Path+provided+was+not+found+in+database
        > plugin_filepaths_rename domain=d&argcount=2&arg1=x&arg2=/x
        ERR badly_formed_orig badly_formed_orig
        > plugin_filepaths_rename domain=d&argcount=2&arg1=/other&arg2=x/
        ERR badly_formed_new badly_formed_new
        > plugin_filepaths_rename domain=d&argcount=1&arg1=/other
        ERR bad_argcount bad_argcount
        """);
  }

  @Test
  void manyMayStoreInTheSameNewDirectoryAtOnce() throws InterruptedException {
    var names = IntStream.range(0, 12).mapToObj(i -> "/new/deep/" + i).toList();
    try (var tasks = Tasks.virtual()) {
      assertThat(tasks.forEach(names, names.size(), this::storeOnAConnectionOfItsOwn))
          .containsOnly("OK ");
    }
    assertThat(list("/new/deep")).startsWith("OK files=12&");
    assertThat(list("/new")).isEqualTo("OK files=1&file0=deep&file0.type=D");
  }

  private String storeOnAConnectionOfItsOwn(String path) {
    try (var wire = tracker.connect()) {
      var opened = ((Reply.Ok) Reply.parse(wire.ask("create_open domain=d&key=" + path))).values();
      var url = WireFixture.value(opened, "path");
      tracker.nodes().put(url.substring(url.indexOf("/dev")), new byte[1]);
      return wire.ask(
          "create_close domain=d&devid=1&key=%s&path=%s&fid=%s"
              .formatted(path, url, opened.get("fid")));
    }
  }

  /** The argument by which a path reaches a later hook means nothing when a client sends it. */
  @Test
  void aClientCannotNameAFileWhereThereIsNoTree() {
    tracker.ok("create_domain domain=e");
    var opened = tracker.ok("create_open domain=e&key=k");
    var url = WireFixture.value(opened, "path");
    tracker.nodes().put(url.substring(url.indexOf("/dev")), new byte[1]);
    tracker.ok(
        "create_close domain=e&devid=1&key=k&logical_path=/sly&path=%s&fid=%s"
            .formatted(url, opened.get("fid")));
    tracker.play(
        """
        > plugin_filepaths_enable domain=e
        OK\s
        > plugin_filepaths_list_directory domain=e&arg1=/&argcount=1
        OK files=0
        """);
  }

  @Test
  void onlyEnabledDomainsHaveATree() {
    tracker.ok("create_domain domain=e");
    tracker.store("e", "plain", "1");
    tracker.store("e", "/slash", "1");
    tracker.play(
        """
        > file_info domain=e&key=/slash&logical_path=/x
        OK fid=2&domain=e&class=default&key=/slash&length=1&devcount=1
        > plugin_filepaths_list_directory domain=e&arg1=/&argcount=1
        ERR plugin_not_active_for_domain plugin_not_active_for_domain
        > plugin_filepaths_enable domain=e
        OK\s
        > plugin_filepaths_enable domain=e
        OK\s
        > file_info domain=e&key=/slash
        OK fid=2&domain=e&class=default&key=/slash&length=1&devcount=1
        > plugin_filepaths_disable domain=e
        OK\s
        > file_info domain=e&key=plain
        OK fid=1&domain=e&class=default&key=plain&length=1&devcount=1
        """);
  }

  /** As the manual says it, with the statements that stand there. */
  @Test
  void aTreeOfTheOriginalIsTakenOver() throws SQLException, IOException {
    tracker.ok("create_domain domain=old");
    long fid = tracker.store("old", "fid:1", "123");
    assertThat(fid).isEqualTo(1);
    var manual = Files.readString(Path.of("..", "docs", "plugins.md"));
    int from = manual.indexOf("```sql") + 6;
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE plugin_filepaths_domains (dmid SMALLINT UNSIGNED NOT NULL)");
      statement.execute(
          "CREATE TABLE plugin_filepaths_paths (nodeid BIGINT UNSIGNED NOT NULL, dmid SMALLINT"
              + " UNSIGNED NOT NULL, parentnodeid BIGINT UNSIGNED NOT NULL, nodename VARCHAR(255),"
              + " fid BIGINT UNSIGNED)");
      statement.execute("INSERT INTO plugin_filepaths_domains VALUES (2)");
      statement.execute(
          "INSERT INTO plugin_filepaths_paths VALUES (5, 2, 0, 'dir', NULL), (6, 2, 5, 'one', 1)");
      for (var sql : manual.substring(from, manual.indexOf("```", from)).split(";")) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }

    assertThat(tracker.ok("file_info domain=old&key=/dir/one")).containsEntry("fid", "1");
    tracker.store("old", "/dir/two", "1");
    assertThat(tracker.ask("plugin_filepaths_list_directory domain=old&arg1=/dir"))
        .isEqualTo(
            "OK files=2&file0=one&file0.type=F&file0.size=3"
                + "&file1=two&file1.type=F&file1.size=1");
  }

  @Test
  void aTreeGoesWithItsDomain() {
    tracker.store("d", "/a/b", "1");
    tracker.ok("delete domain=d&key=/a/b");
    tracker.ok("delete_domain domain=d");
    tracker.ok("create_domain domain=anew");
    tracker.play(
        """
        > plugin_filepaths_list_directory domain=anew&arg1=/&argcount=1
        ERR plugin_not_active_for_domain plugin_not_active_for_domain
        > plugin_filepaths_enable domain=anew
        OK\s
        > plugin_filepaths_list_directory domain=anew&arg1=/&argcount=1
        OK files=0
        """);
  }
}
