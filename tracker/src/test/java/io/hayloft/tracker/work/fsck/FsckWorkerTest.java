package io.hayloft.tracker.work.fsck;

import static io.hayloft.tracker.work.WorkFixture.BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.store.RegistryStore.ClassTerms;
import io.hayloft.tracker.work.WorkFixture;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the check of all files finds, and what it does about it. */
class FsckWorkerTest {

  private static final byte[] ROTTEN = "rotten.set".getBytes(StandardCharsets.US_ASCII);

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
    fixture.host("a", 1, 2).host("b", 3).host("c", 4);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aFileThatIsAsItShouldBeIsLeftAlone() throws Exception {
    var fid = fixture.copied("k", 1, 3);

    check();

    assertThat(events()).isEmpty();
    assertThat(queue()).isEmpty();
    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(replicationQueue()).isEmpty();
    assertThat(fixture.nodes.count("look")).isEqualTo(2);
    assertThat(setting("fsck_fids_checked")).contains("1");
  }

  @Test
  void missAndBlen() throws Exception {
    var missing = fixture.copied("missing", 1, 3);
    var shortened = fixture.copied("short", 1, 3);
    fixture.nodes.lose(3, missing.value());
    fixture.nodes.store(1, shortened.value(), new byte[3]);

    check();

    assertThat(eventsOf(missing)).containsExactly("MISS 3", "REPL null");
    assertThat(eventsOf(shortened)).containsExactly("BLEN 1", "REPL null");
    assertThat(fixture.on(missing)).containsExactly(1);
    assertThat(fixture.on(shortened)).containsExactly(3);
    assertThat(replicationQueue()).containsExactly(missing.toString(), shortened.toString());
    assertThat(fixture.query("SELECT devcount FROM file")).containsExactly("1", "1");
    assertThat(fixture.nodes.has(1, shortened.value())).as("bytes stay").isTrue();
  }

  @Test
  void goneKeepsTheFileAndSaysSo() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    fixture.nodes.lose(3, fid.value());

    check();

    assertThat(events()).containsExactly("MISS 1", "MISS 3", "SRCH null", "GONE null");
    assertThat(fixture.query("SELECT fid, devcount FROM file")).containsExactly(fid + " 0");
    assertThat(fixture.on(fid)).isEmpty();
    assertThat(replicationQueue()).isEmpty();
    assertThat(queue()).isEmpty();
  }

  @Test
  void srchAndFond() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    fixture.nodes.lose(3, fid.value());
    fixture.nodes.store(4, fid.value(), BYTES);

    check();

    assertThat(events()).containsExactly("MISS 1", "MISS 3", "SRCH null", "FOND 4", "REPL null");
    assertThat(fixture.on(fid)).containsExactly(4);
  }

  @Test
  void nopa() throws Exception {
    var fid = fixture.uploaded("k", 2);
    fixture.sql("DELETE FROM file_on");

    check();

    assertThat(events()).containsExactly("NOPA null", "SRCH null", "FOND 2", "REPL null");
    assertThat(fixture.on(fid)).containsExactly(2);
  }

  @Test
  void poviAndRepl() throws Exception {
    var few = fixture.copied("few", 1);
    var crowded = fixture.copied("crowded", 1, 2);
    var many = fixture.copied("many", 1, 3, 4);

    check();

    for (var fid : List.of(few, crowded, many)) {
      assertThat(eventsOf(fid)).containsExactly("POVI null", "REPL null");
    }
    assertThat(replicationQueue()).hasSize(3);
  }

  @Test
  void bcnt() throws Exception {
    fixture.copied("k", 1, 3);
    fixture.sql("UPDATE file SET devcount = 7");

    check();

    assertThat(events()).containsExactly("BCNT null");
    assertThat(fixture.query("SELECT devcount FROM file")).containsExactly("2");
  }

  @Test
  void countsAreLeftAloneWhereTheyAreSwitchedOff() throws Exception {
    fixture.copied("k", 1, 3);
    fixture.sql("UPDATE file SET devcount = 7");
    fixture.stores().registry().set("skip_devcount", Optional.of("1"));

    check();

    assertThat(events()).isEmpty();
    assertThat(fixture.query("SELECT devcount FROM file")).containsExactly("7");
  }

  @Test
  void bsumWhereACopyIsWrongAndTheOthersAreRight() throws Exception {
    var fid = withDigest("k", md5(BYTES), 1, 3);
    fixture.nodes.store(3, fid.value(), ROTTEN);

    check();

    assertThat(events()).containsExactly("BSUM 3", "REPL null");
    assertThat(fixture.on(fid)).containsExactly(1);
    assertThat(fixture.nodes.has(3, fid.value())).as("bytes stay").isTrue();
  }

  @Test
  void bsumWithoutRepairWhereNoCopyIsRight() throws Exception {
    var alike = withDigest("alike", md5(ROTTEN), 1, 3);
    var different = withDigest("different", md5(new byte[1]), 1, 3);
    fixture.nodes.store(3, different.value(), ROTTEN);

    check();

    assertThat(eventsOf(alike)).containsExactly("BSUM null");
    assertThat(eventsOf(different)).containsExactly("BSUM null");
    assertThat(fixture.on(alike)).containsExactly(1, 3);
    assertThat(fixture.on(different)).containsExactly(1, 3);
  }

  @Test
  void nsum() throws Exception {
    var fid = withDigest("k", Optional.empty(), 1, 3);

    check();

    assertThat(events()).containsExactly("NSUM null");
    assertThat(fixture.stores().files().checksums(List.of(fid)).get(fid))
        .isEqualTo(MemoryNodes.digest(HashAlgorithm.MD5, BYTES));
  }

  @Test
  void balg() throws Exception {
    withDigest("k", Optional.of(MemoryNodes.digest(HashAlgorithm.SHA_1, BYTES)), 1, 3);

    check();

    assertThat(events()).containsExactly("BALG null");
  }

  @Test
  void msum() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.copied("fine", 1, 3);
    fixture.nodes.store(3, fid.value(), ROTTEN);
    fixture.stores().registry().set("fsck_checksum", Optional.of("SHA-1"));

    check();

    assertThat(events()).containsExactly("MSUM null");
    assertThat(fixture.on(fid)).containsExactly(1, 3);
  }

  @Test
  void noDigestsWhereTheyAreOff() throws Exception {
    withDigest("k", Optional.empty(), 1, 3);
    withDigest("l", md5(ROTTEN), 1, 3);
    fixture.stores().registry().set("fsck_checksum", Optional.of("off"));

    check();

    assertThat(events()).isEmpty();
    assertThat(fixture.nodes.count("digest")).isZero();
  }

  @Test
  void policyOnlyAsksNoNode() throws Exception {
    fixture.copied("k", 1, 3);
    fixture.sql("UPDATE file SET devcount = 7");
    fixture.upkeep().fsck().reset(true, 0);

    checkFromHere();

    assertThat(events()).containsExactly("BCNT null");
    assertThat(fixture.nodes.count("look")).isZero();
  }

  @Test
  void whatIsOnDeadDevicesIsForgotten() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.mark(3, DeviceStatus.DEAD);

    check();

    assertThat(events()).containsExactly("REPL null");
    assertThat(fixture.on(fid)).containsExactly(1);
  }

  @Test
  void aHungNodePutsTheCheckOffAndItIsDoneLater() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    var upkeep = upkeep();
    fixture.nodes.host(2, Trouble.SILENT);
    begin(upkeep);

    upkeep.fsck().step();

    assertThat(events()).isEmpty();
    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(
            fixture.query(
                "SELECT fid, failcount, nexttry - UNIX_TIMESTAMP() BETWEEN 20 AND 31"
                    + " FROM file_to_queue"))
        .containsExactly(fid + " 1 1");

    fixture.nodes.allIsWell();
    fixture.sql("UPDATE file_to_queue SET nexttry = 0");
    upkeep.fsck().step();

    assertThat(events()).containsExactly("MISS 1", "REPL null");
    assertThat(queue()).isEmpty();
  }

  @Test
  void aCopyOnADeviceThatIsDownIsNotMissing() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(3, fid.value());
    fixture.mark(3, DeviceStatus.DOWN);

    check();

    assertThat(events()).isEmpty();
    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(queue()).containsExactly(fid + " 1");
  }

  @Test
  void nothingIsGivenUpWhileADeviceThatMayHaveItCannotBeAsked() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture.nodes.lose(1, fid.value());
    fixture.nodes.lose(3, fid.value());
    var upkeep = upkeep();
    fixture.nodes.device(4, Trouble.REFUSES);
    begin(upkeep);

    upkeep.fsck().step();

    assertThat(events()).isEmpty();
    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(queue()).containsExactly(fid + " 1");
  }

  @Test
  void whatSomebodyElseIsAtIsCheckedLater() throws Exception {
    var fid = fixture.copied("k", 1);
    fixture.stores().leases().acquire("fid:" + fid, "x", Duration.ofMinutes(1));

    check();

    assertThat(events()).isEmpty();
    assertThat(queue()).containsExactly(fid + " 1");
  }

  @Test
  void aFileThatIsGoneIsDropped() throws Exception {
    fixture.copied("k", 1, 3);
    var upkeep = upkeep();
    begin(upkeep);
    fixture.delete("k");

    upkeep.fsck().step();

    assertThat(events()).isEmpty();
    assertThat(queue()).isEmpty();
  }

  @Test
  void leasesLeaveNoTrace() throws Exception {
    fixture.copied("k", 1);

    check();

    assertThat(fixture.query("SELECT name FROM hayloft_lease WHERE name LIKE 'fid:%'")).isEmpty();
  }

  @Test
  void whereFewerCopiesAreWantedTheSurplusGoes() throws Exception {
    var fid = fixture.copied("k", 1, 3);
    fixture
        .stores()
        .registry()
        .createClass(
            new DomainId(1),
            new ClassTerms(FileClass.DEFAULT_NAME, 1, Optional.empty(), Optional.empty()));
    var tracker = fixture.tracker("t");
    var upkeep = fixture.upkeep(tracker, "m1");
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.upkeep().fsck().reset(false, 0);
    begin(upkeep);

    upkeep.fsck().step();
    assertThat(events()).containsExactly("POVI null", "REPL null");
    fixture.sql("UPDATE file_to_replicate SET nexttry = 0");
    tracker.replicateOnce();
    await().untilAsserted(() -> assertThat(fixture.on(fid)).hasSize(1));
    fixture.sql("UPDATE file_to_replicate SET nexttry = 0");
    tracker.replicateOnce();

    await().untilAsserted(() -> assertThat(replicationQueue()).isEmpty());
    assertThat(fixture.nodes.replicas()).hasSize(1);
    assertThat(fixture.query("SELECT devcount FROM file")).containsExactly("1");
    assertThat(fixture.stores().files().find(new DomainId(1), new Key("k"))).isPresent();
  }

  private Fid withDigest(String key, Optional<Checksum> digest, int... devices) {
    var fid = fixture.uploaded(key, md5Class(), devices[0]);
    for (int device : devices) {
      fixture.stores().replication().copied(fid, new DeviceId(device), digest);
      fixture.nodes.store(device, fid.value(), BYTES);
    }
    return fid;
  }

  private ClassId md5Class() {
    var registry = fixture.stores().registry();
    var known =
        registry.load().classRows(new DomainId(1)).stream()
            .filter(row -> row.name().equals("md5"))
            .findFirst();
    return known.isPresent()
        ? known.get().id()
        : fixture.fileClass("md5", 2, Optional.of(HashAlgorithm.MD5));
  }

  private static Optional<Checksum> md5(byte[] bytes) {
    return Optional.of(MemoryNodes.digest(HashAlgorithm.MD5, bytes));
  }

  /** Checks all files from the first on. */
  private void check() throws Exception {
    fixture.upkeep().fsck().reset(false, 0);
    checkFromHere();
  }

  private void checkFromHere() throws Exception {
    var upkeep = upkeep();
    begin(upkeep);
    upkeep.fsck().step();
  }

  private WorkFixture.Upkeep upkeep() throws Exception {
    return fixture.upkeep(fixture.tracker("t"), "m1");
  }

  private void begin(WorkFixture.Upkeep upkeep) throws Exception {
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.upkeep().fsck().start("m1");
    upkeep.fsckRunner().step();
    fixture.nodes.forgetCalls();
  }

  private List<String> events() throws SQLException {
    return fixture.query("SELECT evcode, devid FROM fsck_log ORDER BY logid");
  }

  private List<String> eventsOf(Fid fid) throws SQLException {
    return fixture.query(
        "SELECT evcode, devid FROM fsck_log WHERE fid = " + fid + " ORDER BY logid");
  }

  private List<String> queue() throws SQLException {
    return fixture.query("SELECT fid, type FROM file_to_queue ORDER BY fid");
  }

  private List<String> replicationQueue() throws SQLException {
    return fixture.query("SELECT fid FROM file_to_replicate ORDER BY fid");
  }

  private Optional<String> setting(String name) {
    return fixture.stores().registry().setting(name);
  }
}
