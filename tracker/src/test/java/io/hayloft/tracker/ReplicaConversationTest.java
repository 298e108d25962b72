package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.hayloft.protocol.Reply;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.runtime.config.ConfigSources;
import io.hayloft.runtime.metrics.Metrics;
import io.hayloft.runtime.random.Randomness;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.schema.Schema;
import io.hayloft.testkit.FaultyProxy;
import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A whole tracker with a read replica. What the primary and the replica say of one key differs, so
 * that the answer tells who was asked.
 */
class ReplicaConversationTest {

  /** A client's patience. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final String INFO = "file_info domain=d&key=k";
  private static final String PATHS = "get_paths domain=d&key=k&noverify=1";
  private static final String FROM_PRIMARY = "length=5";
  private static final String FROM_REPLICA = "length=6";

  @RegisterExtension static final TestDatabase PRIMARY = new TestDatabase();
  @RegisterExtension static final TestDatabase REPLICA = new TestDatabase();

  private static final Tasks tasks = Tasks.virtual();
  private static final Metrics metrics = new Metrics("tracker", "test");
  private static FaultyProxy beforePrimary;
  private static FaultyProxy beforeReplica;
  private static Tracker tracker;
  private static Wire wire;

  @BeforeAll
  static void start() throws Exception {
    for (var database : List.of(PRIMARY, REPLICA)) {
      database.clear();
      Schema.migrate(database.url(), database.user(), database.password());
    }
    beforePrimary = FaultyProxy.before(PRIMARY.url());
    beforeReplica = FaultyProxy.before(REPLICA.url());
    sql(PRIMARY, "INSERT INTO file VALUES (1, 1, 'k', 5, 0, 1), (2, 1, 'new', 5, 0, 1)");
    sql(PRIMARY, "INSERT INTO file_on VALUES (1, 1), (2, 1)");
    sql(REPLICA, "INSERT INTO file VALUES (1, 1, 'k', 6, 0, 1)");
    sql(REPLICA, "INSERT INTO file_on VALUES (1, 2)");
    var config =
        ConfigSources.builder()
            .flag("listen", "127.0.0.1:0")
            .flag("http_listen", "127.0.0.1:0")
            .flag("database.url", beforePrimary.through(PRIMARY.url()))
            .flag("database.user", PRIMARY.user())
            .flag("database.password", PRIMARY.password())
            .flag("database.timeout", "1500ms")
            .flag("jobs.enabled", "no")
            .build();
    tracker =
        Tracker.start(
            ConfigReader.of(TrackerConfig.class).read(config),
            new Tracker.Surroundings(Time.system(), tasks, Randomness.SYSTEM, metrics),
            () -> {});
    wire = new Wire(tracker.port());
    ok("create_domain domain=d");
    ok("create_host host=h&ip=127.0.0.1&port=1&status=alive");
    ok("create_device hostname=h&devid=1");
    ok("create_device hostname=h&devid=2");
    ok("set_server_setting key=slave_dead_retry_timeout&value=1");
    ok("set_server_setting key=slave_near&value=" + replica());
  }

  @BeforeEach
  void allIsWell() throws Exception {
    beforePrimary.pass();
    beforeReplica.pass();
    await()
        .until(() -> wire.ask("set_server_setting key=slave_keys&value=near%3D100").equals("OK "));
    // Which rereads them; the pool may still have connections that broke.
    await().until(() -> wire.ask("server_settings").startsWith("OK "));
    awaitInfo(FROM_REPLICA);
    await().until(() -> wire.ask("file_info domain=d&key=new").startsWith("OK fid=2"));
  }

  /** As mogadm writes it. */
  private static String replica() {
    var name = REPLICA.url().replaceFirst(".*//[^/]*/([^?]*).*", "$1");
    return "DBI:mysql:%s:host%%3D127.0.0.1;port%%3D%d|%s|%s"
        .formatted(name, beforeReplica.port(), REPLICA.user(), REPLICA.password());
  }

  @AfterAll
  static void stop() throws Exception {
    wire.close();
    tracker.close();
    tasks.close();
    metrics.close();
    beforePrimary.close();
    beforeReplica.close();
  }

  private static void sql(TestDatabase database, String statement) throws SQLException {
    try (var connection = database.connect();
        var jdbc = connection.createStatement()) {
      jdbc.execute(statement);
    }
  }

  private static void ok(String line) {
    assertThat(Reply.parse(wire.ask(line))).as(line).isInstanceOf(Reply.Ok.class);
  }

  private static String soon(String line) {
    return assertTimeout(SOON, () -> wire.ask(line), line);
  }

  private static void awaitInfo(String part) {
    await().atMost(Duration.ofSeconds(20)).until(() -> wire.ask(INFO).contains(part));
  }

  @Test
  void lookUpsAreTheReplicasAndEverythingElseIsThePrimarys() {
    assertThat(wire.ask(INFO + "&devices=1")).contains(FROM_REPLICA).contains("devids=2");
    assertThat(wire.ask(PATHS)).contains("/dev2/").doesNotContain("/dev1/");
    assertThat(wire.ask("file_debug domain=d&key=k")).contains("fid_length=5");
    assertThat(wire.ask("list_fids from=0&to=1")).contains("fid_1_length=5");
    assertThat(metrics.scrape()).contains("hayloft_store_replicas{state=\"up\"} 1.0");
  }

  @Test
  void aKeyThatTheReplicaDoesNotHaveYetIsFound() {
    assertThat(wire.ask("file_info domain=d&key=new")).startsWith("OK fid=2");
    assertThat(wire.ask("get_paths domain=d&key=new&noverify=1")).contains("/dev1/");
    assertThat(wire.ask("get_paths domain=d&key=nowhere")).startsWith("ERR unknown_key");
  }

  @Test
  void whenTheReplicaIsDownThePrimaryAnswersAndItComesBackByItself() throws Exception {
    beforeReplica.refuse();
    for (int i = 0; i < 5; i++) {
      assertThat(soon(INFO)).contains(FROM_PRIMARY);
    }

    beforeReplica.pass();
    awaitInfo(FROM_REPLICA);
  }

  @Test
  void aReplicaThatHangsIsWaitedForOnce() throws Exception {
    beforeReplica.freeze();
    assertThat(soon(INFO)).contains(FROM_PRIMARY);
    long started = Time.system().nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(wire.ask(INFO)).contains(FROM_PRIMARY);
    }
    assertThat(Time.system().since(started)).isLessThan(Duration.ofSeconds(1));

    beforeReplica.pass();
    awaitInfo(FROM_REPLICA);
  }

  @Test
  void whileThePrimaryIsDownLookUpsAreAnsweredAndWritesAreRefusedSoon() throws Exception {
    beforePrimary.refuse();
    for (int i = 0; i < 3; i++) {
      assertThat(soon(INFO)).contains(FROM_REPLICA);
      assertThat(soon(PATHS)).contains("/dev2/");
      assertThat(soon("get_paths domain=d&key=k")).startsWith("OK paths=1&");
      assertThat(soon("file_info domain=d&key=new")).startsWith("ERR unknown_key");
    }
    assertThat(soon("create_domain domain=e")).startsWith("ERR db");
    assertThat(soon("delete domain=d&key=nowhere")).startsWith("ERR db");
    assertThat(soon("get_domains")).startsWith("OK domains=1");

    beforePrimary.pass();
    await().until(() -> wire.ask("file_info domain=d&key=new").startsWith("OK fid=2"));
    await().until(() -> wire.ask("delete domain=d&key=nowhere").startsWith("ERR unknown_key"));
  }

  @Test
  void whileThePrimaryHangsLookUpsAreAnsweredWithoutWaitingForIt() throws Exception {
    beforePrimary.freeze();
    assertThat(soon("file_info domain=d&key=new")).startsWith("ERR unknown_key");
    long started = Time.system().nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(wire.ask(INFO)).contains(FROM_REPLICA);
      assertThat(wire.ask("file_info domain=d&key=new")).startsWith("ERR unknown_key");
    }
    assertThat(Time.system().since(started)).isLessThan(Duration.ofSeconds(1));
    assertThat(soon("delete domain=d&key=nowhere")).startsWith("ERR db");
    assertThat(soon("get_paths domain=unheard-of&key=k")).startsWith("ERR db");

    beforePrimary.cut();
    beforePrimary.pass();
    await().until(() -> wire.ask("file_info domain=d&key=new").startsWith("OK fid=2"));
  }

  @Test
  void aReplicaThatIsTakenOutLeavesNoConnection() throws Exception {
    assertThat(connectionsToReplica()).isPositive();
    ok("set_server_setting key=slave_keys&value=");
    ok("server_settings");

    awaitInfo(FROM_PRIMARY);
    await().until(() -> connectionsToReplica() == 0);
  }

  private static int connectionsToReplica() throws SQLException {
    try (var connection = PRIMARY.connect();
        var statement =
            connection.prepareStatement(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE db = ?")) {
      statement.setString(1, REPLICA.url().replaceFirst(".*//[^/]*/([^?]*).*", "$1"));
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }
}
