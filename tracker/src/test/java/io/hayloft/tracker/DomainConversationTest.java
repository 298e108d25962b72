package io.hayloft.tracker;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator hears about domains, classes and settings, word by word. */
class DomainConversationTest {

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
  void domainsComeAndGo() {
    tracker.play(
        """
        > get_domains
        OK domains=0
        > create_domain
        ERR no_domain No+domain+provided
        > create_domain domain=0
        ERR no_domain No+domain+provided
        > create_domain domain=d
        OK domain=d
        > create_domain domain=d
        ERR domain_exists That+domain+already+exists
        > get_domains
        OK domains=1&domain1=d&domain1classes=1&domain1class1name=default&domain1class1mindevcount=2&domain1class1replpolicy=MultipleHosts%28%29&domain1class1hashtype=NONE
        > create_class domain=d&class=c&mindevcount=1
        OK class=c&mindevcount=1&domain=d
        > delete_domain
        ERR no_domain No+domain+provided
        > delete_domain domain=d
        ERR domain_has_classes domain_has_classes
        > delete_class domain=d&class=c
        OK domain=d&class=c
        > delete_domain domain=d
        OK domain=d
        > delete_domain domain=d
        ERR domain_not_found Domain+not+found
        """);
  }

  @Test
  void aClassCanHaveAnyPolicyThatThereIs() {
    tracker.play(
        """
        > create_domain domain=d
        OK domain=d
        > create_class domain=d&class=c1&mindevcount=2&replpolicy=MultipleNetworks()
        OK class=c1&mindevcount=2&domain=d
        > create_class domain=d&class=c2&mindevcount=2&replpolicy=HostsPerNetwork(near%3D2,+far%3D1)
        OK class=c2&mindevcount=2&domain=d
        > create_class domain=d&class=c3&mindevcount=2&replpolicy=Union(MultipleHosts(3),HostsPerNetwork(near%3D1,far%3D1),)
        OK class=c3&mindevcount=2&domain=d
        > update_class domain=d&class=c3&mindevcount=2&replpolicy=MultipleDevices(2)
        OK class=c3&mindevcount=2&domain=d
        > create_class domain=d&class=c4&mindevcount=2&replpolicy=HostsPerNetwork(near)
        ERR invalid_replpolicy %27near%27+is+not+of+the+form+zone%3Dnumber
        > create_class domain=d&class=c4&mindevcount=2&replpolicy=Union(MultipleHosts(3),Nope())
        ERR invalid_replpolicy no+replication+policy+%27Nope%27%3B+there+are+HostsPerNetwork,+MultipleDevices,+MultipleHosts,+MultipleNetworks,+Union
        > create_class domain=d&class=c4&mindevcount=2&replpolicy=Union(MultipleHosts(3)
        ERR invalid_replpolicy the+parenthesis+after+%27Union%27+is+not+closed
        > update_class domain=d&class=c3&mindevcount=2&replpolicy=MultipleNetworks(none)
        ERR invalid_replpolicy %27none%27+is+not+a+number+of+copies
        > get_domains
        OK domains=1&domain1=d&domain1classes=4&domain1class1name=default&domain1class1mindevcount=2&domain1class1replpolicy=MultipleHosts%28%29&domain1class1hashtype=NONE&domain1class2name=c1&domain1class2mindevcount=2&domain1class2replpolicy=MultipleNetworks%28%29&domain1class2hashtype=NONE&domain1class3name=c2&domain1class3mindevcount=2&domain1class3replpolicy=HostsPerNetwork%28near%3D2,+far%3D1%29&domain1class3hashtype=NONE&domain1class4name=c3&domain1class4mindevcount=2&domain1class4replpolicy=MultipleDevices%282%29&domain1class4hashtype=NONE
        """);
  }

  @Test
  void nothingWithFilesGoes() {
    tracker.addHost(1);
    tracker.ok("create_domain domain=d");
    tracker.ok("create_class domain=d&class=c&mindevcount=1");
    tracker.store("d", "k", "x", "&class=c");
    tracker.play(
        """
        > delete_class domain=d&class=c
        ERR class_has_files Class+still+has+files%2C+unable+to+delete
        > delete_domain domain=d
        ERR domain_has_files Domain+still+has+files%2C+unable+to+delete
        """
            .replace("%2C", ","));
  }

  @Test
  void classesComeChangeAndGo() {
    tracker.ok("create_domain domain=d");
    tracker.play(
        """
        > create_class
        ERR no_domain No+domain+provided
        > create_class domain=x
        ERR no_class No+class+provided
        > create_class domain=x&class=c
        ERR invalid_mindevcount The+mindevcount+must+be+at+least+1
        > create_class domain=x&class=c&mindevcount=0
        ERR invalid_mindevcount The+mindevcount+must+be+at+least+1
        > create_class domain=x&class=c&mindevcount=256
        ERR invalid_mindevcount The+mindevcount+must+be+at+most+255
        > create_class domain=x&class=c&mindevcount=2&replpolicy=Nope(1)
        ERR invalid_replpolicy no+replication+policy+%27Nope%27%3B+there+are+HostsPerNetwork,+MultipleDevices,+MultipleHosts,+MultipleNetworks,+Union
        > create_class domain=x&class=c&mindevcount=2&hashtype=CRC
        ERR invalid_hashtype invalid_hashtype
        > create_class domain=x&class=c&mindevcount=2
        ERR domain_not_found Domain+not+found
        > create_class domain=d&class=c&mindevcount=2&replpolicy=MultipleHosts(3)&hashtype=MD5
        OK class=c&mindevcount=2&domain=d
        > create_class domain=d&class=c&mindevcount=2
        ERR class_exists That+class+already+exists+in+that+domain
        > update_class domain=d&class=x&mindevcount=2
        ERR class_not_found Class+not+found
        > update_class domain=d&class=c
        ERR invalid_mindevcount The+mindevcount+must+be+at+least+1
        > update_class domain=d&class=c&mindevcount=3
        OK class=c&mindevcount=3&domain=d
        > get_domains
        OK domains=1&domain1=d&domain1classes=2&domain1class1name=default&domain1class1mindevcount=2&domain1class1replpolicy=MultipleHosts%28%29&domain1class1hashtype=NONE&domain1class2name=c&domain1class2mindevcount=3&domain1class2replpolicy=MultipleHosts%283%29&domain1class2hashtype=MD5
        > create_class domain=d&class=c&update=1&mindevcount=4&hashtype=NONE&replpolicy=MultipleDevices()
        OK class=c&mindevcount=4&domain=d
        > get_domains
        OK domains=1&domain1=d&domain1classes=2&domain1class1name=default&domain1class1mindevcount=2&domain1class1replpolicy=MultipleHosts%28%29&domain1class1hashtype=NONE&domain1class2name=c&domain1class2mindevcount=4&domain1class2replpolicy=MultipleDevices%28%29&domain1class2hashtype=NONE
        > delete_class
        ERR no_domain No+domain+provided
        > delete_class domain=d
        ERR no_class No+class+provided
        > delete_class domain=d&class=default
        ERR nodel_default_class Cannot+delete+the+default+class
        > delete_class domain=x&class=c
        ERR domain_not_found Domain+not+found
        > delete_class domain=d&class=x
        ERR class_not_found Class+not+found
        > delete_class domain=d&class=c
        OK domain=d&class=c
        """);
  }

  @Test
  void classDefaultIsTheOneThatEveryDomainHas() {
    tracker.ok("create_domain domain=d");
    tracker.play(
        """
        > update_class domain=d&class=default&mindevcount=3
        OK class=default&mindevcount=3&domain=d
        > get_domains
        OK domains=1&domain1=d&domain1classes=1&domain1class1name=default&domain1class1mindevcount=3&domain1class1replpolicy=MultipleHosts%28%29&domain1class1hashtype=NONE
        > create_class domain=d&class=default&mindevcount=1
        ERR class_exists That+class+already+exists+in+that+domain
        > delete_domain domain=d
        OK domain=d
        > create_domain domain=d
        OK domain=d
        > get_domains
        OK domains=1&domain1=d&domain1classes=1&domain1class1name=default&domain1class1mindevcount=2&domain1class1replpolicy=MultipleHosts%28%29&domain1class1hashtype=NONE
        > create_class domain=d&class=default&mindevcount=1
        OK class=default&mindevcount=1&domain=d
        """);
  }

  @Test
  void settingsAreCheckedAndShown() {
    tracker.play(
        """
        > server_setting
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > server_setting key=memcache_ttl
        OK key=memcache_ttl&value=
        > server_setting key=schema_version
        OK key=schema_version&value=17
        > set_server_setting
        ERR bad_params Invalid+parameters+to+command%3B+please+see+documentation
        > set_server_setting key=foo&value=1
        ERR not_writable not_writable
        > set_server_setting key=schema_version&value=18
        ERR not_writable not_writable
        > set_server_setting key=memcache_ttl&value=x
        ERR invalid_format Must+be+numeric
        > set_server_setting key=skip_mkcol&value=perhaps
        ERR invalid_format Unknown+format
        > set_server_setting key=memcache_ttl&value=60
        OK\s
        > set_server_setting key=skip_mkcol&value=yes
        OK\s
        > server_settings
        OK key_count=3&key_1=memcache_ttl&value_1=60&key_2=schema_version&value_2=17&key_3=skip_mkcol&value_3=1
        > set_server_setting key=fsck_checksum&value=MD5
        OK\s
        > server_settings
        OK key_count=4&key_1=fsck_checksum&value_1=MD5&key_2=memcache_ttl&value_2=60&key_3=schema_version&value_3=17&key_4=skip_mkcol&value_4=1
        > set_server_setting key=fsck_checksum&value=class
        OK\s
        > set_server_setting key=slave_keys&value=a
        OK\s
        > set_server_setting key=slave_a&value=dsn|user|secret
        OK\s
        > server_setting key=slave_version
        OK key=slave_version&value=2
        > set_server_setting key=slave_a&value=
        OK\s
        > server_settings
        OK key_count=5&key_1=memcache_ttl&value_1=60&key_2=schema_version&value_2=17&key_3=skip_mkcol&value_3=1&key_4=slave_keys&value_4=a&key_5=slave_version&value_5=3
        """);
  }

  @Test
  void namesThatTheColumnsCannotHoldAreRefused() {
    tracker.ok("create_domain domain=d");
    tracker.ok("create_domain domain=" + "d".repeat(255));
    tracker.play(
        """
        > create_domain domain=LONG
        ERR bad_params A+domain%27s+name+has+at+most+255+bytes
        > create_class domain=d&mindevcount=1&class=LONG
        ERR bad_params A+class%27s+name+has+at+most+50+bytes
        > create_host ip=10.0.0.1&port=7500&host=LONG
        ERR bad_params A+host%27s+name+has+at+most+40+bytes
        """
            .replace("LONG", "x".repeat(256)));
  }
}
