package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.testkit.ManualTime;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.work.WorkFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AutoDeadWorkerTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualTime time = ManualTime.start();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private WorkFixture fixture;
  private WorkFixture.Tracker tracker;
  private AutoDeadWorker worker;

  @BeforeEach
  void start() throws Exception {
    fixture = new WorkFixture(DATABASE).host("a", 1).host("b", 2).host("c", 3).host("d", 4);
    fixture.sql("INSERT INTO server_settings VALUES ('auto_dead_after', '1h')");
    tracker = fixture.tracker("t");
    worker = worker(tracker, "t");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aDeviceThatIsOutOfReachLongEnoughIsMarkedDead() throws Exception {
    silence(1);
    watchFor(Duration.ofMinutes(2), worker);
    assertThat(status(1)).isEqualTo("alive");
    assertThat(noted()).containsExactly("1");

    pass(Duration.ofHours(1));
    worker.step();
    assertThat(status(1)).isEqualTo("dead");
    assertThat(noted()).isEmpty();
    assertThat(status(2)).isEqualTo("alive");
  }

  @Test
  void aDeviceThatIsBackInTimeIsForgotten() throws Exception {
    silence(1);
    watchFor(Duration.ofMinutes(2), worker);
    fixture.nodes.allIsWell();
    tracker.monitor().refresh();
    worker.step();
    assertThat(noted()).isEmpty();

    silence(1);
    watchFor(Duration.ofMinutes(2), worker);
    pass(Duration.ofMinutes(59));
    worker.step();
    assertThat(status(1)).isEqualTo("alive");
  }

  @Test
  void whatWasNotedOutlivesTheTracker() throws Exception {
    silence(1);
    watchFor(Duration.ofMinutes(1), worker);
    pass(Duration.ofHours(1));
    fixture.stores().leases().release("auto-dead", "t");

    var next = worker(tracker, "u");
    next.step();
    assertThat(status(1)).isEqualTo("alive");
    watchFor(AutoDeadPlan.SEEN, next);
    assertThat(status(1)).isEqualTo("dead");
  }

  @Test
  void anyTrackerThatReachesItTakesItBack() throws Exception {
    silence(1);
    watchFor(Duration.ofMinutes(2), worker);
    fixture.nodes.allIsWell();
    var other = fixture.tracker("u");
    worker(other, "u").step();

    pass(Duration.ofHours(1));
    worker.step();
    assertThat(status(1)).isEqualTo("alive");
    assertThat(noted()).isEmpty();
  }

  @Test
  void whileMuchIsOutNothingIsMarkedAndAnAlarmIsRaised() throws Exception {
    silence(1);
    watchFor(Duration.ofMinutes(2), worker);
    pass(Duration.ofHours(1));
    silence(2);
    worker.step();

    assertThat(status(1)).isEqualTo("alive");
    assertThat(gauge("hayloft.tracker.safe.mode")).isEqualTo(1);
    assertThat(gauge("hayloft.tracker.devices.out")).isEqualTo(2);
    assertThat(fixture.query("SELECT COUNT(*) FROM hayloft_device WHERE counted_from IS NOT NULL"))
        .containsExactly("0");
  }

  @Test
  void oneTrackerAtATimeJudges() throws Exception {
    assertThat(fixture.stores().leases().acquire("auto-dead", "x", Duration.ofMinutes(1))).isTrue();
    silence(1);
    watchFor(Duration.ofMinutes(2), worker);

    assertThat(noted()).isEmpty();
  }

  @Test
  void anInstallationThatWasTakenOverKeepsWhatItHas() throws Exception {
    fixture.sql("DELETE FROM server_settings WHERE field = 'auto_dead_after'");
    silence(1);
    watchFor(Duration.ofMinutes(2), worker);
    pass(Duration.ofDays(30));
    worker.step();
    assertThat(status(1)).isEqualTo("alive");

    fixture.sql("INSERT INTO server_settings VALUES ('hayloft_installation', 'new')");
    tracker.monitor().refresh();
    worker.step();
    assertThat(status(1)).isEqualTo("dead");
  }

  private void silence(int host) throws InterruptedException {
    fixture.nodes.host(hostOf(host), Trouble.SILENT);
    tracker.monitor().refresh();
  }

  private int hostOf(int device) {
    return fixture.stores().registry().load().devices().values().stream()
        .filter(each -> each.id().value() == device)
        .findFirst()
        .orElseThrow()
        .host()
        .value();
  }

  private void watchFor(Duration length, AutoDeadWorker by) {
    by.step();
    time.advance(length);
    by.step();
    by.step();
  }

  /** By the database's clock, which no test can set. */
  private void pass(Duration length) throws SQLException {
    fixture.sql(
        "UPDATE hayloft_device SET unreachable_since = unreachable_since - %d,"
                .formatted(length.toSeconds())
            + " counted_from = counted_from - %d".formatted(length.toSeconds()));
  }

  private AutoDeadWorker worker(WorkFixture.Tracker of, String owner) {
    return new AutoDeadWorker(
        of.monitor(), fixture.upkeep().records(), fixture.stores().leases(), owner, time, meters);
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  private String status(int device) throws SQLException {
    return fixture.query("SELECT status FROM device WHERE devid = " + device).getFirst();
  }

  private List<String> noted() throws SQLException {
    return fixture.query("SELECT devid FROM hayloft_device WHERE unreachable_since IS NOT NULL");
  }
}
