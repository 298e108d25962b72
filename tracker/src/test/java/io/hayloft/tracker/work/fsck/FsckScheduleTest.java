package io.hayloft.tracker.work.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.ManualTime;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.FsckTerms.Depth;
import io.hayloft.tracker.model.FsckTerms.Scope;
import io.hayloft.tracker.store.FsckRunStore.Run;
import io.hayloft.tracker.store.FsckStore.Range;
import io.hayloft.tracker.work.WorkFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that start by themselves. It is a Thursday noon, in UTC. */
class FsckScheduleTest {

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualTime time = ManualTime.startingAt(NOON);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final FsckMeters meters = new FsckMeters(registry);
  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1).host("b", 3);
    fixture.copied("k", 1, 3);
    set("hayloft_installation", "new");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void set(String name, String value) {
    fixture.stores().registry().set(name, Optional.of(value));
  }

  /** What a tracker does that has read the settings just now. */
  private FsckSchedule tracker(String name) throws InterruptedException {
    return new FsckSchedule(
        fixture.tracker(name).monitor(),
        fixture.upkeep().fsckRuns(),
        fixture.stores().leases(),
        new FsckSchedule.Identity(name, name),
        time,
        meters);
  }

  private void until(String instant) {
    time.advance(Duration.between(time.now(), Instant.parse(instant)));
  }

  private List<Run> runs() {
    return fixture.upkeep().fsckRuns().runs(100);
  }

  private void finish() {
    var runs = fixture.upkeep().fsckRuns();
    var host = fixture.upkeep().fsck().host().orElseThrow();
    var range = runs.stand(host).orElseThrow().range();
    assertThat(runs.pass(host, FsckPassing.of(new Range(0, range.end())), 10)).isTrue();
    assertThat(runs.finish(host)).isTrue();
    runs.settle();
  }

  @Test
  void aNewInstallationIsCheckedEachNightAndThoroughlyOnSundays() throws Exception {
    var tracker = tracker("t");
    tracker.step();
    assertThat(runs()).as("nothing was missed before it began").isEmpty();
    until("2026-11-27T02:59:59Z");
    tracker.step();
    assertThat(runs()).isEmpty();

    until("2026-11-27T03:00:00Z");
    tracker.step();
    tracker.step();

    assertThat(runs()).hasSize(1);
    assertThat(runs().getFirst().origin().askedBy()).isEqualTo("fsck_schedule");
    assertThat(runs().getFirst().origin().terms().depth()).isEqualTo(Depth.QUICK);
    finish();
    tracker.step();
    assertThat(runs()).hasSize(1);
    until("2026-11-29T04:00:01Z");
    tracker.step();
    assertThat(runs()).as("one does for what was due").hasSize(2);
    assertThat(runs().getFirst().origin().terms().depth()).isEqualTo(Depth.FULL);
    finish();
    tracker.step();
    assertThat(runs()).hasSize(2);
  }

  @Test
  void oneThatWasTakenOverIsLeftToItsOperators() throws Exception {
    fixture.sql("DELETE FROM server_settings WHERE field = 'hayloft_installation'");
    tracker("t").step();
    until("2026-12-20T12:00:00Z");
    tracker("t").step();
    assertThat(runs()).isEmpty();

    set("fsck_schedule", "30 13 * * *");
    tracker("t").step();
    assertThat(runs()).isEmpty();
    until("2026-12-20T13:30:00Z");
    tracker("t").step();
    assertThat(runs()).hasSize(1);
  }

  @Test
  void whatIsOffIsNotMadeUpForLater() throws Exception {
    tracker("t").step();
    set("fsck_schedule", "off");
    set("fsck_schedule_full", "off");
    tracker("t").step();
    until("2026-12-20T12:00:00Z");
    tracker("t").step();
    fixture.sql("DELETE FROM server_settings WHERE field LIKE 'fsck\\_schedule%'");
    tracker("t").step();
    assertThat(runs()).isEmpty();
  }

  @Test
  void aTimeThatWasMissedIsMadeUpForOnce() throws Exception {
    set("fsck_schedule_full", "off");
    tracker("t").step();
    until("2026-12-20T12:00:00Z");

    tracker("t").step();
    finish();
    tracker("t").step();

    assertThat(runs()).hasSize(1);
  }

  @Test
  void aRunThatIsUnderWayIsWaitedFor() throws Exception {
    tracker("t").step();
    fixture.upkeep().fsck().start("elsewhere");
    until("2026-11-27T03:00:00Z");
    tracker("t").step();
    assertThat(runs()).hasSize(1);

    finish();
    tracker("t").step();

    assertThat(runs()).hasSize(2);
    assertThat(fixture.upkeep().fsck().host()).contains("t");
  }

  @Test
  void oneOfSeveralTrackersStartsIt() throws Exception {
    tracker("t").step();
    until("2026-11-27T03:00:00Z");
    for (var name : List.of("u", "t", "v", "t")) {
      tracker(name).step();
    }
    assertThat(runs()).hasSize(1);
    assertThat(fixture.upkeep().fsck().host()).contains("t");
  }

  @Test
  void aScheduleThatCannotBeReadStartsNothing() throws Exception {
    tracker("t").step();
    set("fsck_schedule", "every night");
    until("2026-11-28T12:00:00Z");
    tracker("t").step();
    assertThat(runs()).isEmpty();
  }

  @Test
  void alarmsSeeTheLastWholeRun() throws Exception {
    fixture.upkeep().fsck().start("m");
    tracker("t").step();
    assertThat(gauge("hayloft.fsck.running")).isEqualTo(1);
    assertThat(gauge("hayloft.fsck.last.finished")).isZero();
    fixture.sql("UPDATE hayloft_fsck_run SET lost = 2, orphans_found = 3");
    finish();

    tracker("t").step();

    assertThat(gauge("hayloft.fsck.running")).isZero();
    assertThat(gauge("hayloft.fsck.last.finished")).isPositive();
    assertThat(gauge("hayloft.fsck.last.lost")).isEqualTo(2);
    assertThat(gauge("hayloft.fsck.last.orphans")).isEqualTo(3);
  }

  @Test
  void alarmsDoNotTakeAPartForTheWhole() throws Exception {
    fixture.upkeep().fsck().start("m");
    fixture.sql("UPDATE hayloft_fsck_run SET lost = 2");
    finish();
    tracker("t").step();
    var part = new Scope(Optional.empty(), Optional.empty(), Optional.of(new DeviceId(1)));
    var terms = new FsckTerms(Depth.QUICK, part, FsckTerms.USUAL.bytesPerSecond());
    fixture.upkeep().fsck().startFromTheFirst("m", terms);
    finish();

    tracker("t").step();

    assertThat(runs()).hasSize(2);
    assertThat(gauge("hayloft.fsck.last.lost")).isEqualTo(2);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
