package io.hayloft.node.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.kernel.InodeState;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class KnownCrcsTest {

  private static final long CHANGED = 1_700_000_000_000_000_000L;
  private static final long LATER = CHANGED + KnownCrcs.SETTLED.toNanos();

  private final KnownCrcs crcs = new KnownCrcs(0);

  private static InodeState file(long inode) {
    return new InodeState(new InodeState.Key(7, inode), 0x8000, 100, CHANGED, CHANGED);
  }

  @Test
  void knowsWhatItLearnt() {
    crcs.learn(file(1), OptionalInt.of(0x89abcdef), LATER);
    crcs.learn(file(2), OptionalInt.of(0), LATER);
    crcs.learn(file(3), OptionalInt.empty(), LATER);

    assertThat(crcs.of(file(1))).hasValue(0x89abcdef);
    assertThat(crcs.of(file(2))).hasValue(0);
    assertThat(crcs.of(file(3))).isEmpty();
    assertThat(crcs.of(file(4))).isNull();
  }

  @Test
  void aFileThatWasChangedInAnyWayIsAnotherOne() {
    crcs.learn(file(1), OptionalInt.of(5), LATER);
    var key = new InodeState.Key(7, 1);

    assertThat(
            List.of(
                new InodeState(new InodeState.Key(8, 1), 0x8000, 100, CHANGED, CHANGED),
                new InodeState(key, 0x8000, 101, CHANGED, CHANGED),
                new InodeState(key, 0x8000, 100, CHANGED + 1, CHANGED),
                new InodeState(key, 0x8000, 100, CHANGED, CHANGED + 1)))
        .allSatisfy(other -> assertThat(crcs.of(other)).isNull());
  }

  @Test
  void whatWasChangedJustNowIsNotLearntSinceItMayChangeInTheSameTick() {
    crcs.learn(file(1), OptionalInt.of(5), LATER - 1);

    assertThat(crcs.of(file(1))).isNull();
  }

  @Test
  void theLastIsRightAndMemoryIsBounded() {
    for (int inode = 0; inode < 100_000; inode++) {
      crcs.learn(file(inode), OptionalInt.of(inode), LATER);
      assertThat(crcs.of(file(inode))).hasValue(inode);
    }
    int kept = 0;
    for (int inode = 0; inode < 100_000; inode++) {
      var crc = crcs.of(file(inode));
      if (crc != null) {
        assertThat(crc).hasValue(inode);
        kept++;
      }
    }
    assertThat(kept).isBetween(3_000, 4_096);
  }
}
