package io.hayloft.tracker;

import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.Reach;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator hears about hosts and devices, word by word. */
class HostAndDeviceConversationTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void hostsComeAndGo() {
    tracker.play(
        """
        > get_hosts
        OK hosts=0
        > create_host
        ERR no_host No+host+provided
        > create_host host=h
        ERR no_ip IP+required+to+create+host
        > create_host host=h&ip=10.0.0.1
        ERR no_port Port+required+to+create+host
        > create_host host=h&ip=10.0.0.1&port=7500&status=sleepy
        ERR unknown_state Invalid/unknown+state
        > create_host host=h&ip=999.1.1.1&port=7500&status=sleepy
        ERR unknown_state Invalid/unknown+state
        > create_host host=h&ip=999.1.1.1&port=7500
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > create_host host=h&ip=10.0.0.1&port=99999
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > create_host host=h&ip=10.0.0.1&port=7500
        OK hostid=1&hostname=h
        > create_host host=h&ip=10.0.0.2&port=7500
        ERR host_exists That+host+already+exists
        > create_host host=i&ip=10.0.0.1&port=7500
        ERR dup Duplicate+name/number+used.
        > create_host host=i&ip=10.0.0.2&port=7500&getport=7600&altip=192.168.0.2&altmask=192.168.0.0/16&status=alive
        OK hostid=2&hostname=i
        > create_host host=j&ip=10.0.0.3&port=7500&altip=192.168.0.2
        ERR dup Duplicate+name/number+used.
        > get_hosts
        OK hosts=2&host1_hostid=1&host1_status=down&host1_hostname=h&host1_hostip=10.0.0.1&host1_http_port=7500&host1_http_get_port=&host1_altip=&host1_altmask=&host2_hostid=2&host2_status=alive&host2_hostname=i&host2_hostip=10.0.0.2&host2_http_port=7500&host2_http_get_port=7600&host2_altip=192.168.0.2&host2_altmask=192.168.0.0/16
        > get_hosts hostid=2
        OK hosts=1&host1_hostid=2&host1_status=alive&host1_hostname=i&host1_hostip=10.0.0.2&host1_http_port=7500&host1_http_get_port=7600&host1_altip=192.168.0.2&host1_altmask=192.168.0.0/16
        > get_hosts hostid=77
        OK hosts=0
        > delete_host
        ERR unknown_host Host+not+found
        > delete_host host=x
        ERR unknown_host Host+not+found
        > create_device hostname=h&devid=1
        OK\s
        > delete_host host=h
        ERR host_not_empty Unable+to+delete+host%3B+it+contains+devices+still
        > delete_host host=i
        OK\s
        > get_hosts
        OK hosts=1&host1_hostid=1&host1_status=down&host1_hostname=h&host1_hostip=10.0.0.1&host1_http_port=7500&host1_http_get_port=&host1_altip=&host1_altmask=
        """);
  }

  @Test
  void updateChangesWhatIsGivenAndNothingElse() {
    tracker.ok(
        "create_host host=h&ip=10.0.0.1&port=7500&getport=7600&altip=192.168.0.1"
            + "&altmask=192.168.0.0/16&status=alive");
    tracker.ok("create_host host=i&ip=10.0.0.2&port=7500");
    tracker.play(
        """
        > update_host
        ERR no_host No+host+provided
        > update_host host=x
        ERR host_not_found Host+not+found
        > update_host host=h&status=sleepy
        ERR unknown_state Invalid/unknown+state
        > update_host host=h&ip=10.0.0.2
        ERR dup Duplicate+name/number+used.
        > update_host host=h&ip=
        ERR no_ip IP+required+to+create+host
        > update_host host=h&altip=nowhere
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > update_host host=h&altmask=nowhere
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > update_host host=h&status=readonly
        OK hostid=1&hostname=h
        > get_hosts hostid=1
        OK hosts=1&host1_hostid=1&host1_status=readonly&host1_hostname=h&host1_hostip=10.0.0.1&host1_http_port=7500&host1_http_get_port=7600&host1_altip=192.168.0.1&host1_altmask=192.168.0.0/16
        > update_host host=h&getport=&altip=&altmask=&hostip=10.0.0.9&http_port=7501
        OK hostid=1&hostname=h
        > get_hosts hostid=1
        OK hosts=1&host1_hostid=1&host1_status=readonly&host1_hostname=h&host1_hostip=10.0.0.9&host1_http_port=7501&host1_http_get_port=&host1_altip=&host1_altmask=
        > create_host host=h&update=1&status=down
        OK hostid=1&hostname=h
        > get_hosts hostid=1
        OK hosts=1&host1_hostid=1&host1_status=down&host1_hostname=h&host1_hostip=10.0.0.9&host1_http_port=7501&host1_http_get_port=&host1_altip=&host1_altmask=
        """);
  }

  @Test
  void devicesAreMadeAndMarked() {
    tracker.ok("create_host host=h&ip=10.0.0.1&port=7500&status=alive");
    tracker.ok("create_host host=i&ip=10.0.0.2&port=7500&status=alive");
    tracker.play(
        """
        > get_devices
        OK devices=0
        > create_device devid=1&hostname=h&state=sleepy
        ERR invalid_state invalid_state
        > create_device hostname=h
        ERR invalid_devid invalid_devid
        > create_device hostname=h&devid=0
        ERR invalid_devid invalid_devid
        > create_device hostname=h&devid=x1
        ERR invalid_devid invalid_devid
        > create_device hostname=h&devid=99999999999
        ERR invalid_devid invalid_devid
        > create_device devid=1
        ERR bad_args No+hostid/hostname+parameter
        > create_device devid=1&hostid=77
        ERR unknown_hostid unknown_hostid
        > create_device devid=1&hostname=x
        ERR unknown_host Host+not+found
        > create_device devid=1&hostname=h
        OK\s
        > create_device devid=1&hostid=2
        ERR existing_devid existing_devid
        > create_device devid=2&hostid=2&state=down
        OK\s
        > set_state device=1&state=down
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > set_state host=h&state=down
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > set_state host=h&device=1&state=sleepy
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > set_state host=h&device=9&state=down
        ERR no_device Device+not+found
        > set_state host=h&device=2&state=down
        ERR host_mismatch The+device+specified+doesn%27t+belong+to+the+host+specified
        > set_state host=h&device=1&state=dead
        OK\s
        > set_state host=h&device=1&state=alive
        ERR state_too_high Status+cannot+go+from+dead+to+alive%3B+must+use+down
        > set_state host=h&device=1&state=down
        OK\s
        > set_state host=h&device=1&state=alive
        OK\s
        > set_weight host=h&device=1&weight=-1
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > set_weight device=1&weight=5
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > set_weight host=h&device=9&weight=5
        ERR no_device Device+not+found
        > set_weight host=h&device=2&weight=5
        ERR host_mismatch The+device+specified+doesn%27t+belong+to+the+host+specified
        > set_weight host=h&device=1&weight=250
        OK\s
        > set_weight host=i&device=2&weight=heavy
        OK\s
        """);
    tracker.cluster().see(1, Reach.READABLE, "12.50");
    tracker.play(
        """
        > get_devices
        OK devices=2&dev1_devid=1&dev1_hostid=1&dev1_status=alive&dev1_weight=250&dev1_mb_total=&dev1_mb_used=&dev1_mb_asof=&dev1_observed_state=readable&dev1_utilization=12.50&dev1_reject_bad_md5=1&dev1_mb_free=&dev2_devid=2&dev2_hostid=2&dev2_status=down&dev2_weight=0&dev2_mb_total=&dev2_mb_used=&dev2_mb_asof=&dev2_observed_state=writeable&dev2_utilization=&dev2_reject_bad_md5=&dev2_mb_free=
        > get_devices devid=2
        OK devices=1&dev1_devid=2&dev1_hostid=2&dev1_status=down&dev1_weight=0&dev1_mb_total=&dev1_mb_used=&dev1_mb_asof=&dev1_observed_state=writeable&dev1_utilization=&dev1_reject_bad_md5=&dev1_mb_free=
        > delete_device devid=1
        ERR unknown_command Unknown+server+command
        """);
  }

  @Test
  void deviceThatIsDrainedOrReadonlyTakesNoNewFiles() {
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
    for (var state : new String[] {"readonly", "drain", "down", "dead"}) {
      tracker.ok("set_state host=h1&device=1&state=" + state);
      tracker.play("> create_open domain=d\nERR no_devices No+devices+found+to+store+file\n");
    }
    tracker.ok("set_state host=h1&device=1&state=down");
    tracker.ok("set_state host=h1&device=1&state=alive");
    tracker.ok("create_open domain=d");

    tracker.ok("update_host host=h1&status=readonly");
    tracker.play("> create_open domain=d\nERR no_devices No+devices+found+to+store+file\n");
  }
}
