package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client hears that changes a file in place, and an operator who copies one by hand. */
class EditConversationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE, List.of("Obstinate"));
    tracker.ok("create_domain domain=d");
    tracker.ok("create_class domain=d&class=c&mindevcount=1");
    tracker.addHost(1);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void theFileKeepsItsOnlyReplicaUntilTheEditIsClosed() {
    tracker.store("d", "k", "12345", "&class=c");
    tracker.play(
        """
        > edit_file domain=d&key=k
        OK oldpath=http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid&newpath=http://10.0.0.1:7500/dev1/0/000/000/0000000003.fid&fid=3&devid=1&class=1
        > get_paths domain=d&key=k
        OK paths=1&path1=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        > file_debug fid=2
        OK tempfile_classid=1&tempfile_dmid=1&tempfile_dkey=&tempfile_devids=1&checksum=NONE
        > file_debug fid=3
        OK tempfile_classid=1&tempfile_dmid=1&tempfile_dkey=k&tempfile_devids=1&checksum=NONE
        """);
    tracker.nodes().move(1, 2, 3);

    tracker.play(
        """
        > create_close domain=d&key=k&fid=3&devid=1&size=5&path=http://10.0.0.1:7500/dev1/0/000/000/0000000003.fid
        OK\s
        > file_info domain=d&key=k
        OK fid=3&domain=d&class=c&key=k&length=5&devcount=1
        """);
    assertThat(tracker.ok("file_debug fid=1")).containsKey("delqueue_fid");
  }

  @Test
  void refusalsOfAnEditInTheirOrder() {
    tracker.play(
        """
        > edit_file
        ERR no_domain No+domain+provided
        > edit_file domain=x
        ERR unreg_domain Domain+name+invalid/not+found
        > edit_file domain=d&key=veto
        ERR plugin_aborted Action+aborted+by+plugin
        > edit_file domain=d
        ERR no_key no_key
        > edit_file domain=d&key=k
        ERR unknown_key unknown_key
        """);
    tracker.store("d", "k", "12345");
    tracker.nodes().remove(1, 1);
    tracker.play(
        """
        > edit_file domain=d&key=k
        ERR no_devices No+replica+of+the+file+can+be+read
        """);
  }

  @Test
  void anEditThatCannotBePreparedLeavesNoUpload() {
    tracker.store("d", "k", "12345");
    tracker.addHost(2);
    tracker.ok("set_state host=h1&device=1&state=readonly");
    tracker.nodes().refuse(2);

    assertThat(tracker.ask("edit_file domain=d&key=k"))
        .startsWith("ERR failure Cannot+write+http://10.0.0.2:7500/");
    assertThat(tracker.ok("file_debug fid=2"))
        .containsKey("delqueue_fid")
        .doesNotContainKey("tempfile_dkey");
  }

  @Test
  void aReplicaIsCopiedByHand() {
    tracker.store("d", "k", "12345");
    tracker.addHost(2);
    tracker.addHost(3);
    tracker.ok("set_state host=h3&device=3&state=drain");
    tracker.play(
        """
        > httpcopy
        ERR copy_err fid+is+not+a+fid
        > httpcopy fid=7
        ERR copy_err There+is+no+file+7
        > httpcopy fid=1
        ERR copy_err sdevid+is+not+a+device
        > httpcopy fid=1&sdevid=2
        ERR copy_err The+file+is+not+on+device+2
        > httpcopy fid=1&sdevid=1&ddevid=1
        ERR copy_err The+file+is+on+device+1+already
        > httpcopy fid=1&sdevid=1&ddevid=3
        ERR copy_err Device+3+takes+no+new+files+now
        > httpcopy fid=1&sdevid=1&ddevid=9
        ERR copy_err Device+9+takes+no+new+files+now
        > httpcopy fid=1&sdevid=1&ddevid=2
        OK\s
        > file_info domain=d&key=k&devices=1
        OK fid=1&domain=d&class=default&key=k&length=5&devcount=2&devids=1,2
        """);
    tracker.nodes().remove(1, 1);
    tracker.addHost(4);
    assertThat(tracker.ask("httpcopy fid=1&sdevid=1&ddevid=4"))
        .startsWith("ERR copy_err Cannot+read+http://10.0.0.1:7500/");
  }
}
