package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.plugin.ObstinatePlugin;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client hears where a plugin has an opinion. */
class PluginConversationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    ObstinatePlugin.TOLD.clear();
    tracker = WireFixture.start(DATABASE, List.of("Obstinate"));
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void theRewrittenKeyIsTheOneThatCounts() {
    tracker.store("d", "alias:true", "12345");
    tracker.play(
        """
        > file_info domain=d&key=true
        OK fid=1&domain=d&class=default&key=true&length=5&devcount=1
        > file_info domain=d&key=alias:true
        OK fid=1&domain=d&class=default&key=true&length=5&devcount=1
        > get_paths domain=d&key=alias:true
        OK paths=1&path1=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid
        > updateclass domain=d&key=alias:true&class=default
        OK\s
        > get_paths domain=d&key=alias:
        ERR no_key no_key
        > delete domain=d&key=alias:true
        OK\s
        > delete domain=d&key=alias:true
        ERR unknown_key unknown_key
        """);
    assertThat(ObstinatePlugin.TOLD)
        .containsExactly("stored 1 as true, was alias:true", "deleted true, was alias:true");
  }

  @Test
  void aFileThatAPluginDoesNotWantIsDeleted() {
    for (var key : List.of("unwanted", "broken")) {
      var opened = tracker.ok("create_open domain=d&key=" + key);
      var path = WireFixture.value(opened, "path");
      var fid = WireFixture.value(opened, "fid");
      tracker.nodes().put(path.substring(path.indexOf("/dev")), new byte[3]);
      tracker.play(
          """
          > create_close domain=d&key=%s&fid=%s&devid=1&path=%s
          ERR plugin_aborted Action+aborted+by+plugin
          > file_info domain=d&key=%s
          ERR unknown_key unknown_key
          """
              .formatted(key, fid, path, key));
      assertThat(tracker.ok("file_debug fid=" + fid)).containsKey("delqueue_fid");
    }
  }

  @Test
  void aFailingPluginFailsTheRequestAndNothingElse() {
    tracker.store("d", "mourned", "1");
    tracker.play(
        """
        > create_open domain=d&key=boom
        ERR plugin_aborted out+of+order
        > delete domain=d&key=boom
        ERR failure Operation+failed
        > get_paths domain=d&key=hang
        ERR failure Operation+failed
        > delete domain=d&key=mourned
        OK\s
        > noop
        OK\s
        """);
  }

  @Test
  void orderOfDevicesIsThePlugins() {
    for (int host = 2; host <= 4; host++) {
      tracker.addHost(host);
    }
    for (var domain : List.of("upwards", "downwards", "nowhere", "broken")) {
      tracker.ok("create_domain domain=" + domain);
    }
    for (int round = 0; round < 5; round++) {
      assertThat(tracker.ok("create_open domain=upwards&multi_dest=1"))
          .containsEntry("devid_1", "1")
          .containsEntry("devid_2", "2")
          .containsEntry("devid_3", "3");
      assertThat(tracker.ok("create_open domain=downwards")).containsEntry("devid", "4");
    }
    assertThat(tracker.ask("create_open domain=nowhere")).startsWith("ERR no_devices ");
    assertThat(tracker.ok("create_open domain=broken&multi_dest=1"))
        .containsEntry("dev_count", "3");

    long fid = tracker.store("downwards", "k", "123");
    tracker.stores().replication().copied(new Fid(fid), device(2), NO_DIGEST);
    tracker.stores().replication().copied(new Fid(fid), device(3), NO_DIGEST);
    for (int round = 0; round < 5; round++) {
      assertThat(tracker.ok("get_paths domain=downwards&key=k&noverify=1&pathcount=3").values())
          .map(url -> url.replaceAll(".*/(dev\\d+)/.*", "$1"))
          .containsExactly("3", "dev4", "dev3", "dev2");
    }
  }

  private static final Optional<Checksum> NO_DIGEST = Optional.empty();

  private static DeviceId device(int number) {
    return new DeviceId(number);
  }

  @Test
  void commandsOfAPluginNeedADomain() {
    tracker.play(
        """
        > plugin_say domain=d&arg1=hello+there&argcount=1
        OK domain=d&arg1=hello+there
        > PLUGIN_SAY domain=d&callid=1
        OK domain=d&arg1=&callid=1
        > plugin_say
        ERR no_domain No+domain+provided
        > plugin_say domain=x
        ERR unreg_domain Domain+name+invalid/not+found
        > plugin_fall domain=d
        ERR failure Operation+failed
        > plugin_sing domain=d
        ERR unknown_command Unknown+server+command
        > say domain=d
        ERR unknown_command Unknown+server+command
        """);
  }
}
