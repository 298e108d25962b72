package io.hayloft.client;

import static io.hayloft.client.HayloftTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.client.FakeNode.Fault;
import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a reader gets when copies are away, slow, cut short or wrong. */
class ReadFaultsTest {

  private static final int LARGE = 2_000_000;

  private final FakeCluster cluster = new FakeCluster(1);
  private final FakeNode node = cluster.nodes.get(0);
  private final FakeNode other = cluster.nodes.get(1);
  private final Hayloft hayloft = client(Duration.ofSeconds(1));

  private Hayloft client(Duration transfer) {
    return Hayloft.builder()
        .trackers(cluster.tracker().address().toString())
        .domain("photos")
        .timeouts(Timeouts.DEFAULT.transfer(transfer))
        .build();
  }

  @AfterEach
  void stop() {
    hayloft.close();
    cluster.close();
  }

  private static String md5(byte[] bytes) {
    try {
      var digest = MessageDigest.getInstance("MD5").digest(bytes);
      return Checksum.of(HashAlgorithm.MD5, digest).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "CLOSE",
        "HANG",
        "STATUS_500",
        "CLOSE_HALFWAY",
        "HANG_HALFWAY",
        "SHORTER",
        "CHUNKED",
        "CLOSE_AFTERWARDS"
      })
  void fileComesWholeWhateverOneNodeDoes(Fault fault) throws IOException {
    cluster.keep("k", bytes(LARGE), md5(bytes(LARGE)));
    node.plan(fault, fault);

    try (var stream = hayloft.open("k")) {
      assertThat(stream.readAllBytes()).isEqualTo(bytes(LARGE));
    }
    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));
  }

  @Test
  void readingGoesOnAtTheSameByteOfTheNextCopy() throws IOException {
    cluster.keep("k", bytes(LARGE), "");
    node.plan(Fault.CLOSE_HALFWAY);

    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));

    assertThat(other.asked()).hasSize(1);
    assertThat(other.asked().get(0).headers())
        .containsEntry("range", "bytes=" + LARGE / 2 + "-" + (LARGE - 1));
  }

  @Test
  void partGoesOnAtTheSameByteToo() throws IOException {
    cluster.keep("k", bytes(LARGE), "");
    node.plan(Fault.CLOSE_HALFWAY);

    try (var part = hayloft.openRange("k", 1000, 100_000)) {
      assertThat(part.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes(LARGE), 1000, 101_000));
    }
    assertThat(other.asked().get(0).headers()).containsEntry("range", "bytes=51000-100999");
  }

  @Test
  void readingSurvivesEachNodeFailingInTurn() throws IOException {
    cluster.keep("k", bytes(LARGE), md5(bytes(LARGE)));
    node.plan(Fault.CLOSE_HALFWAY, Fault.CLOSE_HALFWAY, Fault.CLOSE_HALFWAY);
    other.plan(Fault.CLOSE_HALFWAY, Fault.CLOSE_HALFWAY, Fault.CLOSE_HALFWAY);

    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));
  }

  @Test
  void nodeWithoutRangesIsReadFromItsStart() throws IOException {
    cluster.keep("k", bytes(LARGE), md5(bytes(LARGE)));
    node.plan(Fault.CLOSE_HALFWAY);
    other.plan(Fault.NO_RANGES);

    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));
    assertThat(other.asked()).hasSize(1);
  }

  @Test
  void otherBytesThanThoseAskedForAreNotTaken() throws IOException {
    cluster.keep("k", bytes(LARGE), "");
    node.plan(Fault.OTHER_RANGE);

    try (var part = hayloft.openRange("k", 10, 100)) {
      assertThat(part.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes(LARGE), 10, 110));
    }
    assertThat(other.asked()).hasSize(1);
  }

  @Test
  void copyOfAnotherLengthIsNotRead() throws IOException {
    var stored = cluster.keep("k", bytes(1000), "");
    node.files().put(FakeCluster.path(1, stored.fid()), bytes(1001));

    assertThat(hayloft.read("k")).isEqualTo(bytes(1000));
    try (var part = hayloft.openRange("k", 0, 10)) {
      assertThat(part.readAllBytes()).isEqualTo(Arrays.copyOf(bytes(1000), 10));
    }
    assertThat(other.asked()).hasSize(2);
  }

  @Test
  void missingCopyIsPassedOver() throws IOException {
    var stored = cluster.keep("k", bytes(1000), "");
    node.files().remove(FakeCluster.path(1, stored.fid()));

    assertThat(hayloft.read("k")).isEqualTo(bytes(1000));
  }

  @Test
  void whenNoCopyCanBeReadEachIsNamedAndTheTrackerWasAskedToVerify() {
    var stored = cluster.keep("k", bytes(1000), "");
    node.stop();
    other.files().clear();

    assertThatThrownBy(() -> hayloft.open("k"))
        .isInstanceOfSatisfying(
            UnreachableException.class, e -> assertThat(e.isRetryable()).isTrue())
        .hasMessageContaining(cluster.url(1, stored.fid()) + ": Connection refused")
        .hasMessageContaining(cluster.url(2, stored.fid()) + ": HTTP status 404")
        .hasMessageContaining("fsck");
    assertThat(cluster.tracker().requests("get_paths"))
        .extracting(each -> each.arguments().text("noverify"))
        .containsExactly("1", "0");
  }

  @Test
  void nodesThatDieMidwayEndTheStreamWithAFailureNeverEarly() {
    cluster.keep("k", bytes(LARGE), "");
    node.plan(Fault.CLOSE_HALFWAY, Fault.CLOSE, Fault.CLOSE);
    other.stop();

    assertThatThrownBy(() -> hayloft.read("k")).isInstanceOf(UnreachableException.class);
  }

  @Test
  void damagedCopyIsPassedOverByAWholeRead(@TempDir Path directory) throws IOException {
    cluster.keep("k", bytes(LARGE), md5(bytes(LARGE)));
    node.plan(Fault.FLIPPED, Fault.FLIPPED);

    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));
    hayloft.fetch("k", directory.resolve("f"));

    assertThat(directory.resolve("f")).hasBinaryContent(bytes(LARGE));
    assertThat(other.asked()).hasSize(2);
  }

  @Test
  void damagedCopyNeverComesToAnEndAsAStream() throws IOException {
    cluster.keep("k", bytes(LARGE), md5(bytes(LARGE)));
    node.plan(Fault.FLIPPED, Fault.FLIPPED);

    try (var stream = hayloft.open("k")) {
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining("should have checksum MD5:");
    }
    // One who reads exactly as many bytes as there are does not see the end, but is told as well.
    try (var stream = hayloft.open("k")) {
      assertThatThrownBy(() -> stream.readNBytes(LARGE)).isInstanceOf(DamagedFileException.class);
      assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whenAllCopiesAreDamagedNothingIsHandedOut(@TempDir Path directory) throws IOException {
    cluster.keep("k", bytes(1000), md5(bytes(999)));
    var target = Files.writeString(directory.resolve("f"), "old");

    assertThatThrownBy(() -> hayloft.read("k")).isInstanceOf(DamagedFileException.class);
    assertThatThrownBy(() -> hayloft.fetch("k", target)).isInstanceOf(DamagedFileException.class);

    assertThat(target).hasContent("old");
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(target);
    }
  }

  @Test
  void checksumIsNotComparedWhenNobodyWantsIt() throws IOException {
    cluster.keep("k", bytes(1000), md5(bytes(999)));

    assertThat(hayloft.read(Key.utf8("k"), 1000, ReadOptions.DEFAULT.checksumVerified(false)))
        .isEqualTo(bytes(1000));
    try (var part = hayloft.openRange("k", 1, 999)) {
      assertThat(part.readAllBytes()).hasSize(999);
    }
  }

  @Test
  void fileReplacedBetweenTheQuestionsIsReadAsOneOrTheOther() throws IOException {
    var old = cluster.keep("k", bytes(10), "");
    cluster.keep("k", bytes(20), "");
    var fresh = cluster.stored("k").orElseThrow();
    var answers = List.of(old, fresh, fresh).iterator();
    try (var racing =
            new FakeTracker(
                request -> {
                  if (request.command().equals("get_paths")) {
                    cluster.files.put(Key.utf8("k"), answers.next());
                    var reply = cluster.handle(request);
                    cluster.files.put(Key.utf8("k"), fresh);
                    return reply;
                  }
                  return cluster.handle(request);
                });
        var reader =
            Hayloft.builder().trackers(racing.address().toString()).domain("photos").build()) {
      assertThat(reader.read("k")).isEqualTo(bytes(20));
    }
  }

  @Test
  void fileReplacedWhileItIsReadIsNotMixed() throws IOException {
    cluster.keep("k", bytes(LARGE), "");
    node.plan(Fault.CLOSE_HALFWAY);
    other.plan(Fault.CLOSE);

    try (var stream = hayloft.open("k")) {
      assertThat(stream.read()).isNotNegative();
      cluster.keep("k", bytes(LARGE + 1), "");
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOfSatisfying(HayloftException.class, e -> assertThat(e.isRetryable()).isTrue())
          .hasMessageContaining("was replaced while it was read");
    }
  }

  @Test
  void streamClosedEarlyLeavesNoConnection() throws IOException {
    cluster.keep("k", bytes(LARGE), "");

    try (var stream = hayloft.open("k")) {
      assertThat(stream.read()).isNotNegative();
      assertThat(node.openConnections()).isEqualTo(1);
    }

    Awaitility.await().until(() -> node.openConnections() == 0);
  }

  @Test
  void streamReadToItsEndLeavesItsConnectionToTheNext() throws IOException {
    cluster.keep("k", bytes(1000), "");

    for (int i = 0; i < 5; i++) {
      assertThat(hayloft.read("k")).hasSize(1000);
    }

    assertThat(node.accepted()).isEqualTo(1);
  }

  @Test
  void closedStreamIsNotRead() throws IOException {
    cluster.keep("k", bytes(1000), "");
    var stream = hayloft.open("k");
    stream.close();

    assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
  }

  @Test
  void interruptEndsAReadAtOnceInsteadOfTryingTheNextCopy() throws IOException {
    cluster.keep("k", bytes(LARGE), "");
    node.plan(Fault.HANG_HALFWAY);
    var caller = Thread.currentThread();
    try (var patient = client(Duration.ofSeconds(60));
        var stream = patient.open("k")) {
      var interrupter =
          CompletableFuture.runAsync(
              () -> {
                Awaitility.await().until(() -> node.asked().size() == 1);
                caller.interrupt();
              });
      assertThatThrownBy(stream::readAllBytes).hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      interrupter.join();
    }
    assertThat(other.asked()).isEmpty();
  }
}
