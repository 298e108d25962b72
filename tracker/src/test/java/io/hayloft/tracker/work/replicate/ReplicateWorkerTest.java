package io.hayloft.tracker.work.replicate;

import static io.hayloft.tracker.work.WorkFixture.BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.ReplicaPath;
import io.hayloft.testkit.TestDatabase;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.MemoryNodes.Trouble;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.work.WorkFixture;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplicateWorkerTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WorkFixture fixture;

  @BeforeEach
  void start() throws SQLException {
    fixture = new WorkFixture(DATABASE);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aNewFileGetsItsSecondCopyOnAnotherHost() throws Exception {
    fixture.host("a", 1, 2).host("b", 3);
    var fid = fixture.uploaded("k", 1);

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(fixture.nodes.has(3, fid.value())).isTrue();
    await().untilAsserted(() -> assertThat(queue()).isEmpty());
    assertThat(fixture.query("SELECT devcount FROM file")).containsExactly("2");
    assertThat(fixture.nodes.count("prepare /dev3/")).isEqualTo(1);
  }

  @Test
  void aFileThatIsGoneNeedsNothing() throws Exception {
    fixture.host("a", 1).host("b", 2);
    fixture.uploaded("k", 1);
    fixture.sql("DELETE FROM file");

    fixture.tracker("t").replicateOnce();

    await().untilAsserted(() -> assertThat(queue()).isEmpty());
    assertThat(fixture.nodes.count("copy")).isZero();
  }

  @Test
  void aFileWithoutALocationWaitsForAPerson() throws Exception {
    fixture.host("a", 1).host("b", 2);
    fixture.uploaded("k", 1);
    fixture.sql("DELETE FROM file_on");

    fixture.tracker("t").replicateOnce();

    await()
        .untilAsserted(
            () ->
                assertThat(fixture.query("SELECT nexttry, failcount FROM file_to_replicate"))
                    .containsExactly("2147483647 1"));
  }

  @Test
  void whenADestinationFailsAnotherIsTriedInTheSamePass() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fid = fixture.uploaded("k", 1);
    var tracker = fixture.tracker("t");
    fixture.nodes.device(2, Trouble.READ_ONLY);

    tracker.replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    await().untilAsserted(() -> assertThat(queue()).isEmpty());
  }

  @Test
  void whenASourceFailsAnotherIsTriedInTheSamePass() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fileClass = fixture.fileClass("three", 3, Optional.empty());
    var fid = fixture.uploaded("k", fileClass, 1);
    fixture.stores().replication().copied(fid, new DeviceId(2), Optional.empty());
    var tracker = fixture.tracker("t");

    tracker.replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 2, 3);
    await().untilAsserted(() -> assertThat(queue()).isEmpty());
  }

  @Test
  void whatFailsIsTriedAgainLaterAndLater() throws Exception {
    fixture.host("a", 1).host("b", 2);
    var fid = fixture.uploaded("k", 1);
    var tracker = fixture.tracker("t");
    fixture.nodes.host(2, Trouble.REFUSES);

    tracker.replicateOnce();
    awaitDelay(fid, 1, 12, 18);
    fixture.sql("UPDATE file_to_replicate SET nexttry = 0");
    tracker.replicateOnce();
    awaitDelay(fid, 2, 48, 72);
    fixture.nodes.allIsWell();
    fixture.stores().replication().wakeAll();
    tracker.replicateOnce();

    await().untilAsserted(() -> assertThat(queue()).isEmpty());
    assertThat(fixture.on(fid)).containsExactly(1, 2);
  }

  @Test
  void anUnreachableSourceIsWaitedFor() throws Exception {
    fixture.host("a", 1).host("b", 2);
    var fid = fixture.uploaded("k", 1);
    fixture.nodes.host(1, Trouble.SILENT);

    fixture.tracker("t").replicateOnce();

    awaitDelay(fid, 1, 12, 18);
    assertThat(fixture.nodes.count("copy")).isZero();
  }

  @Test
  void theDigestThatTheClassKeepsIsComputedOnTheWayAndStored() throws Exception {
    fixture.host("a", 1).host("b", 2);
    var md5 = fixture.fileClass("md5", 2, Optional.of(HashAlgorithm.MD5));
    var fid = fixture.uploaded("k", md5, 1);

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.stores().files().checksums(List.of(fid)))
        .containsEntry(fid, MemoryNodes.digest(HashAlgorithm.MD5, BYTES));
    assertThat(fixture.nodes.count("digest /dev2/")).isEqualTo(1);
  }

  @Test
  void bytesThatAreStoredWronglyAreNoCopy() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var sha1 = fixture.fileClass("sha1", 3, Optional.of(HashAlgorithm.SHA_1));
    var fid = fixture.uploaded("k", sha1, 1);
    fixture.nodes.device(2, Trouble.ROTTEN);

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(fixture.nodes.has(2, fid.value())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"KEEPS_HALF", "KEEPS_NOTHING"})
  void aCopyThatANodeOnlySaysItMadeIsNotRecorded(Trouble lie) throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var three = fixture.fileClass("three", 3, Optional.empty());
    var fid = fixture.uploaded("k", three, 1);
    fixture.nodes.device(2, lie);

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
    assertThat(fixture.nodes.count("copy ")).isGreaterThan(1);
    assertThat(fixture.nodes.has(2, fid.value())).isFalse();
    awaitDelay(fid, 1, 12, 18);
  }

  /** Its digest was compared as it took the body, and it may have lost the file all the same. */
  @Test
  void aNodeThatRefusesOtherBytesIsLookedAtAsWell() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var three = fixture.fileClass("three", 3, Optional.of(HashAlgorithm.MD5));
    var fid = fixture.uploaded("k", three, 1);
    var md5 = MemoryNodes.digest(HashAlgorithm.MD5, BYTES);
    fixture.stores().replication().copied(fid, new DeviceId(1), Optional.of(md5));
    fixture.nodes.rejectBadMd5();
    var tracker = fixture.tracker("t");
    fixture.nodes.device(2, Trouble.KEEPS_NOTHING);

    tracker.replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
  }

  @Test
  void aSourceWithoutTheStoredDigestIsNotCopied() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var three = fixture.fileClass("three", 3, Optional.of(HashAlgorithm.MD5));
    var fid = fixture.uploaded("k", three, 1);
    fixture
        .stores()
        .replication()
        .copied(fid, new DeviceId(2), Optional.of(MemoryNodes.digest(HashAlgorithm.MD5, BYTES)));
    fixture.nodes.store(2, fid.value(), "rotten byt".getBytes(StandardCharsets.US_ASCII));

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 2, 3);
    assertThat(
            fixture.nodes.digest(
                new Place(
                    fixture.stores().registry().load().host("c").orElseThrow(),
                    new ReplicaPath(new DeviceId(3), fid)),
                HashAlgorithm.MD5,
                BYTES.length))
        .contains(MemoryNodes.digest(HashAlgorithm.MD5, BYTES));
  }

  @Test
  void aNodeThatChecksMd5ItselfIsNotAskedAgain() throws Exception {
    fixture.host("a", 1).host("b", 2);
    var md5 = fixture.fileClass("md5", 2, Optional.of(HashAlgorithm.MD5));
    var fid = fixture.uploaded("k", md5, 1);
    fixture
        .stores()
        .replication()
        .copied(fid, new DeviceId(1), Optional.of(MemoryNodes.digest(HashAlgorithm.MD5, BYTES)));
    fixture.nodes.rejectBadMd5();

    fixture.tracker("t").replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 2);
    assertThat(fixture.nodes.count("digest")).isZero();
  }

  @Test
  void whatIsDeletedWhileItIsCopiedLeavesNoBytes() throws Exception {
    fixture.host("a", 1).host("b", 2);
    var fid = fixture.uploaded("k", 1);
    var tracker = fixture.tracker("t");
    fixture.nodes.duringCopy(
        () -> {
          fixture.delete("k");
          step(tracker);
        });

    tracker.replicateOnce();
    await()
        .untilAsserted(
            () -> {
              step(tracker);
              assertThat(fixture.nodes.replicas()).isEmpty();
              assertThat(fixture.on(fid)).isEmpty();
              assertThat(fixture.query("SELECT fid FROM file_to_delete2")).isEmpty();
            });
    await().untilAsserted(() -> assertThat(queue()).isEmpty());
  }

  @Test
  void oneSurplusCopyGoesInEachPass() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3).host("d", 4);
    var fid = fixture.copied("k", 1, 2, 3, 4);
    var tracker = fixture.tracker("t");

    tracker.replicateOnce();
    await().untilAsserted(() -> assertThat(fixture.on(fid)).hasSize(3));
    awaitDelay(fid, 0, 12, 18);
    fixture.stores().replication().wakeAll();
    tracker.replicateOnce();
    await().untilAsserted(() -> assertThat(fixture.on(fid)).hasSize(2));
    assertThat(fixture.nodes.replicas()).hasSize(2);
    fixture.stores().replication().wakeAll();
    tracker.replicateOnce();
    await().untilAsserted(() -> assertThat(queue()).isEmpty());
    assertThat(fixture.on(fid)).hasSize(2);
  }

  @Test
  void aSurplusCopyStaysWhileTheOthersCannotBeSeenToBeGood() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fid = fixture.copied("k", 1, 2, 3);
    var tracker = fixture.tracker("t");
    fixture.nodes.store(2, fid.value(), new byte[3]);
    fixture.nodes.store(3, fid.value(), new byte[3]);

    tracker.replicateOnce();

    awaitDelay(fid, 1, 12, 18);
    assertThat(fixture.on(fid)).containsExactly(1, 2, 3);
    assertThat(fixture.nodes.replicas()).hasSize(3);
  }

  @Test
  void aSurplusCopyStaysWhenTheOthersAreOnDevicesThatDiedJustNow() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fid = fixture.copied("k", 1, 2, 3);
    var tracker = fixture.tracker("t");
    // Told to another tracker; this one's view is from before.
    fixture.sql("UPDATE device SET status = 'dead' WHERE devid > 1");

    tracker.replicateOnce();

    awaitDelay(fid, 1, 12, 18);
    assertThat(fixture.nodes.replicas()).hasSize(3);
  }

  @Test
  void aCopyOfTheWrongLengthIsTheOneThatGoes() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fid = fixture.copied("k", 1, 2, 3);
    var tracker = fixture.tracker("t");
    fixture.nodes.store(2, fid.value(), new byte[3]);

    tracker.replicateOnce();

    await().untilAsserted(() -> assertThat(fixture.on(fid)).containsExactly(1, 3));
  }

  @Test
  void aSurplusCopyStaysWhenNoOtherHasTheStoredDigest() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fid = fixture.copied("k", 1, 2, 3);
    var md5 = Optional.of(MemoryNodes.digest(HashAlgorithm.MD5, BYTES));
    fixture.stores().replication().copied(fid, new DeviceId(1), md5);
    var tracker = fixture.tracker("t");
    fixture.nodes.store(2, fid.value(), new byte[BYTES.length]);
    fixture.nodes.store(3, fid.value(), new byte[BYTES.length]);

    tracker.replicateOnce();

    await().untilAsserted(() -> assertThat(fixture.on(fid)).hasSize(2).contains(1));
  }

  @Test
  void twoTrackersNeverCopyAFileAtTheSameTime() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fids = new ArrayList<Fid>();
    for (int i = 0; i < 150; i++) {
      fids.add(fixture.uploaded("k" + i, 1 + i % 3));
    }
    var trackers = List.of(fixture.tracker("s"), fixture.tracker("t"));

    for (var tracker : trackers) {
      for (int loop = 0; loop < 2; loop++) {
        fixture.tasks.start(
            "loop",
            () -> {
              while (!queue().isEmpty()) {
                Thread.onSpinWait();
                tracker.replicate().step();
              }
            });
      }
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> queue().isEmpty());

    assertThat(fixture.nodes.copiedTwiceAtOnce()).isEmpty();
    assertThat(fixture.nodes.count("copy")).isEqualTo(150);
    assertThat(fids).allSatisfy(fid -> assertThat(fixture.on(fid)).hasSize(2));
  }

  @Test
  void whatIsMadeDueAgainWhileItIsCopiedIsNotCopiedTwiceAtOnce() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fid = fixture.uploaded("k", 1);
    var tracker = fixture.tracker("t");
    fixture.nodes.duringCopy(
        () -> {
          fixture.stores().replication().enqueue(List.of(fid), Duration.ZERO);
          replicateStep(tracker);
        });

    tracker.replicateOnce();

    assertThat(fixture.nodes.count("copy")).isEqualTo(1);
    assertThat(fixture.on(fid)).hasSize(2);
    assertThat(queue()).hasSize(1);
  }

  @Test
  void aDeadDeviceIsEmptiedAndItsFilesGetNewCopies() throws Exception {
    fixture.host("a", 1).host("b", 2).host("c", 3);
    var fid = fixture.copied("k", 1, 2);
    fixture.sql("DELETE FROM file_to_replicate");
    fixture.mark(2, DeviceStatus.DEAD);
    var tracker = fixture.tracker("t");
    fixture.stores().replication().forget(new DeviceId(2), List.of(fid));
    fixture.stores().replication().wakeAll();

    tracker.replicateOnce();

    assertThat(fixture.on(fid)).containsExactly(1, 3);
  }

  private static void replicateStep(WorkFixture.Tracker tracker) {
    try {
      tracker.replicate().step();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void step(WorkFixture.Tracker tracker) {
    try {
      tracker.delete().step();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> queue() {
    try {
      return fixture.query("SELECT fid FROM file_to_replicate");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitDelay(Fid fid, int failures, int least, int most) {
    await()
        .untilAsserted(
            () -> {
              var row =
                  fixture.query(
                      "SELECT failcount, CAST(nexttry AS SIGNED) - UNIX_TIMESTAMP()"
                          + " FROM file_to_replicate WHERE fid = "
                          + fid);
              assertThat(row).hasSize(1);
              var words = row.getFirst().split(" ");
              assertThat(words[0]).isEqualTo(String.valueOf(failures));
              assertThat(Integer.parseInt(words[1])).isBetween(least - 4, most);
            });
  }
}
