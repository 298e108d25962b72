package io.hayloft.tracker.work.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.FsckRunStore.Claims;
import io.hayloft.tracker.work.fsck.OrphanPlan.Fate;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of a file on device 4 that no table has there when it was listed. */
class OrphanPlanTest {

  private static final DeviceId HERE = new DeviceId(4);
  private static final Optional<StoredFile> FILE =
      Optional.of(
          new StoredFile(
              new Fid(7),
              new StoredFile.Name(new DomainId(1), Key.utf8("k")),
              10,
              new ClassId(0),
              2));

  private static Set<DeviceId> devices(int... numbers) {
    return Set.copyOf(IntStream.of(numbers).mapToObj(DeviceId::new).toList());
  }

  @Test
  void whatIsRecordedByNowOrSeenToIsLeft() {
    for (var file : Stream.of(FILE, Optional.<StoredFile>empty()).toList()) {
      assertThat(OrphanPlan.fate(HERE, new Claims(file, devices(1, 4), false)))
          .isEqualTo(Fate.LEAVE);
      assertThat(OrphanPlan.fate(HERE, new Claims(file, devices(1), true))).isEqualTo(Fate.LEAVE);
    }
    assertThat(OrphanPlan.fate(HERE, new Claims(FILE, devices(1), false))).isEqualTo(Fate.WEIGH);
    assertThat(OrphanPlan.fate(HERE, new Claims(Optional.empty(), devices(1), false)))
        .isEqualTo(Fate.QUARANTINE);
  }

  /** Else the copies that were seen to be good may be gone, and this one be all there is. */
  @Test
  void onlyWhileTheRecordedCopiesAreThoseThatWereSeenIsItWeighed() {
    var now = new Claims(FILE, devices(1, 3), false);

    assertThat(OrphanPlan.isAsSeen(HERE, now, devices(1, 3))).isTrue();
    assertThat(OrphanPlan.isAsSeen(HERE, now, devices(1))).isFalse();
    assertThat(OrphanPlan.isAsSeen(HERE, now, devices(1, 2))).isFalse();
    assertThat(OrphanPlan.isAsSeen(HERE, now, devices(1, 2, 3))).isFalse();
    assertThat(OrphanPlan.isAsSeen(HERE, new Claims(FILE, devices(), false), devices())).isFalse();
    assertThat(OrphanPlan.isAsSeen(HERE, new Claims(FILE, devices(1, 4), false), devices(1, 4)))
        .isFalse();
  }
}
