package io.hayloft.tracker.work.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.policy.SafeMode;
import org.junit.jupiter.api.Test;

class SafeModeTest {

  private static final long NOW = 1000;

  private static boolean holds(Sight sight) {
    return SafeMode.of(sight.view(), NOW).holds();
  }

  @Test
  void itHoldsWhenMoreThanAQuarterOnSeveralHostsIsOut() {
    assertThat(holds(new Sight(4, 2))).isFalse();
    assertThat(holds(new Sight(4, 2).without(1, 3))).isFalse();
    assertThat(holds(new Sight(4, 2).without(1, 3, 5))).isTrue();
    assertThat(SafeMode.of(new Sight(4, 2).without(1, 3, 5).view(), NOW).out())
        .containsExactlyInAnyOrder(new DeviceId(1), new DeviceId(3), new DeviceId(5));
  }

  @Test
  void oneHostMayBeAwayAsLongAsItHasLessThanHalf() {
    assertThat(holds(new Sight(3, 2).without(1, 2))).isFalse();
    assertThat(holds(new Sight(2, 2).without(1, 2))).isTrue();
    assertThat(holds(new Sight(1, 2).without(1, 2))).isTrue();
  }

  @Test
  void whatOperatorsSetIsMeantExactly() {
    assertThat(holds(new Sight(3, 2).without(1, 2).set(SafeMode.SHARE, "30"))).isTrue();
    assertThat(holds(new Sight(4, 2).without(1, 3, 5).set(SafeMode.SHARE, "40"))).isFalse();
    assertThat(holds(new Sight(1, 1).without(1).set(SafeMode.SHARE, "100"))).isFalse();
  }

  @Test
  void whatOperatorsMarkedDownOrDeadDoesNotCount() {
    var sight = new Sight(4, 2).without(1, 3, 5);
    assertThat(holds(sight.marked(1, DeviceStatus.DEAD))).isTrue();
    assertThat(holds(sight.marked(3, DeviceStatus.DOWN))).isFalse();
  }

  @Test
  void aWrongDiskIsOutToo() {
    assertThat(holds(new Sight(4, 2).without(1, 3).refusing(5, "wrong disk"))).isTrue();
  }

  @Test
  void anOperatorsWordHoldsForItsTime() {
    var sight = new Sight(4, 2).without(1, 3, 5).set(SafeMode.OVERRIDE, "1001");
    assertThat(holds(sight)).isFalse();
    assertThat(SafeMode.of(sight.view(), NOW).on()).isTrue();
    assertThat(holds(sight.set(SafeMode.OVERRIDE, "1000"))).isTrue();
  }

  @Test
  void anEmptyClusterIsNotInSafeMode() {
    assertThat(holds(new Sight(0, 0))).isFalse();
  }
}
