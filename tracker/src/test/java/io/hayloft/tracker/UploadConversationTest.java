package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client hears while it uploads, word by word. */
class UploadConversationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  private void put(String path, String bytes) {
    tracker.nodes().put(path, bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void uploadMakesAFile() {
    tracker.addHost(3);
    tracker.play(
        """
        > create_open domain=d&key=u%2F1&multi_dest=1&fid=0
        OK dev_count=1&fid=1&devid_1=3&path_1=http://10.0.0.3:7500/dev3/0/000/000/0000000001.fid
        > get_paths domain=d&key=u/1&noverify=1
        ERR unknown_key unknown_key
        """);
    put("/dev3/0/000/000/0000000001.fid", "12345");
    tracker.play(
        """
        > create_close domain=d&fid=1&devid=3&key=u%2F1&size=5&path=http%3A%2F%2F10.0.0.3%3A7500%2Fdev3%2F0%2F000%2F000%2F0000000001.fid
        OK\s
        > get_paths domain=d&key=u/1&noverify=1
        OK paths=1&path1=http://10.0.0.3:7500/dev3/0/000/000/0000000001.fid
        > file_info domain=d&key=u/1&devices=1
        OK fid=1&domain=d&class=default&key=u/1&length=5&devcount=1&devids=3
        """);
    assertThat(tracker.woken()).containsExactly("replicate");
  }

  @Test
  void refusalsOfAnUploadInTheirOrder() {
    tracker.play(
        """
        > create_open
        ERR no_domain No+domain+provided
        > create_open domain=
        ERR no_domain No+domain+provided
        > create_open domain=x
        ERR unreg_domain Domain+name+invalid/not+found
        > create_open domain=d&class=x
        ERR unreg_class unreg_class
        > create_open domain=d
        ERR no_devices No+devices+found+to+store+file
        """);
    tracker.addHost(1);
    tracker.play(
        """
        > create_open domain=d&class=default
        OK fid=1&devid=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        > create_open domain=d&size=900000000
        OK fid=2&devid=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid
        > create_open domain=d&size=999999999999
        ERR no_devices No+devices+found+to+store+file
        > create_open domain=d&fid=900001
        OK fid=900001&devid=1&path=http://10.0.0.1:7500/dev1/0/000/900/0000900001.fid
        > create_open domain=d&fid=900001
        ERR fid_in_use fid_in_use
        > create_open domain=d&fid=-5
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > create_open domain=d&fid=1e22
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > create_open domain=d&fid=99999999999999999999
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        """);
  }

  @Test
  void refusalsOfACloseInTheirOrderLeaveTheUploadOpen() {
    tracker.addHost(1);
    tracker.ok("create_open domain=d&key=k");
    tracker.play(
        """
        > create_close
        ERR no_domain No+domain+provided
        > create_close domain=x&fid=1
        ERR unreg_domain Domain+name+invalid/not+found
        > create_close domain=d
        ERR no_fid no_fid
        > create_close domain=d&fid=0
        ERR no_fid no_fid
        > create_close domain=d&fid=1
        ERR no_devid no_devid
        > create_close domain=d&fid=1&devid=1
        ERR no_path no_path
        > create_close domain=d&fid=1&devid=1&path=x&checksum=MD5:abc
        ERR invalid_checksum_format invalid_checksum_format
        > create_close domain=d&fid=1&devid=1&path=x&checksum=md5:5d41402abc4b2a76b9719d911017c592
        ERR invalid_checksum_format invalid_checksum_format
        > create_close domain=d&fid=1&devid=1&path=x
        ERR bogus_args bogus_args
        > create_close domain=d&fid=1&devid=9&path=http://10.0.0.1:7500/dev9/0/000/000/0000000001.fid
        ERR bogus_args bogus_args
        > create_close domain=d&fid=abc&devid=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        ERR bogus_args bogus_args
        > create_close domain=d&fid=2&devid=1&key=k&path=http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid
        ERR no_temp_file No+tempfile+or+file+already+closed
        """);
    put("/dev1/0/000/000/0000000001.fid", "12345");
    tracker.play(
        """
        > create_close domain=d&fid=1&devid=1&key=k&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        OK\s
        > create_close domain=d&fid=1&devid=1&key=k&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        ERR no_temp_file No+tempfile+or+file+already+closed
        """);
  }

  @Test
  void whatIsWrongWithTheBytesEndsTheUpload() {
    tracker.addHost(1);
    for (int fid = 1; fid <= 4; fid++) {
      tracker.ok("create_open domain=d&key=k");
    }
    put("/dev1/0/000/000/0000000001.fid", "12345");
    put("/dev1/0/000/000/0000000003.fid", "12345");
    tracker.play(
        """
        > create_close domain=d&fid=1&devid=1&key=k&size=6&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        ERR size_mismatch Expected:+6%3B+actual:+5%3B+path:+http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        > create_close domain=d&fid=1&devid=1&key=k&size=5&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        ERR no_temp_file No+tempfile+or+file+already+closed
        > create_close domain=d&fid=2&devid=1&key=k&path=http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid
        ERR size_verify_error Expected:+-1%3B+actual:+0+%28missing%29%3B+path:+http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid%3B+error:+not+found
        > create_close domain=d&fid=3&devid=1&key=k&checksumverify=1&checksum=MD5:00000000000000000000000000000000&path=http://10.0.0.1:7500/dev1/0/000/000/0000000003.fid
        ERR checksum_mismatch Expected:+Checksum%5Bf%3D3%3BMD5%3D00000000000000000000000000000000%5D%3B+actual:+MD5:827ccb0eea8a706c4c34a16891f84e7b%3B+path:+http://10.0.0.1:7500/dev1/0/000/000/0000000003.fid
        > get_paths domain=d&key=k
        ERR unknown_key unknown_key
        """);
    tracker.nodes().refuse(1);
    tracker.play(
        """
        > create_close domain=d&fid=4&devid=1&key=k&size=7&path=http://10.0.0.1:7500/dev1/0/000/000/0000000004.fid
        ERR size_verify_error Expected:+7%3B+actual:+0+%28cantreach%29%3B+path:+http://10.0.0.1:7500/dev1/0/000/000/0000000004.fid%3B+error:+connection+refused
        """);
    assertThat(tracker.woken()).containsOnly("delete");
    for (int fid = 1; fid <= 4; fid++) {
      assertThat(tracker.ok("file_debug fid=" + fid))
          .containsEntry("devids", "1")
          .containsKey("delqueue_nexttry")
          .doesNotContainKey("tempfile_dkey");
    }
  }

  @Test
  void closeOnADeviceThatWasNotOfferedIsRefused() {
    tracker.addHost(1);
    tracker.ok("create_open domain=d&key=k");
    tracker.addHost(2);
    tracker.play(
        """
        > create_close domain=d&fid=1&devid=2&key=k&path=http://10.0.0.2:7500/dev2/0/000/000/0000000001.fid
        ERR invalid_destdev File+uploaded+to+invalid+dest+2.+Valid+devices+were:+1
        """);
  }

  @Test
  void closeWithoutAKeyGivesTheUploadUp() {
    tracker.addHost(1);
    tracker.ok("create_open domain=d&key=k");
    tracker.play(
        """
        > create_close domain=d&fid=1&devid=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        OK\s
        > get_paths domain=d&key=k
        ERR unknown_key unknown_key
        > create_close domain=d&fid=1&devid=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        ERR no_temp_file No+tempfile+or+file+already+closed
        """);
    assertThat(tracker.woken()).containsExactly("delete");
  }

  @Test
  void sizeZeroIsNotCheckedAndEmptyFilesAreFiles() {
    tracker.addHost(1);
    tracker.ok("create_open domain=d&key=a");
    tracker.ok("create_open domain=d&key=b");
    put("/dev1/0/000/000/0000000001.fid", "12345");
    put("/dev1/0/000/000/0000000002.fid", "");
    tracker.play(
        """
        > create_close domain=d&fid=1&devid=1&key=a&size=0&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        OK\s
        > create_close domain=d&fid=2&devid=1&key=b&size=0&path=http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid
        OK\s
        > file_info domain=d&key=a
        OK fid=1&domain=d&class=default&key=a&length=5&devcount=1
        > file_info domain=d&key=b
        OK fid=2&domain=d&class=default&key=b&length=0&devcount=1
        """);
  }

  @Test
  void laterCloseOfAKeyReplacesTheFile() {
    tracker.addHost(1);
    tracker.store("d", "k", "first");
    tracker.store("d", "k", "second");

    assertThat(tracker.ok("file_info domain=d&key=k"))
        .containsEntry("fid", "2")
        .containsEntry("length", "6");
    assertThat(tracker.ok("file_debug fid=1"))
        .doesNotContainKey("fid_fid")
        .containsKey("delqueue_nexttry");
    assertThat(tracker.woken()).contains("delete");
  }

  @Test
  void classOfTheOpenCountsAndItsDigestIsKept() {
    tracker.addHost(1);
    tracker.ok("create_class domain=d&class=hashed&mindevcount=1&hashtype=MD5");
    tracker.ok("create_class domain=d&class=sha&mindevcount=1&hashtype=SHA-1");
    for (var kind : new String[] {"hashed", "hashed", "sha"}) {
      tracker.ok("create_open domain=d&class=" + kind);
    }
    for (int fid = 1; fid <= 3; fid++) {
      put("/dev1/0/000/000/000000000" + fid + ".fid", "12345");
    }
    tracker.play(
        """
        > create_close domain=d&class=default&fid=1&devid=1&key=a&checksum=MD5:827CCB0EEA8A706C4C34A16891F84E7B&checksumverify=1&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        OK\s
        > create_close domain=d&fid=2&devid=1&key=b&path=http://10.0.0.1:7500/dev1/0/000/000/0000000002.fid
        OK\s
        > create_close domain=d&fid=3&devid=1&key=c&checksum=MD5:827CCB0EEA8A706C4C34A16891F84E7B&path=http://10.0.0.1:7500/dev1/0/000/000/0000000003.fid
        OK\s
        > file_info domain=d&key=a
        OK fid=1&domain=d&class=hashed&key=a&length=5&devcount=1&checksum=MD5:827ccb0eea8a706c4c34a16891f84e7b
        > file_info domain=d&key=b
        OK fid=2&domain=d&class=hashed&key=b&length=5&devcount=1&checksum=MISSING
        > file_info domain=d&key=c
        OK fid=3&domain=d&class=sha&key=c&length=5&devcount=1&checksum=MISSING
        """);
  }

  @Test
  void severalDestinationsAreOnAsManyHosts() {
    for (int host = 1; host <= 4; host++) {
      tracker.addHost(host);
      tracker.addDevice(host, host + 10);
    }
    for (int i = 0; i < 20; i++) {
      var reply = tracker.ok("create_open domain=d&multi_dest=1");
      assertThat(reply).containsEntry("dev_count", "3");
      assertThat(
              java.util.stream.IntStream.rangeClosed(1, 3)
                  .mapToObj(n -> WireFixture.value(reply, "path_" + n).split("/")[2]))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void oneHostGivesOneDestination() {
    tracker.addHost(1);
    tracker.addDevice(1, 2);

    assertThat(tracker.ok("create_open domain=d&multi_dest=1")).containsEntry("dev_count", "1");
  }

  @Test
  void alternateZoneIsToldToThoseWhoAskAndMustAskAgainAtTheClose() {
    tracker.addHost(1);
    tracker.ok("update_host host=h1&altip=192.168.0.1&getport=7600");
    tracker.play(
        """
        > create_open domain=d&zone=alt
        OK fid=1&devid=1&path=http://192.168.0.1:7500/dev1/0/000/000/0000000001.fid
        """);
    put("/dev1/0/000/000/0000000001.fid", "12345");
    tracker.play(
        """
        > create_close domain=d&fid=1&devid=1&key=k&path=http://192.168.0.1:7500/dev1/0/000/000/0000000001.fid
        ERR bogus_args bogus_args
        > create_close domain=d&zone=alt&fid=1&devid=1&key=k&path=http://192.168.0.1:7500/dev1/0/000/000/0000000001.fid
        OK\s
        > get_paths domain=d&key=k&zone=alt
        OK paths=1&path1=http://192.168.0.1:7600/dev1/0/000/000/0000000001.fid
        > get_paths domain=d&key=k
        OK paths=1&path1=http://10.0.0.1:7600/dev1/0/000/000/0000000001.fid
        """);
  }

  @Test
  void clientWithinTheAlternateMaskNeedNotAsk() {
    tracker.addHost(1);
    tracker.ok("update_host host=h1&altip=192.168.0.1&altmask=127.0.0.0/8");

    assertThat(tracker.ok("create_open domain=d"))
        .containsEntry("path", "http://192.168.0.1:7500/dev1/0/000/000/0000000001.fid");
  }

  @Test
  void profileTellsWhereTheTimeWent() {
    tracker.addHost(1);

    var reply = tracker.ok("create_open domain=d&debug_profile=1");

    var names =
        List.of(
            "begin",
            "wait_monitor",
            "find_deviceid",
            "vivify_dir_on_all_devs",
            "vivify_dir_on_dev1");
    assertThat(reply).containsEntry("profpoints", "5").containsKeys("fid", "devid", "path");
    for (int i = 1; i <= names.size(); i++) {
      assertThat(reply).containsEntry("prof_%d_name".formatted(i), names.get(i - 1));
      assertThat(WireFixture.value(reply, "prof_%d_time".formatted(i))).matches("\\d\\.\\d{3}");
    }
  }
}
