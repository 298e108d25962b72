package io.hayloft.client;

import static io.hayloft.client.FakeTracker.Fault.BUSY;
import static io.hayloft.client.FakeTracker.Fault.CLOSE_DONE;
import static io.hayloft.client.FakeTracker.Fault.CLOSE_UNDONE;
import static io.hayloft.client.FakeTracker.Fault.HANG;
import static io.hayloft.client.HayloftTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an upload when nodes, trackers or the source fail at each of its steps. */
class UploadFaultsTest {

  private static final int LARGE = 3_000_000;

  private final SkippedWorld world = new SkippedWorld();
  private final FakeCluster cluster = new FakeCluster(2);
  private final FakeNode node = cluster.nodes.get(0);
  private final FakeNode other = cluster.nodes.get(1);
  private final FakeTracker tracker = cluster.trackers.get(0);
  private final FakeTracker otherTracker = cluster.trackers.get(1);
  private final Hayloft hayloft =
      Hayloft.builder()
          .trackers(cluster.trackers.stream().map(FakeTracker::address).toList())
          .domain("photos")
          .timeouts(
              Timeouts.DEFAULT
                  .reply(Duration.ofSeconds(1))
                  .slowReply(Duration.ofSeconds(1))
                  .transfer(Duration.ofSeconds(1)))
          .world(world)
          .build();

  @AfterEach
  void stop() {
    hayloft.close();
    cluster.close();
  }

  private List<Request> requests(String command) {
    return cluster.trackers.stream().flatMap(each -> each.requests(command).stream()).toList();
  }

  private List<Request> cancels() {
    return requests("create_close").stream().filter(each -> !each.arguments().has("key")).toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeNode.Fault.class,
      names = {"CLOSE", "HANG", "STATUS_500", "EARLY_507", "CLOSE_HALF_READ"})
  void fileGoesToTheNextNodeWhenOneFails(FakeNode.Fault fault) throws IOException {
    node.plan(fault);

    hayloft.store("k", bytes(LARGE));

    assertThat(cluster.stored("k").orElseThrow().devices()).containsExactly(2);
    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));
    assertThat(requests("create_open")).hasSize(1);
    assertThat(node.files()).isEmpty();
  }

  @Test
  void nodeThatRefusesConnectionsIsPassedOver() throws IOException {
    node.stop();

    hayloft.store("k", bytes(10));

    assertThat(cluster.stored("k").orElseThrow().devices()).containsExactly(2);
  }

  @Test
  void nodeThatStopsTakingBytesIsGivenUp() throws IOException {
    // More than the buffers of both sides hold, so that it is the sending that comes to a halt.
    var much = bytes(30_000_000);
    node.plan(FakeNode.Fault.HANG);

    hayloft.store("k", much);

    assertThat(cluster.stored("k").orElseThrow().devices()).containsExactly(2);
  }

  @Test
  void keptConnectionThatTheNodeClosedIsNoFailure() throws IOException {
    hayloft.store("a", bytes(10));
    node.stop();
    node.restart();

    hayloft.store("b", bytes(10));

    assertThat(cluster.stored("b").orElseThrow().devices()).containsExactly(1);
  }

  @Test
  void whenAllNodesFailANewUploadIsBegunOnce() throws IOException {
    node.plan(FakeNode.Fault.STATUS_500);
    other.plan(FakeNode.Fault.STATUS_500);

    var stored = hayloft.store("k", bytes(10));

    assertThat(stored.fid().value()).isEqualTo(2);
    assertThat(hayloft.read("k")).isEqualTo(bytes(10));
    assertThat(cancels()).hasSize(1);
    assertThat(cluster.uploads).isEmpty();
  }

  @Test
  void whenAllUploadsFailItIsSaidWhereAndWhy() {
    node.plan(FakeNode.Fault.STATUS_500, FakeNode.Fault.STATUS_500);
    other.stop();

    assertThatThrownBy(() -> hayloft.store("k", bytes(10)))
        .isInstanceOfSatisfying(HayloftException.class, e -> assertThat(e.isRetryable()).isTrue())
        .hasMessageContaining("HTTP status 500")
        .hasMessageContaining("Connection refused")
        .hasMessageContaining("key k in domain photos");
    assertThat(requests("create_open")).hasSize(2);
    assertThat(cluster.uploads).isEmpty();
    assertThat(cluster.stored("k")).isEmpty();
  }

  @Test
  void streamIsNotTouchedByANodeThatRefusesAtOnce() throws IOException {
    node.plan(FakeNode.Fault.EARLY_507);

    hayloft.store("k", new ByteArrayInputStream(bytes(LARGE)));

    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));
    assertThat(cluster.stored("k").orElseThrow().devices()).containsExactly(2);
  }

  @Test
  void successClaimedBeforeTheFileWasReadIsNotBelieved() throws IOException {
    node.plan(FakeNode.Fault.EARLY_200);

    hayloft.store("k", new ByteArrayInputStream(bytes(LARGE)));

    assertThat(cluster.stored("k").orElseThrow().devices()).containsExactly(2);
  }

  @Test
  void nodeThatDoesNotKnowExpectGetsTheStreamAfterAMoment() throws IOException {
    node.plan(FakeNode.Fault.NO_CONTINUE);

    hayloft.store("k", new ByteArrayInputStream(bytes(LARGE)), LARGE);

    assertThat(cluster.stored("k").orElseThrow().devices()).containsExactly(1);
    assertThat(hayloft.read("k")).isEqualTo(bytes(LARGE));
  }

  @Test
  void streamThatWasTouchedIsNotSentAgainInPart() {
    node.plan(FakeNode.Fault.CLOSE_HALF_READ);

    assertThatThrownBy(() -> hayloft.store("k", new ByteArrayInputStream(bytes(LARGE)), LARGE))
        .isInstanceOfSatisfying(HayloftException.class, e -> assertThat(e.isRetryable()).isFalse())
        .hasMessageContaining("cannot be read again: store it from a file");
    assertThat(other.asked()).isEmpty();
    assertThat(requests("create_open")).hasSize(1);
    assertThat(cancels()).hasSize(1);
    assertThat(cluster.stored("k")).isEmpty();
  }

  @Test
  void shortStreamIsSentAgainFromMemory() throws IOException {
    node.plan(FakeNode.Fault.CLOSE_HALF_READ);

    hayloft.store("k", new ByteArrayInputStream(bytes(1000)), 1000);

    assertThat(hayloft.read("k")).isEqualTo(bytes(1000));
  }

  @Test
  void streamOfAnotherLengthThanSaidIsNotStored() {
    for (int size : new int[] {10, LARGE}) {
      for (int said : new int[] {size - 1, size + 1, size / 2, size * 2}) {
        assertThatThrownBy(() -> hayloft.store("k", new ByteArrayInputStream(bytes(size)), said))
            .isInstanceOf(HayloftException.class)
            .hasMessageContaining("should have " + said + " bytes")
            .hasMessageContaining("nothing was stored");
      }
    }
    assertThat(cluster.stored("k")).isEmpty();
    assertThat(cluster.uploads).isEmpty();
    assertThat(node.files()).isEmpty();
    assertThat(other.files()).isEmpty();
  }

  @Test
  void fileThatGrowsWhileItIsSentIsNotStored(@TempDir Path directory) throws IOException {
    var file = Files.write(directory.resolve("f"), bytes(LARGE));
    var once = new AtomicInteger();
    var options =
        StoreOptions.DEFAULT.progress(
            (moved, total) -> {
              if (once.getAndIncrement() == 0) {
                try {
                  Files.write(file, bytes(LARGE + 100_000));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            });

    assertThatThrownBy(() -> hayloft.store("k", Source.of(file), options))
        .hasMessageContaining("has more");
    assertThat(cluster.stored("k")).isEmpty();
    assertThat(cluster.uploads).isEmpty();
  }

  @Test
  void failureOfTheSourceComesThroughAsItIsAndCancelsTheUpload() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the camera fell into the lake");
          }

          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            return read();
          }
        };

    assertThatThrownBy(
            () ->
                hayloft.store(
                    "k", new SequenceInputStream(new ByteArrayInputStream(bytes(LARGE)), broken)))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the camera fell into the lake");
    assertThat(cancels()).hasSize(1);
    assertThat(cluster.uploads).isEmpty();
    assertThat(node.files()).isEmpty();
    assertThat(other.asked()).isEmpty();
  }

  @Test
  void missingFileIsNotStored(@TempDir Path directory) {
    assertThatThrownBy(() -> hayloft.store("k", directory.resolve("none")))
        .isInstanceOf(java.nio.file.NoSuchFileException.class);
    assertThat(cluster.uploads).isEmpty();
  }

  @Test
  void progressBeginsAnewOnAnotherNode() throws IOException {
    node.plan(FakeNode.Fault.STATUS_500);
    var seen = new ArrayList<Long>();

    hayloft.store(
        "k",
        Source.of(bytes(10)),
        StoreOptions.DEFAULT.progress((moved, total) -> seen.add(moved)));

    assertThat(seen).containsExactly(10L, 10L);
  }

  @Test
  void openIsAskedOfAnotherTrackerFreely() throws IOException {
    tracker.plan("create_open", CLOSE_DONE);

    hayloft.store("k", bytes(10));

    assertThat(hayloft.read("k")).isEqualTo(bytes(10));
  }

  @Test
  void closeThatWasNotDoneIsDoneByTheNextTracker() throws IOException {
    otherTracker.plan("create_close", CLOSE_UNDONE);

    var stored = hayloft.store("k", bytes(10));

    assertThat(stored.fid().value()).isEqualTo(1);
    assertThat(requests("create_close")).hasSize(2);
    assertThat(requests("file_info")).isEmpty();
    assertThat(requests("create_open")).hasSize(1);
  }

  @Test
  void closeWhoseAnswerWasLostIsFoundDone() throws IOException {
    otherTracker.plan("create_close", CLOSE_DONE);

    var stored = hayloft.store("k", bytes(10));

    assertThat(stored.fid().value()).isEqualTo(1);
    assertThat(cluster.stored("k").orElseThrow().fid()).isEqualTo(1);
    assertThat(requests("create_close")).hasSize(2);
    assertThat(requests("file_info")).hasSize(1);
    assertThat(requests("create_open")).hasSize(1);
  }

  @Test
  void closeWhoseAnswerAlwaysGetsLostIsFoundDone() throws IOException {
    otherTracker.plan("create_close", CLOSE_DONE, CLOSE_DONE);
    tracker.plan("create_close", HANG, HANG);

    hayloft.store("k", bytes(10));

    assertThat(hayloft.read("k")).isEqualTo(bytes(10));
  }

  @Test
  void closeNobodyCanTellAboutIsReportedAsUnknown() {
    otherTracker.plan("create_close", HANG, HANG);
    tracker.plan("create_close", HANG, HANG);

    assertThatThrownBy(() -> hayloft.store("k", bytes(10)))
        .isInstanceOfSatisfying(
            OutcomeUnknownException.class, e -> assertThat(e.isRetryable()).isTrue())
        .hasMessageContaining("fid 1")
        .hasMessageContaining("store the file again");
    assertThat(requests("create_open")).hasSize(1);
    assertThat(requests("file_info")).hasSize(6);
  }

  @Test
  void foreignFileUnderTheKeyIsNotTakenForOurs() {
    cluster.keep("k", bytes(10), "");
    otherTracker.plan("create_close", HANG, HANG);
    tracker.plan("create_close", HANG, HANG);

    assertThatThrownBy(() -> hayloft.store("k", bytes(10)))
        .isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void closeFoundDoneButWithTooFewCopiesIsNotCalledDone() {
    otherTracker.plan("create_close", CLOSE_DONE);
    var options = StoreOptions.DEFAULT.mincopies(2);

    assertThatThrownBy(() -> hayloft.store("k", Source.of(bytes(10)), options))
        .isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void overloadedTrackersCloseIsDoneByTheNext() throws IOException {
    otherTracker.plan("create_close", BUSY);

    hayloft.store("k", bytes(10));

    assertThat(hayloft.read("k")).isEqualTo(bytes(10));
  }

  @Test
  void expiredUploadIsStoredAnew() throws IOException {
    var options =
        StoreOptions.DEFAULT.progress(
            (moved, total) -> {
              synchronized (cluster) {
                cluster.uploads.remove(1L);
              }
            });

    var stored = hayloft.store("k", Source.of(bytes(10)), options);

    assertThat(stored.fid().value()).isEqualTo(2);
    assertThat(requests("file_info")).isEmpty();
  }

  @Test
  void refusalOfTheTrackersComesThroughWithoutAnUpload() {
    assertThatThrownBy(
            () -> hayloft.store("k", Source.of(bytes(9)), StoreOptions.DEFAULT.fileClass("nope")))
        .isInstanceOfSatisfying(
            HayloftException.class, e -> assertThat(e.errorCode()).contains(ErrorCode.UNREG_CLASS));
    assertThat(node.asked()).isEmpty();
  }
}
