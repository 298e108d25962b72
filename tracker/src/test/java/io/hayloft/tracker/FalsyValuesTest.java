package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Absent, empty and {@code 0}, for every argument that decides something. A number of bugs of the
 * original were a zero taken for nothing, or the other way about.
 */
class FalsyValuesTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static WireFixture tracker;

  @BeforeAll
  static void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
    tracker.ok("create_class domain=d&class=0&mindevcount=1");
    tracker.addHost(1);
    tracker.store("d", "0", "zero");
    tracker.store("d", "00", "twice");
  }

  @AfterAll
  static void stop() {
    tracker.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          file_info domain=d&key=0                | OK fid=1&.*&key=0&.*
          file_info domain=d&key=                 | ERR no_key .*
          file_info domain=0&key=0                | ERR unreg_domain .*
          file_info domain=d&key=0&devices=0      | OK .*devcount=1
          file_info domain=d&key=0&devices=       | OK .*devcount=1
          file_info domain=d&key=0&devices=00     | OK .*devids=1
          get_paths domain=d&key=0&noverify=1     | OK paths=1&.*
          get_paths domain=d&key=0&noverify=0     | OK paths=1&.*
          get_paths domain=d&key=0&pathcount=     | OK paths=1&.*
          get_paths domain=d&key=0&zone=0         | OK paths=1&.*
          list_keys domain=d&prefix=0             | OK key_count=2&key_1=0&key_2=00&next_after=00
          list_keys domain=d&prefix=&after=0      | OK key_count=1&key_1=00&next_after=00
          list_keys domain=d&prefix=0&after=0     | OK key_count=1&key_1=00&next_after=00
          list_keys domain=d&prefix=a&after=0     | ERR none_match .*
          list_keys domain=d&limit=0              | OK key_count=2&.*
          list_keys domain=d&limit=00             | ERR none_match .*
          list_fids from=0&to=0                   | OK fid_count=2&.*
          list_fids from=&to=                     | OK fid_count=2&.*
          file_debug fid=0&domain=d&key=0         | OK fid_fid=1&.*
          file_debug fid=&domain=d&key=0          | OK fid_fid=1&.*
          rename domain=d&from_key=0&to_key=0     | OK\\s
          rename domain=d&from_key=0&to_key=      | ERR no_key .*
          updateclass domain=d&key=0&class=       | ERR no_class .*
          updateclass domain=d&key=0&class=0      | OK\\s
          updateclass domain=d&key=0&class=default| OK\\s
          create_open domain=d&class=             | OK fid=.*
          create_open domain=d&class=0            | OK fid=.*
          create_open domain=d&class=00           | ERR unreg_class .*
          create_open domain=d&fid=0              | OK fid=.*
          create_open domain=d&fid=               | OK fid=.*
          create_open domain=d&fid=00             | ERR bad_params .*
          create_open domain=d&size=0             | OK fid=.*
          create_open domain=d&multi_dest=0       | OK fid=.*&path=.*
          create_open domain=d&multi_dest=00      | OK dev_count=1&.*
          create_open domain=d&debug_profile=0    | OK fid=\\d+&devid=1&path=[^&]*
          create_close domain=d&fid=0&devid=1     | ERR no_fid .*
          create_close domain=d&fid=00&devid=0    | ERR no_devid .*
          create_close domain=d&fid=9&devid=1&path=0 | ERR no_path .*
          create_close domain=d&fid=9&devid=1&path=x&checksum=0 | ERR bogus_args .*
          create_domain domain=0                  | ERR no_domain .*
          create_class domain=d&class=z&mindevcount= | ERR invalid_mindevcount .*
          create_class domain=d&class=y&mindevcount=1&hashtype=0&replpolicy= | OK class=y&.*
          create_host host=0&ip=10.0.0.9&port=1   | ERR no_host .*
          create_host host=z&ip=0&port=1          | ERR no_ip .*
          create_host host=z&ip=10.0.0.9&port=0   | ERR no_port .*
          create_device hostname=h1&devid=0       | ERR invalid_devid .*
          create_device hostid=0&hostname=h1&devid=8 | OK\\s
          create_device hostid=&hostname=0&devid=9 | ERR bad_args .*
          get_hosts hostid=0                      | OK hosts=1&.*
          get_devices devid=0                     | OK devices=2&.*
          set_state host=0&device=1&state=alive   | ERR bad_params .*
          set_weight host=h1&device=1&weight=0    | OK\\s
          set_weight host=h1&device=1&weight=     | OK\\s
          set_weight host=h1&device=0&weight=1    | ERR bad_params .*
          server_setting key=0                    | ERR bad_params .*
          set_server_setting key=0&value=1        | ERR bad_params .*
          set_server_setting key=memcache_ttl&value= | OK\\s
          set_server_setting key=memcache_ttl&value=0 | OK\\s
          test crash=0                            | OK\\s
          test crash=                             | OK\\s
          noop callid=0                           | OK callid=0
          noop callid=                            | OK callid=
          noop 0                                  | OK\\s
          noop &&=&0&                             | OK\\s
          create_host host=y&ip=10.0.0.8&port=1&status=0 | OK hostid=.*
          create_host host=x&ip=10.0.0.7&port=1&status= | OK hostid=.*
          create_host host=w&ip=10.0.0.6&port=1&status=00 | ERR unknown_state .*
          create_device hostname=h1&devid=31&state=0 | OK\\s
          create_device hostname=h1&devid=32&state= | OK\\s
          create_device hostname=h1&devid=33&state=00 | ERR invalid_state .*
          """)
  void answers(String request, String reply) {
    assertThat(tracker.ask(request)).matches(reply);
  }
}
