package io.hayloft.tracker.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.node.FakeNode;
import io.hayloft.tracker.node.FakeNode.Fault;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.StorageNodes.Copy;
import io.hayloft.tracker.node.StorageNodes.Deletion;
import io.hayloft.tracker.node.StorageNodes.Order;
import io.hayloft.tracker.node.StorageNodes.Presence;
import io.hayloft.tracker.node.StorageNodes.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class HttpStorageNodesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** For nodes that hang; too short for a busy machine to answer in reliably. */
  private static final Duration SHORT = Duration.ofMillis(550);

  private static final byte[] SMALL = "hello".getBytes(StandardCharsets.US_ASCII);
  private static final DeviceId DEV1 = new DeviceId(1);

  private final AtomicBoolean skipMkcol = new AtomicBoolean();
  private final Tasks tasks = Tasks.virtual();
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private FakeNode a;
  private FakeNode b;
  private HttpStorageNodes nodes;
  private HttpStorageNodes hasty;

  @BeforeEach
  void start() throws Exception {
    a = new FakeNode(1);
    b = new FakeNode(2);
    threads.start();
    nodes = nodes(PATIENCE);
    hasty = nodes(SHORT);
  }

  private HttpStorageNodes nodes(Duration limit) {
    return HttpStorageNodes.start(
        new NodeOptions(new NodeOptions.Limits(limit, limit, limit), 0, false, skipMkcol::get),
        new HttpStorageNodes.World(threads, tasks, Time.system(), new Random(1)));
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
    hasty.close();
    threads.stop();
    tasks.close();
    a.close();
    b.close();
  }

  @Test
  void lookTellsTheLength() {
    a.replica(1, 17, SMALL);

    assertThat(nodes.look(a.place(1, 17))).isEqualTo(new Presence.Present(5));
    assertThat(nodes.look(a.place(1, 18))).isEqualTo(new Presence.Missing());
  }

  private static Presence lookWithoutWaiting(HttpStorageNodes nodes, Place place) {
    var heard = new CompletableFuture<Presence>();
    assertThat(nodes.look(place, heard::complete)).isTrue();
    return heard.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Test
  void whoDoesNotWaitHearsTheSame() throws IOException {
    a.replica(1, 17, SMALL);

    assertThat(lookWithoutWaiting(nodes, a.place(1, 17))).isEqualTo(new Presence.Present(5));
    assertThat(lookWithoutWaiting(nodes, a.place(1, 18))).isEqualTo(new Presence.Missing());
    for (var fault : List.of(Fault.BROKEN, Fault.HANG)) {
      a.does(fault);
      assertThat(lookWithoutWaiting(hasty, a.place(1, 17))).isEqualTo(hasty.look(a.place(1, 17)));
    }
    b.close();
    assertThat(lookWithoutWaiting(nodes, b.place(1, 17))).isInstanceOf(Presence.CannotTell.class);
  }

  @Test
  void anEmptyFileMayComeWithoutALength() {
    a.replica(1, 17, new byte[0]);
    assertThat(nodes.look(a.place(1, 17))).isEqualTo(new Presence.Present(0));

    a.does(Fault.LIGHTTPD);
    assertThat(nodes.look(a.place(1, 17))).isEqualTo(new Presence.Present(0));
  }

  @Test
  void lookCannotTellWhenTheNodeIsBrokenHangsOrIsGone() throws IOException {
    a.replica(1, 17, SMALL);
    for (var fault : List.of(Fault.BROKEN, Fault.HANG)) {
      a.does(fault);
      assertThat(hasty.look(a.place(1, 17))).isInstanceOf(Presence.CannotTell.class);
    }
    b.close();
    assertThat(nodes.look(b.place(1, 17))).isInstanceOf(Presence.CannotTell.class);
  }

  @Test
  void connectionsAreKept() {
    a.replica(1, 17, SMALL);
    for (int i = 0; i < 5; i++) {
      nodes.look(a.place(1, 17));
    }

    assertThat(a.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionThatDiedMeanwhileDoesNotFailARequest() {
    a.does(Fault.FORGETFUL);
    a.replica(1, 17, SMALL);

    for (int i = 0; i < 20; i++) {
      assertThat(nodes.look(a.place(1, 17))).isEqualTo(new Presence.Present(5));
    }
  }

  @Test
  void whatIsNotThereIsGoneAfterDeletion() throws IOException {
    a.replica(1, 17, SMALL);

    assertThat(nodes.delete(a.place(1, 17))).isEqualTo(new Deletion.Gone());
    assertThat(nodes.delete(a.place(1, 17))).isEqualTo(new Deletion.Gone());
    assertThat(a.has(1, 17)).isFalse();
    a.does(Fault.KEEPS_FILES);
    assertThat(nodes.delete(a.place(1, 17))).isEqualTo(new Deletion.Failed("HTTP 500"));
    b.close();
    assertThat(nodes.delete(b.place(1, 17))).isInstanceOf(Deletion.Failed.class);
  }

  @Test
  void directoriesAreMadeOnceAndInOrder() {
    nodes.prepare(List.of(a.place(1, 17), b.place(2, 17)));
    nodes.prepare(List.of(a.place(1, 18), a.place(1, 1017)));

    assertThat(a.requests())
        .containsExactly(
            "MKCOL /dev1/0/",
            "MKCOL /dev1/0/000/",
            "MKCOL /dev1/0/000/000/",
            "MKCOL /dev1/0/000/001/");
    assertThat(b.count("MKCOL")).isEqualTo(3);
  }

  @Test
  void aDirectoryThatIsThereAlreadyIsNotMadeAgain() {
    a.does(Fault.HAS_DIRECTORIES);

    nodes.prepare(List.of(a.place(1, 17)));
    nodes.prepare(List.of(a.place(1, 18)));

    assertThat(a.count("MKCOL")).isEqualTo(3);
  }

  @Test
  void aNodeThatDoesNotKnowMkcolIsAskedOnce() {
    a.does(Fault.NO_MKCOL);

    nodes.prepare(List.of(a.place(1, 17)));
    nodes.prepare(List.of(a.place(2, 5_000_017)));

    assertThat(a.requests()).containsExactly("MKCOL /dev1/0/");
  }

  @Test
  void skipMkcolIsASettingThatCanChange() {
    skipMkcol.set(true);
    nodes.prepare(List.of(a.place(1, 17)));
    assertThat(a.requests()).isEmpty();

    skipMkcol.set(false);
    nodes.prepare(List.of(a.place(1, 17)));
    assertThat(a.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3_000_000})
  void aCopyHasTheSameBytes(int length) {
    var bytes = bytes(length);
    a.replica(1, 17, bytes);

    var copy = nodes.copy(order(length, Optional.empty(), Optional.of(HashAlgorithm.SHA_1)));

    assertThat(copy).isEqualTo(new Copy.Made(Optional.of(digest(HashAlgorithm.SHA_1, bytes))));
    assertThat(b.bytes(2, 17)).isEqualTo(bytes);
    assertThat(b.has(2, 17)).isTrue();
  }

  @Test
  void aKnownMd5GoesWithTheCopy() {
    var bytes = bytes(1000);
    a.replica(1, 17, bytes);
    b.does(Fault.ROTTEN);
    var md5 = Optional.of(digest(HashAlgorithm.MD5, bytes));

    assertThat(nodes.copy(order(1000, md5, Optional.empty())))
        .isEqualTo(new Copy.Made(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, 1_000_000})
  void aSourceWithTheWrongDigestLeavesNothing(int length) {
    var other = Optional.of(digest(HashAlgorithm.MD5, bytes(7)));
    a.replica(1, 17, bytes(length));
    b.does(Fault.IGNORES_MD5);

    assertThat(nodes.copy(order(length, other, Optional.empty())))
        .isInstanceOf(Copy.SourceFailed.class);
    assertThat(b.replicas()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1_000_000})
  void aSourceThatEndsTooEarlyLeavesNothing(int length) {
    a.replica(1, 17, bytes(length));
    for (var fault : List.of(Fault.SHORT_BODY, Fault.STALLED_BODY)) {
      a.does(fault);

      assertThat(hasty.copy(order(length, Optional.empty(), Optional.empty())))
          .isInstanceOf(Copy.SourceFailed.class);
      assertThat(b.replicas()).isEmpty();
    }
  }

  @Test
  void aSourceOfAnotherLengthIsNotCopied() {
    a.replica(1, 17, bytes(999));

    assertThat(nodes.copy(order(1000, Optional.empty(), Optional.empty())))
        .isEqualTo(new Copy.SourceFailed("has 999 bytes, not 1000"));
    assertThat(b.requests()).containsOnly("GET /-/node");
  }

  @Test
  void aMissingBrokenHangingOrAbsentSourceIsToldFromTheDestination() throws IOException {
    assertThat(nodes.copy(order(5, Optional.empty(), Optional.empty())))
        .isEqualTo(new Copy.SourceFailed("HTTP 404"));
    a.replica(1, 17, SMALL);
    for (var fault : List.of(Fault.BROKEN, Fault.HANG)) {
      a.does(fault);
      assertThat(hasty.copy(order(5, Optional.empty(), Optional.empty())))
          .isInstanceOf(Copy.SourceFailed.class);
    }
    a.close();
    assertThat(nodes.copy(order(5, Optional.empty(), Optional.empty())))
        .isInstanceOf(Copy.SourceFailed.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 3_000_000})
  void aDestinationThatIsFullBrokenHangingOrAbsentIsToldFromTheSource(int length)
      throws IOException {
    a.replica(1, 17, bytes(length));
    b.does(Fault.FULL);
    assertThat(nodes.copy(order(length, Optional.empty(), Optional.empty())))
        .isEqualTo(new Copy.DestinationFailed("HTTP 507"));
    for (var fault : List.of(Fault.FULL_EARLY, Fault.BROKEN, Fault.HANG)) {
      b.does(fault);
      assertThat(hasty.copy(order(length, Optional.empty(), Optional.empty())))
          .isInstanceOf(Copy.DestinationFailed.class);
    }
    b.close();
    assertThat(nodes.copy(order(length, Optional.empty(), Optional.empty())))
        .isInstanceOf(Copy.DestinationFailed.class);
  }

  @Test
  void copiesOverConnectionsThatDiedSucceed() {
    a.replica(1, 17, bytes(600_000));
    a.does(Fault.FORGETFUL);
    b.does(Fault.FORGETFUL);

    for (int i = 0; i < 10; i++) {
      assertThat(nodes.copy(order(600_000, Optional.empty(), Optional.empty())))
          .isInstanceOf(Copy.Made.class);
    }
  }

  @Test
  void aDigestIsFetchedWhereThereIsNoSideChannel() throws IOException {
    a.replica(1, 17, bytes(100_000));

    assertThat(nodes.digest(a.place(1, 17), HashAlgorithm.MD5, 100_000))
        .contains(digest(HashAlgorithm.MD5, bytes(100_000)));
    assertThat(nodes.digest(a.place(1, 17), HashAlgorithm.MD5, 99_999)).isEmpty();
    assertThat(nodes.digest(a.place(1, 18), HashAlgorithm.MD5, 5)).isEmpty();
    a.close();
    assertThat(nodes.digest(a.place(1, 17), HashAlgorithm.MD5, 100_000)).isEmpty();
  }

  @Test
  void manyFilesWithoutADigestAreFewLinesInTheLog() {
    var logger = (Logger) LoggerFactory.getLogger(HttpStorageNodes.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try {
      for (int fid = 1; fid <= 200; fid++) {
        assertThat(nodes.digest(a.place(1, fid), HashAlgorithm.MD5, 5)).isEmpty();
      }
      nodes.close();
    } finally {
      logger.detachAppender(lines);
    }

    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.getFirst().getFormattedMessage()).contains("HTTP 404", a.host().name());
    assertThat(lines.list.getLast().getFormattedMessage()).contains("199 more");
  }

  @Test
  void usageIsReadInMebibytes() {
    a.device(1, 1000, 400);

    assertThat(nodes.usage(a.host(), DEV1))
        .isInstanceOfSatisfying(
            Usage.Read.class,
            read -> {
              assertThat(read.space().totalMb()).isEqualTo(1000);
              assertThat(read.space().usedMb()).isEqualTo(400);
              assertThat(read.space().asOf()).isPositive();
            });
  }

  @Test
  void anEmptyDiskIsNoBrokenOne() {
    a.device(1, 1000, 0);

    assertThat(nodes.usage(a.host(), DEV1))
        .isInstanceOfSatisfying(
            Usage.Read.class, read -> assertThat(read.space().freeMb()).isEqualTo(1000));
  }

  @Test
  void usageThatMakesNoSenseIsNoFailureOfTheNode() {
    a.file("/dev1/usage", "");
    assertThat(nodes.usage(a.host(), DEV1)).isInstanceOf(Usage.Unreadable.class);
    a.file("/dev1/usage", "total: 0\nused: 0\n");
    assertThat(nodes.usage(a.host(), DEV1)).isInstanceOf(Usage.Unreadable.class);
  }

  @Test
  void aRefusalIsToldFromSilence() throws IOException {
    assertThat(nodes.usage(a.host(), DEV1)).isEqualTo(new Usage.Unreachable(false, "HTTP 404"));
    a.does(Fault.HANG);
    assertThat(hasty.usage(a.host(), DEV1))
        .isInstanceOfSatisfying(
            Usage.Unreachable.class, failed -> assertThat(failed.timedOut()).isTrue());
    b.close();
    assertThat(nodes.usage(b.host(), DEV1))
        .isInstanceOfSatisfying(
            Usage.Unreachable.class, failed -> assertThat(failed.timedOut()).isFalse());
  }

  @Test
  void usageAndReReadingUseTheGetPort() throws IOException {
    try (var reads = new FakeNode(1)) {
      var addresses = a.host().addresses();
      var split =
          new Host(
              new HostId(9),
              "split",
              HostStatus.ALIVE,
              new HostAddresses(
                  addresses.ip(),
                  addresses.httpPort(),
                  OptionalInt.of(reads.host().addresses().httpPort()),
                  Optional.empty(),
                  Optional.empty()));
      reads.device(1, 1000, 0);

      assertThat(nodes.usage(split, DEV1)).isInstanceOf(Usage.Read.class);
      assertThat(nodes.testWrite(split, DEV1)).isFalse();
      assertThat(a.count("PUT /dev1/test-write/")).isEqualTo(1);
      assertThat(reads.count("GET /dev1/test-write/")).isEqualTo(1);
    }
  }

  @Test
  void testWritingTellsWhetherADeviceCanBeWritten() {
    assertThat(nodes.testWrite(a.host(), DEV1)).isTrue();
    assertThat(a.requests().getFirst()).isEqualTo("MKCOL /dev1/test-write/");
    a.does(Fault.BROKEN);
    assertThat(nodes.testWrite(a.host(), DEV1)).isFalse();
    a.does(Fault.HANG);
    assertThat(hasty.testWrite(a.host(), DEV1)).isFalse();
  }

  @Test
  void aNodeThatChecksMd5IsFoundOut() {
    assertThat(nodes.rejectsBadMd5(a.host(), DEV1)).isTrue();
    a.does(Fault.IGNORES_MD5);
    assertThat(nodes.rejectsBadMd5(a.host(), DEV1)).isFalse();
    a.does(Fault.BROKEN);
    assertThat(nodes.rejectsBadMd5(a.host(), DEV1)).isFalse();
  }

  private Order order(long length, Optional<Checksum> known, Optional<HashAlgorithm> wanted) {
    Place from = a.place(1, 17);
    return new Order(from, b.place(2, 17), length, known, wanted);
  }

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Checksum digest(HashAlgorithm algorithm, byte[] bytes) {
    try {
      return Checksum.of(algorithm, MessageDigest.getInstance(algorithm.wire()).digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
