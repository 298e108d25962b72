package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.hayloft.testkit.FaultyProxy;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients hear while the database is away: an error, soon; and that it is back, soon. */
class DatabaseAwayTest {

  private static final String DB = "ERR db Database+error";

  /** A client's patience. */
  private static final Duration SOON = Duration.ofSeconds(3);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private FaultyProxy proxy;
  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException, IOException {
    proxy = FaultyProxy.before(DATABASE.url());
    tracker = WireFixture.start(DATABASE, proxy.through(DATABASE.url()));
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
    tracker.store("d", "k", "12345");
  }

  @AfterEach
  void stop() throws IOException {
    tracker.close();
    proxy.close();
  }

  private void isSaidSoon() {
    for (var request :
        List.of(
            "get_paths domain=d&key=k",
            "create_open domain=d",
            "delete domain=d&key=k",
            "create_domain domain=e",
            "get_paths domain=unheard-of&key=k")) {
      assertThat(assertTimeout(SOON, () -> tracker.ask(request))).as(request).isEqualTo(DB);
    }
    assertThat(tracker.ask("noop")).isEqualTo("OK ");
    assertThat(tracker.ask("get_domains")).startsWith("OK domains=1");
    assertThat(tracker.ask("create_open")).startsWith("ERR no_domain");
  }

  private void isUsedAgain() {
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> tracker.ask("get_paths domain=d&key=k").startsWith("OK paths=1"));
    assertThat(tracker.ask("create_open domain=d")).startsWith("OK fid=");
  }

  @Test
  void databaseThatRefusesConnections() throws IOException {
    proxy.refuse();
    isSaidSoon();

    proxy.pass();
    isUsedAgain();
  }

  @Test
  void databaseThatDoesNotAnswer() throws IOException {
    proxy.freeze();
    isSaidSoon();

    proxy.cut();
    proxy.pass();
    isUsedAgain();
  }

  @Test
  void connectionsThatBreakAreReplaced() {
    proxy.cut();

    isUsedAgain();
  }
}
