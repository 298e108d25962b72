package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * More clients than a tracker answers at a time want something of a database that is slow, or
 * silent. Others ask for what the tracker has in its memory, or finds on a replica that is well.
 */
class SlowDatabaseTest {

  private static final int PLACES = 16;
  private static final int WRITERS = 4 * PLACES;
  private static final int LOOKS = 20;

  /** Of all look-ups together; of a client that has to wait for one writer it would be more. */
  private static final Duration QUICK = Duration.ofSeconds(3);

  /** A client's patience, and that of a machine that has other work. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final String REMEMBERED = "get_paths domain=d&key=hot&noverify=1";
  private static final String ON_REPLICA = "file_info domain=d&key=k";

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Tasks tasks = Tasks.virtual();
  private static final Metrics metrics = new Metrics("tracker", "test");
  private static FaultyProxy proxy;
  private static Tracker tracker;
  private static Wire wire;

  @BeforeAll
  static void start() throws Exception {
    DATABASE.clear();
    Schema.migrate(DATABASE.url(), DATABASE.user(), DATABASE.password());
    proxy = FaultyProxy.before(DATABASE.url());
    sql("INSERT INTO file VALUES (1, 1, 'k', 5, 0, 1), (2, 1, 'hot', 5, 0, 1)");
    sql("INSERT INTO file_on VALUES (1, 1), (2, 1)");
    var config =
        ConfigSources.builder()
            .flag("listen", "127.0.0.1:0")
            .flag("http_listen", "127.0.0.1:0")
            .flag("database.url", proxy.through(DATABASE.url()))
            .flag("database.user", DATABASE.user())
            .flag("database.password", DATABASE.password())
            .flag("database.timeout", "1500ms")
            .flag("limits.requests", Integer.toString(PLACES))
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
    ok("set_server_setting key=path_cache_ttl&value=3600");
    ok("set_server_setting key=slave_dead_retry_timeout&value=1");
    ok("set_server_setting key=slave_connect_timeout&value=2");
    ok("set_server_setting key=slave_near&value=" + replica());
    ok("set_server_setting key=slave_keys&value=near");
    // Which rereads them.
    ok("server_settings");
  }

  private static String replica() {
    return URLEncoder.encode(
        DATABASE.url() + "|" + DATABASE.user() + "|" + DATABASE.password(),
        StandardCharsets.ISO_8859_1);
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = DATABASE.connect();
        var jdbc = connection.createStatement()) {
      jdbc.execute(statement);
    }
  }

  private static void ok(String line) {
    assertThat(Reply.parse(wire.ask(line))).as(line).isInstanceOf(Reply.Ok.class);
  }

  @AfterAll
  static void stop() throws Exception {
    wire.close();
    tracker.close();
    tasks.close();
    metrics.close();
    proxy.close();
  }

  @BeforeEach
  void allIsWell() throws Exception {
    proxy.delay(Duration.ZERO);
    proxy.pass();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> metrics.scrape().contains("hayloft_store_replicas{state=\"up\"} 1.0"));
    await().atMost(Duration.ofSeconds(20)).until(SlowDatabaseTest::isWritten);
    await().atMost(Duration.ofSeconds(20)).until(() -> wire.ask(REMEMBERED).startsWith("OK "));
  }

  /** Whether the primary does what it is asked for. */
  private static boolean isWritten() {
    return wire.ask("set_server_setting key=slave_version&value=1").equals("OK ");
  }

  private static List<Wire> writers() {
    var writers = new ArrayList<Wire>();
    for (int i = 0; i < WRITERS; i++) {
      var writer = new Wire(tracker.port());
      writer.send("delete domain=d&key=nowhere" + i + "\r\n");
      writers.add(writer);
    }
    return writers;
  }

  private static void lookUpsGoOn() {
    long begun = Time.system().nanoTime();
    for (int i = 0; i < LOOKS; i++) {
      assertThat(wire.ask(REMEMBERED)).startsWith("OK paths=1");
      assertThat(wire.ask(ON_REPLICA)).startsWith("OK fid=1");
    }
    assertThat(Time.system().since(begun)).isLessThan(QUICK);
  }

  private static List<String> answers(List<Wire> writers) {
    var answers = new ArrayList<String>();
    for (var writer : writers) {
      answers.add(writer.line());
      writer.close();
    }
    return answers;
  }

  @Test
  void whileItIsSilentLookUpsGoOnAndAllElseHearsOfItInTime() throws Exception {
    proxy.freeze();
    long begun = Time.system().nanoTime();
    var writers = writers();

    lookUpsGoOn();
    var answers = answers(writers);

    assertThat(answers).allMatch(it -> it.startsWith("ERR db") || it.startsWith("ERR busy"));
    assertThat(Time.system().since(begun)).isLessThan(SOON);
    assertThat(connections()).isLessThanOrEqualTo(2 * 16 + 8);
    proxy.pass();
    await().atMost(SOON).until(SlowDatabaseTest::isWritten);
  }

  @Test
  void whileItIsFarAwayLookUpsDoNotWaitForThoseWhoNeedIt() throws Exception {
    proxy.delay(Duration.ofMillis(100));
    var writers = writers();

    lookUpsGoOn();

    assertThat(answers(writers))
        .allMatch(it -> it.startsWith("ERR unknown_key") || it.startsWith("ERR busy"));
  }

  /** To the database, the tracker's own, and the replica's among them. */
  private static int connections() throws SQLException {
    try (var connection = DATABASE.connect();
        var statement =
            connection.prepareStatement(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()");
        var rows = statement.executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
