package io.hayloft.tracker.work.fsck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.Host;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.ServerSettings;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.node.NativeNodes.Content;
import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.policy.ReplicationPolicies;
import io.hayloft.tracker.store.FsckRunStore.Doubt;
import io.hayloft.tracker.store.FsckSlice;
import io.hayloft.tracker.work.fsck.FsckPlan.Digests;
import io.hayloft.tracker.work.fsck.FsckPlan.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is made of a slice and of what its devices list. Four devices on four hosts. */
class FsckMergeTest {

  private static final Mode QUICK = new Mode(false, false, Digests.OFF, false);
  private static final Mode POLICY = new Mode(true, false, Digests.OF_CLASS, false);
  private static final Mode AS_SET = new Mode(false, false, Digests.OF_CLASS, false);
  private static final Mode FULL = new Mode(false, false, Digests.OF_CLASS, true);
  private static final int PLAIN = 0;
  private static final int DIGESTED = 1;
  private static final byte[] BYTES = {1, 2, 3, 4, 5};
  private static final Checksum MD5 = MemoryNodes.digest(HashAlgorithm.MD5, BYTES);

  private final FsckSlice.Builder builder = new FsckSlice.Builder(0, 4);
  private final ClusterView view = view();
  private final Placements placements =
      new Placements(new FsckPlan(ReplicationPolicies.builtIn()), view, new Random(1));
  private final List<String> strays = new ArrayList<>();

  private static ClusterView view() {
    var hosts = new ArrayList<Host>();
    var devices = new ArrayList<Device>();
    for (int i = 1; i <= 4; i++) {
      var id = new HostId(i);
      hosts.add(new Host(id, "h" + i, HostStatus.ALIVE, HostAddresses.of("127.0.0." + i, 7500)));
      devices.add(new Device(new DeviceId(i), id, DeviceStatus.ALIVE, 100, Optional.empty()));
    }
    var classes =
        List.of(
            new FileClass(
                new ClassId(DIGESTED),
                "digested",
                2,
                Optional.empty(),
                Optional.of(HashAlgorithm.MD5)));
    return new ClusterView(
        new Registry(
            hosts,
            devices,
            Map.of(new Domain(new DomainId(1), "d"), classes),
            new ServerSettings(Map.of())),
        Set.of(),
        Map.of(),
        new ClusterView.Defaults(100, 2));
  }

  private void file(long fid, int fileClass, int... devices) {
    builder.file(fid, BYTES.length, 1, fileClass, devices.length);
    for (int device : devices) {
      builder.location(fid, device);
    }
  }

  private static Entry entry(long fid) {
    return entry(fid, BYTES.length, 7, OptionalInt.empty(), List.of());
  }

  private static Entry entry(
      long fid, long length, int crc, OptionalInt now, List<Checksum> digests) {
    return new Entry(new Fid(fid), length, 0, OptionalInt.of(crc), new Content(now, digests, true));
  }

  /** What each device lists; one that is not named says nothing at all. */
  private FsckMerge.Outcome merge(Mode mode, Map<Integer, List<Entry>> listings) {
    var slice = builder.upTo(1000);
    var contents = Contents.of(slice, mode, placements, OptionalLong.empty());
    var sightings = new Sightings(slice.slots());
    for (int device = 1; device <= 4; device++) {
      int number = device;
      var slots =
          IntStream.range(0, slice.slots()).filter(i -> slice.device(i) == number).toArray();
      var merge =
          new DeviceMerge(
              slice,
              slots,
              contents,
              sightings,
              (entry, file) -> strays.add(number + ":" + entry.fid() + (file < 0 ? "?" : "")));
      var listing = listings.get(device);
      if (mode.policyOnly()) {
        continue;
      }
      if (listing == null) {
        merge.breakOff();
        continue;
      }
      try {
        for (var entry : listing) {
          merge.accept(entry);
        }
        merge.end();
      } catch (IOException e) {
        merge.breakOff();
      }
    }
    return new FsckMerge(slice, mode, contents, sightings, placements).judge(Optional.empty());
  }

  private static List<String> doubts(FsckMerge.Outcome outcome) {
    return outcome.doubts().stream().map(FsckMergeTest::text).toList();
  }

  private static String text(Doubt doubt) {
    return doubt.fid() + doubt.device().map(device -> "@" + device).orElse("");
  }

  private static List<Entry> entries(long... fids) {
    return Arrays.stream(fids).mapToObj(FsckMergeTest::entry).toList();
  }

  @Test
  void whatIsAsTheTablesSayIsGood() {
    file(3, PLAIN, 1, 2);
    file(5, PLAIN, 2, 3);
    file(9, PLAIN, 1, 3);

    var outcome =
        merge(QUICK, Map.of(1, entries(3, 9), 2, entries(3, 5), 3, entries(5, 9), 4, entries()));

    assertThat(outcome.good()).isEqualTo(3);
    assertThat(outcome.doubts()).isEmpty();
    assertThat(outcome.stalled()).isEmpty();
    assertThat(strays).isEmpty();
  }

  @Test
  void whatIsMissingShortUnrecordedMiscountedOrBadlyPlacedIsDoubted() {
    file(3, PLAIN, 1, 2);
    file(5, PLAIN, 1, 2);
    file(7, PLAIN);
    builder.file(9, BYTES.length, 1, PLAIN, 5);
    builder.location(9, 1);
    builder.location(9, 2);
    file(11, PLAIN, 1);
    file(13, PLAIN, 1, 2, 3);
    file(15, PLAIN, 1, 2);

    var outcome =
        merge(
            QUICK,
            Map.of(
                1,
                entries(3, 5, 9, 11, 13, 15),
                2,
                List.of(
                    entry(5, 4, 7, OptionalInt.empty(), List.of()), entry(9), entry(13), entry(15)),
                3,
                entries(13)));

    assertThat(doubts(outcome)).containsExactly("3", "5", "7", "9", "11", "13");
    assertThat(outcome.good()).isEqualTo(1);
  }

  @Test
  void aSilentDeviceStallsItsFilesAndNoOthers() {
    file(3, PLAIN, 1, 2);
    file(5, PLAIN, 1, 4);
    file(7, PLAIN, 2, 4);

    var outcome = merge(QUICK, Map.of(1, entries(3, 5), 2, entries(3)));

    assertThat(outcome.good()).isEqualTo(1);
    assertThat(outcome.stalled()).containsExactly(new Fid(5));
    assertThat(doubts(outcome)).as("missing on a device that answers").containsExactly("7");
  }

  @Test
  void aListingThatBreaksOffTellsNothingOfWhatItLacks() throws Exception {
    file(3, PLAIN, 1, 2);
    file(5, PLAIN, 1, 2);
    var slice = builder.upTo(1000);
    var contents = Contents.of(slice, QUICK, placements, OptionalLong.empty());
    var sightings = new Sightings(slice.slots());
    var merge = new DeviceMerge(slice, new int[] {0, 2}, contents, sightings, (_, _) -> {});
    merge.accept(entry(3));
    merge.breakOff();

    assertThat(sightings.of(0)).isEqualTo(Sightings.Sight.GOOD);
    assertThat(sightings.of(2)).isEqualTo(Sightings.Sight.SILENT);
  }

  @Test
  void aListingOutOfOrderOrOutOfRangeIsNone() {
    file(3, PLAIN, 1, 2);
    var slice = builder.upTo(10);
    var contents = Contents.of(slice, QUICK, placements, OptionalLong.empty());
    var merge =
        new DeviceMerge(slice, new int[] {0}, contents, new Sightings(slice.slots()), (_, _) -> {});

    assertThatThrownBy(() -> merge.accept(entry(11))).isInstanceOf(IOException.class);
    assertThatThrownBy(
            () -> {
              merge.accept(entry(3));
              merge.accept(entry(3));
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsOnADeviceWithoutARowStrays() {
    file(3, PLAIN, 1, 2);
    file(5, PLAIN, 1, 2);

    merge(QUICK, Map.of(1, entries(2, 3, 5, 6), 2, entries(3, 5), 3, entries(5)));

    assertThat(strays).containsExactlyInAnyOrder("1:2?", "1:6?", "3:5");
  }

  @Test
  void copiesThatWereStoredUnlikeAreDoubted() {
    file(3, PLAIN, 1, 2);

    var outcome =
        merge(
            QUICK,
            Map.of(1, entries(3), 2, List.of(entry(3, 5, 8, OptionalInt.empty(), List.of()))));

    assertThat(doubts(outcome)).containsExactly("3@1");
  }

  @Test
  void aCopyThatIsNotWhatWasStoredIsDoubtedThere() {
    file(3, PLAIN, 1, 2);
    var good = entry(3, 5, 7, OptionalInt.of(7), List.of());
    var rotten = entry(3, 5, 7, OptionalInt.of(6), List.of());

    assertThat(doubts(merge(FULL, Map.of(1, List.of(good), 2, List.of(rotten)))))
        .containsExactly("3@2");
    assertThat(merge(FULL, Map.of(1, List.of(good), 2, List.of(good))).good()).isEqualTo(1);
  }

  @Test
  void aDigestIsComparedWhereTheClassKeepsOne() {
    file(3, DIGESTED, 1, 2);
    file(5, DIGESTED, 1, 2);
    file(7, DIGESTED, 1, 2);
    builder.checksum(3, MD5);
    builder.checksum(5, MD5);
    var other = MemoryNodes.digest(HashAlgorithm.MD5, new byte[1]);
    var right = OptionalInt.of(7);

    var outcome =
        merge(
            AS_SET,
            Map.of(
                1,
                List.of(
                    entry(3, 5, 7, right, List.of(MD5)),
                    entry(5, 5, 7, right, List.of(MD5)),
                    entry(7, 5, 7, right, List.of(MD5))),
                2,
                List.of(
                    entry(3, 5, 7, right, List.of(MD5)),
                    entry(5, 5, 7, right, List.of(other)),
                    entry(7, 5, 7, right, List.of(MD5)))));

    assertThat(outcome.good()).isEqualTo(1);
    assertThat(doubts(outcome)).as("7 has none yet").containsExactly("5", "7");
  }

  @Test
  void whereFewKeepADigestTheirContentsAreReadOneByOne() {
    file(3, DIGESTED, 1, 2);
    builder.checksum(3, MD5);
    file(5, PLAIN, 1, 2);
    file(7, PLAIN, 1, 2);
    var slice = builder.upTo(1000);

    assertThat(Contents.of(slice, AS_SET, placements, OptionalLong.empty()).isRead()).isFalse();
    assertThat(Contents.of(slice, FULL, placements, OptionalLong.empty()).isRead()).isTrue();
    var outcome = merge(AS_SET, Map.of(1, entries(3, 5, 7), 2, entries(3, 5, 7)));
    assertThat(doubts(outcome)).containsExactly("3");
  }

  @Test
  void aFileThatIsLongForTheRateIsReadByItself() {
    builder.file(3, 1L << 40, 1, PLAIN, 2);
    builder.location(3, 1);
    builder.location(3, 2);
    var slice = builder.upTo(1000);

    assertThat(Contents.of(slice, FULL, placements, OptionalLong.of(1 << 20)).isRead()).isFalse();
    assertThat(Contents.of(slice, FULL, placements, OptionalLong.empty()).isRead()).isTrue();
  }

  @Test
  void aCheckOfPoliciesNeedsNoListing() {
    file(3, PLAIN, 1, 2);
    file(5, PLAIN, 1);
    file(7, DIGESTED, 1, 2);

    var outcome = merge(POLICY, Map.of());

    assertThat(outcome.good()).isEqualTo(1);
    assertThat(doubts(outcome)).containsExactly("5", "7");
  }

  @Test
  void onlyFilesOnADeviceAreMeantWhereOneIsNamed() {
    file(3, PLAIN, 1, 2);
    file(5, PLAIN, 3, 4);
    var slice = builder.upTo(1000);
    var contents = Contents.of(slice, POLICY, placements, OptionalLong.empty());

    var outcome =
        new FsckMerge(slice, POLICY, contents, new Sightings(slice.slots()), placements)
            .judge(Optional.of(new DeviceId(4)));

    assertThat(outcome.good()).isEqualTo(1);
  }
}
