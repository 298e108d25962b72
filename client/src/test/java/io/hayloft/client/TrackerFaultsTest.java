package io.hayloft.client;

import static io.hayloft.client.FakeTracker.Fault.BUSY;
import static io.hayloft.client.FakeTracker.Fault.CLOSE_DONE;
import static io.hayloft.client.FakeTracker.Fault.CLOSE_MID_REPLY;
import static io.hayloft.client.FakeTracker.Fault.CLOSE_UNDONE;
import static io.hayloft.client.FakeTracker.Fault.DB;
import static io.hayloft.client.FakeTracker.Fault.ENDLESS;
import static io.hayloft.client.FakeTracker.Fault.GARBAGE;
import static io.hayloft.client.FakeTracker.Fault.HANG;
import static io.hayloft.client.FakeTracker.Fault.LATE;
import static io.hayloft.client.FakeTracker.Fault.NO_CALLID;
import static io.hayloft.client.FakeTracker.Fault.TWICE;
import static io.hayloft.client.FakeTracker.Fault.WRONG_CALLID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the client makes of trackers that are away, slow, confused or overloaded. */
class TrackerFaultsTest {

  private static final Timeouts QUICK =
      Timeouts.DEFAULT
          .reply(Duration.ofSeconds(1))
          .connect(Duration.ofSeconds(1))
          .overall(Duration.ofSeconds(8));

  private final SkippedWorld world = new SkippedWorld();
  private final FakeCluster cluster = new FakeCluster(2);
  private final FakeTracker first = cluster.trackers.get(0);
  private final FakeTracker second = cluster.trackers.get(1);
  private final Hayloft hayloft = client(first, second);
  private final Hayloft lone = client(first);

  private Hayloft client(FakeTracker... trackers) {
    var list =
        java.util.Arrays.stream(trackers)
            .map(each -> each.address().toString())
            .collect(Collectors.joining(", "));
    return Hayloft.builder()
        .trackers(list)
        .domain("photos")
        .timeouts(QUICK)
        .limits(Limits.DEFAULT.replyBytes(1024 * 1024))
        .world(world)
        .build();
  }

  @BeforeEach
  void twoFiles() {
    cluster.keep("a", new byte[1], "");
    cluster.keep("b", new byte[2], "");
  }

  @AfterEach
  void stop() {
    hayloft.close();
    lone.close();
    cluster.close();
  }

  private static long length(Hayloft client, String key) throws HayloftException {
    return client.info(key).orElseThrow().length();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "CLOSE_UNDONE",
        "CLOSE_DONE",
        "CLOSE_MID_REPLY",
        "HANG",
        "WRONG_CALLID",
        "GARBAGE",
        "ENDLESS",
        "TRICKLE",
        "BUSY",
        "DB"
      })
  void questionIsAskedOfAnotherTracker(FakeTracker.Fault fault) throws HayloftException {
    first.plan("file_info", fault);

    assertThat(length(hayloft, "a")).isEqualTo(1);
    assertThat(first.requests("file_info")).hasSize(1);
    assertThat(second.requests("file_info")).hasSize(1);
  }

  @Test
  void trackerThatRefusesConnectionsIsPassedOver() throws HayloftException {
    first.stop();

    assertThat(length(hayloft, "a")).isEqualTo(1);
  }

  @Test
  void failedTrackerIsLeftAloneForFiveSeconds() throws HayloftException {
    first.plan("file_info", HANG);
    assertThat(length(hayloft, "a")).isEqualTo(1);

    for (int i = 0; i < 6; i++) {
      assertThat(length(hayloft, "a")).isEqualTo(1);
    }
    assertThat(first.requests("file_info")).hasSize(1);

    world.skip(Duration.ofSeconds(5));
    for (int i = 0; i < 6; i++) {
      assertThat(length(hayloft, "a")).isEqualTo(1);
    }
    assertThat(first.requests("file_info")).hasSize(4);
  }

  @Test
  void failedTrackerIsAskedAllTheSameWhenNoOtherAnswers() throws HayloftException {
    first.plan("file_info", CLOSE_UNDONE);
    assertThat(length(hayloft, "a")).isEqualTo(1);
    second.stop();

    assertThat(length(hayloft, "b")).isEqualTo(2);
  }

  @Test
  void trackersTakeTurns() throws HayloftException {
    for (int i = 0; i < 10; i++) {
      assertThat(length(hayloft, "a")).isEqualTo(1);
    }

    assertThat(first.requests()).hasSize(5);
    assertThat(second.requests()).hasSize(5);
  }

  @Test
  void answerThatComesTooLateIsNotTakenForTheNextOne() throws HayloftException {
    first.plan("file_info", LATE, LATE);
    assertThatThrownBy(() -> length(lone, "a")).isInstanceOf(UnreachableException.class);
    first.answerLate();
    first.answerLate();

    assertThat(length(lone, "b")).isEqualTo(2);
    assertThat(length(lone, "a")).isEqualTo(1);
  }

  @Test
  void secondAnswerNobodyAskedForIsNotTakenForTheNextOne() throws HayloftException {
    first.plan("file_info", TWICE);

    assertThat(length(lone, "a")).isEqualTo(1);
    assertThat(length(lone, "b")).isEqualTo(2);
    assertThat(first.accepted()).isEqualTo(2);
  }

  @Test
  void answerToAnotherRequestEndsTheConnection() throws HayloftException {
    assertThat(length(lone, "a")).isEqualTo(1);
    first.plan("file_info", WRONG_CALLID);

    assertThat(length(lone, "b")).isEqualTo(2);
    assertThat(first.accepted()).isEqualTo(2);
    Awaitility.await().until(() -> first.openConnections() == 1);
  }

  @Test
  void trackerWithoutCallidsIsBelievedOnFreshConnectionsOnly() throws HayloftException {
    first.mute();

    for (int i = 0; i < 3; i++) {
      assertThat(length(lone, "a")).isEqualTo(1);
    }

    assertThat(first.accepted()).isEqualTo(3);
    assertThat(first.requests()).hasSize(3);
  }

  @Test
  void missingCallidOnAUsedConnectionIsNotBelieved() throws HayloftException {
    assertThat(length(lone, "a")).isEqualTo(1);
    first.plan("file_info", NO_CALLID);

    assertThat(length(lone, "b")).isEqualTo(2);
    assertThat(first.requests("file_info")).hasSize(3);
    assertThat(first.accepted()).isEqualTo(2);
  }

  @Test
  void everyRequestHasACallidOfItsOwn() throws HayloftException {
    for (int i = 0; i < 5; i++) {
      assertThat(length(lone, "a")).isEqualTo(1);
    }

    assertThat(first.requests().stream().map(each -> each.callid().orElseThrow()).distinct())
        .hasSize(5);
  }

  @Test
  void keptConnectionThatTheTrackerClosedIsReplacedEvenForAChange() throws HayloftException {
    assertThat(length(lone, "a")).isEqualTo(1);
    first.stop();
    Awaitility.await().until(() -> first.openConnections() == 0);
    first.restart();

    assertThat(lone.delete("a")).isTrue();
    assertThat(first.requests("delete")).hasSize(1);
  }

  @Test
  void longestReplyIsBounded() {
    first.plan("file_info", ENDLESS, ENDLESS);

    assertThatThrownBy(() -> length(lone, "a"))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void garbageIsNamed() {
    first.plan("file_info", GARBAGE, GARBAGE);

    assertThatThrownBy(() -> length(lone, "a"))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("HTTP/1.1 400 Bad Request");
  }

  @Test
  void whenNoTrackerAnswersEachIsNamedWithItsReason() {
    first.stop();
    second.plan("file_info", HANG, HANG);

    assertThatThrownBy(() -> length(hayloft, "a"))
        .isInstanceOfSatisfying(
            UnreachableException.class, e -> assertThat(e.isRetryable()).isTrue())
        .hasMessageContaining(first.address() + ": Connection refused")
        .hasMessageContaining(second.address() + ": timed out");
  }

  @Test
  void allTrackersTogetherGetNoMoreThanTheOverallTime() {
    first.plan("file_info", HANG, HANG, HANG);
    second.plan("file_info", HANG, HANG, HANG);
    try (var hasty =
        Hayloft.builder()
            .trackers(first.address() + "," + second.address())
            .domain("photos")
            .timeouts(QUICK.overall(Duration.ofMillis(1200)))
            .build()) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> length(hasty, "a")).isInstanceOf(UnreachableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1900));
    }
  }

  @Test
  void overloadedTrackersAreReportedAsSuch() {
    first.plan("file_info", BUSY, BUSY);
    second.plan("file_info", BUSY, BUSY);

    assertThatThrownBy(() -> length(hayloft, "a"))
        .isInstanceOfSatisfying(
            HayloftException.class,
            e -> {
              assertThat(e.errorCode()).contains(ErrorCode.BUSY);
              assertThat(e.isRetryable()).isTrue();
            });
  }

  @Test
  void overloadedTrackerIsPassedOverEvenForAChange() throws HayloftException {
    first.plan("delete", BUSY);

    assertThat(hayloft.delete("a")).isTrue();
  }

  @Test
  void changeRefusedByADatabaseIsNotTriedElsewhere() {
    first.plan("delete", DB);

    assertThatThrownBy(() -> hayloft.delete("a"))
        .isInstanceOfSatisfying(
            HayloftException.class, e -> assertThat(e.errorCode()).contains(ErrorCode.DB));
    assertThat(second.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSE_UNDONE", "CLOSE_DONE", "CLOSE_MID_REPLY", "HANG", "WRONG_CALLID"})
  void renameIsNeverSentTwice(FakeTracker.Fault fault) {
    first.plan("rename", fault);

    assertThatThrownBy(() -> hayloft.rename("a", "c"))
        .isInstanceOfSatisfying(
            OutcomeUnknownException.class, e -> assertThat(e.isRetryable()).isFalse())
        .hasMessageContaining("look before you repeat it");
    assertThat(first.requests("rename")).hasSize(1);
    assertThat(second.requests("rename")).isEmpty();
  }

  @Test
  void changeIsSentElsewhereWhenTheFirstTrackerCannotBeReached() throws HayloftException {
    first.stop();

    hayloft.rename("a", "c");

    assertThat(hayloft.exists("c")).isTrue();
  }

  @Test
  void lostAnswerOfADeleteIsSettledByLooking() throws HayloftException {
    first.plan("delete", CLOSE_DONE);
    assertThat(hayloft.delete("a")).isTrue();

    second.plan("delete", CLOSE_UNDONE);
    world.skip(Duration.ofSeconds(5));
    assertThatThrownBy(() -> client(second).delete("b"))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(first.requests("delete").size() + second.requests("delete").size()).isEqualTo(2);
  }

  @Test
  void lostAnswerOfAClassChangeIsSettledByLooking() throws HayloftException {
    first.plan("updateclass", CLOSE_MID_REPLY);
    hayloft.changeClass("a", "thumb");

    second.plan("updateclass", CLOSE_UNDONE);
    assertThatThrownBy(() -> client(second).changeClass("b", "thumb"))
        .isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void interruptEndsTheWaitAtOnceAndStaysSet() {
    first.plan("file_info", HANG, HANG);
    var patient =
        Hayloft.builder()
            .trackers(first.address().toString())
            .domain("photos")
            .timeouts(Timeouts.DEFAULT.reply(Duration.ofSeconds(60)))
            .build();
    var caller = Thread.currentThread();
    var interrupter =
        CompletableFuture.runAsync(
            () -> {
              Awaitility.await().until(() -> first.requests("file_info").size() == 1);
              caller.interrupt();
            });

    try (patient) {
      assertThatThrownBy(() -> length(patient, "a"))
          .isInstanceOf(HayloftException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
    interrupter.join();
  }

  @Test
  void connectionsToATrackerAreBounded() {
    first.plan("file_info", HANG, HANG, HANG, HANG);
    try (var narrow =
        Hayloft.builder()
            .trackers(first.address().toString())
            .domain("photos")
            .timeouts(QUICK.overall(Duration.ofMillis(800)))
            .limits(Limits.DEFAULT.connectionsPerTracker(1).rounds(1))
            .build()) {
      var one =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return length(narrow, "a");
                } catch (HayloftException e) {
                  return -1L;
                }
              });
      Awaitility.await().until(() -> first.requests("file_info").size() == 1);
      assertThatThrownBy(() -> length(narrow, "b")).isInstanceOf(UnreachableException.class);
      assertThat(one.join()).isEqualTo(-1L);
      assertThat(first.openConnections()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void closedClientLeavesNoConnection() throws IOException {
    assertThat(length(hayloft, "a")).isEqualTo(1);
    assertThat(length(hayloft, "a")).isEqualTo(1);

    hayloft.close();

    Awaitility.await().until(() -> first.openConnections() + second.openConnections() == 0);
  }
}
