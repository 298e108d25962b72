package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.command.RiskAdvice.Facts;
import io.hayloft.tracker.command.RiskAdvice.Lacking;
import io.hayloft.tracker.command.RiskAdvice.Troubled;
import io.hayloft.tracker.command.RiskAdvice.Troubled.Kind;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.policy.SafeMode;
import io.hayloft.tracker.store.InsightStore.Depth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RiskAdviceTest {

  private static final SafeMode OFF = new SafeMode(false, false, Set.of(), 4);
  private static final SafeMode ON = new SafeMode(true, false, Set.of(new DeviceId(1)), 4);

  private static final LastCheck CHECKED = new LastCheck(false, Optional.empty(), 1000, 1001);
  private static final LastCheck NEVER = new LastCheck(false, Optional.empty(), 0, 1001);

  private static final Room ROOMY = new Room(List.of(), 4, 0.5, 100);

  private static Facts facts(long gone, long few, SafeMode mode, Troubled... devices) {
    return new Facts(
        new Lacking(gone, few), mode, List.of(devices), ROOMY, List.of(queue(0, 0, -1)), CHECKED);
  }

  private static Depth queue(long rows, long stuck, long waiting) {
    return new Depth(
        "replicate",
        rows,
        rows,
        stuck,
        waiting < 0 ? OptionalLong.empty() : OptionalLong.of(waiting));
  }

  private static Troubled troubled(int device, Kind kind, String why) {
    var host = new Host(new HostId(1), "h1", HostStatus.ALIVE, HostAddresses.of("10.0.0.1", 7500));
    return new Troubled(Drawing.device(device, DeviceStatus.ALIVE), Optional.of(host), kind, why);
  }

  @Test
  void whereAllIsWellThereIsNothingToDo() {
    assertThat(RiskAdvice.of(facts(0, 0, OFF))).isEmpty();
  }

  @Test
  void whatMayHaveOneCauseComesBeforeSingleDevicesAndTheseBeforeFiles() {
    var advice =
        RiskAdvice.of(
            facts(
                3,
                5,
                ON,
                troubled(2, Kind.DEVICE_SILENT, "it does not answer"),
                troubled(7, Kind.WRONG_DISK, "its disk is that of dev8")));

    assertThat(advice).hasSize(5);
    assertThat(advice.get(0)).contains("1 of 4 devices").contains("mark dead");
    assertThat(advice.get(1)).contains("hayloft device accept-disk dev7");
    assertThat(advice.get(2)).contains("dev2").contains("hayloft device mark h1 dev2 dead");
    assertThat(advice.get(3)).contains("3 files have no copy");
    assertThat(advice.get(4))
        .contains("5 files have too few copies that can be read")
        .doesNotContain("fsck");
  }

  @Test
  void whereEverythingIsFullThatComesBeforeFilesAndElseAfterThem() {
    assertThat(RiskAdvice.of(facts(3, 0, new Room(List.of(device(1), device(2)), 0, 1, 100))))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(
                        "no device takes new files, uploads are refused: dev1, dev2 are full"),
            second -> assertThat(second).contains("3 files have no copy"));
    assertThat(RiskAdvice.of(facts(3, 0, new Room(List.of(device(1)), 2, 0.5, 100))))
        .satisfiesExactly(
            first -> assertThat(first).contains("3 files have no copy"),
            second ->
                assertThat(second)
                    .startsWith("dev1 is full (less than 100 MB free); new files go to 2 others"));
  }

  @Test
  void littleSpaceIsToldBeforeThereIsNone() {
    assertThat(RiskAdvice.of(facts(0, 0, new Room(List.of(), 2, 0.09, 100))))
        .containsExactly(
            "9 % of the space is left on the devices that take new files: add devices");
    assertThat(RiskAdvice.of(facts(0, 0, new Room(List.of(), 2, 0.1, 100)))).isEmpty();
  }

  private static Facts facts(long gone, long few, Room room) {
    return new Facts(new Lacking(gone, few), OFF, List.of(), room, List.of(), CHECKED);
  }

  private static Device device(int id) {
    return Drawing.device(id, DeviceStatus.ALIVE);
  }

  @Test
  void whereNothingIsAwayAndNothingQueuedACheckFindsWhatIsMissing() {
    assertThat(RiskAdvice.of(facts(0, 5, OFF)))
        .singleElement()
        .asString()
        .endsWith("5 files have too few copies and none is queued: hayloft fsck start --quick");
  }

  @Test
  void whereCopiesAreBeingMadeOneWaits() {
    var facts =
        new Facts(new Lacking(0, 5), OFF, List.of(), ROOMY, List.of(queue(9, 0, 10)), CHECKED);
    assertThat(RiskAdvice.of(facts))
        .singleElement()
        .asString()
        .contains("9 files are queued: wait");
  }

  @Test
  void aQueueThatStandsStillAndRowsThatWaitForAPersonAreSaid() {
    var facts =
        new Facts(new Lacking(0, 0), OFF, List.of(), ROOMY, List.of(queue(9, 4, 5000)), NEVER);
    assertThat(RiskAdvice.of(facts))
        .satisfiesExactly(
            line -> assertThat(line).contains("4 files wait"),
            line -> assertThat(line).contains("5000 s"),
            line -> assertThat(line).contains("never checked"));
  }

  @Test
  void aHostIsSpokenOfOnceAndWithTheCommandForAllItsDevices() {
    assertThat(advice(Kind.HOST_DEAD))
        .singleElement()
        .asString()
        .contains("dev1, dev2 on it not")
        .contains("hayloft host mark h1 dead --devices");
    assertThat(advice(Kind.HOST_DOWN)).singleElement().asString().contains("mark h1 alive; when");
    assertThat(advice(Kind.HOST_SILENT))
        .singleElement()
        .asString()
        .contains("host h1 does not answer (dev1, dev2)");
    assertThat(advice(Kind.DEVICE_DOWN))
        .hasSize(2)
        .first()
        .asString()
        .contains("hayloft device mark h1 dev1 alive");
  }

  @Test
  void aDiskThatCannotBeTrustedIsToBeTriedOutByItsNode() {
    assertThat(RiskAdvice.of(facts(0, 0, OFF, troubled(7, Kind.DISTRUSTED, "a sync failed (EIO)"))))
        .singleElement()
        .asString()
        .startsWith("dev7 on h1: a sync failed (EIO); look at the disk")
        .contains("curl --data dev7 http://10.0.0.1:7500/-/check; ")
        .endsWith("hayloft device mark h1 dev7 dead");
  }

  private static List<String> advice(Kind kind) {
    return RiskAdvice.of(facts(0, 0, OFF, troubled(1, kind, "why"), troubled(2, kind, "why")));
  }

  @Test
  void aCheckIsAskedForWhenThereWasNoneForMoreThanAWeek() {
    long day = 86_400;
    assertThat(new LastCheck(false, Optional.empty(), day, 8 * day).advice()).isEmpty();
    assertThat(new LastCheck(false, Optional.empty(), day, 9 * day).advice())
        .singleElement()
        .asString()
        .contains("8 days ago: hayloft fsck start --quick");
    assertThat(new LastCheck(true, Optional.empty(), day, 9 * day).advice()).isEmpty();
    assertThat(new LastCheck(true, Optional.empty(), 0, 9 * day).advice()).isEmpty();
  }
}
