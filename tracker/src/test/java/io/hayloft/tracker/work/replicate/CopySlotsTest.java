package io.hayloft.tracker.work.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.ManualTime;
import io.hayloft.tracker.model.HostId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CopySlotsTest {

  private static final HostId A = new HostId(1);
  private static final HostId B = new HostId(2);
  private static final HostId C = new HostId(3);
  private static final Duration NO_WAIT = Duration.ZERO;

  private final ManualTime time = ManualTime.start();
  private final CopySlots slots = new CopySlots(new CopySlots.Limits(4, 2, 2), time);

  @Test
  void aHostThatHangsLeavesPlacesForOthers() throws InterruptedException {
    assertThat(slots.acquire(A, B, NO_WAIT)).isTrue();
    assertThat(slots.acquire(A, B, NO_WAIT)).isTrue();

    assertThat(slots.acquire(A, C, NO_WAIT)).as("from A").isFalse();
    assertThat(slots.acquire(C, B, NO_WAIT)).as("to B").isFalse();
    assertThat(slots.acquire(C, A, NO_WAIT)).as("neither").isTrue();
    assertThat(slots.acquire(B, C, NO_WAIT)).as("neither").isTrue();
    assertThat(slots.acquire(B, C, NO_WAIT)).as("in all").isFalse();
  }

  @Test
  void whatWasGivenBackIsThereAgain() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      assertThat(slots.acquire(A, B, NO_WAIT)).isTrue();
      slots.release(A, B);
    }
  }

  @Test
  void slownessIsForgotten() {
    slots.noteSlow(new DeviceId(1));
    assertThat(slots.slow()).containsExactly(new DeviceId(1));

    time.advance(Duration.ofSeconds(11));
    assertThat(slots.slow()).isEmpty();
  }
}
