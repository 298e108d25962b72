package io.hayloft.tracker.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.runtime.worker.Pace;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WhenProbedTest {

  @Test
  void nothingIsClaimedBeforeTheDevicesWereProbed() throws Exception {
    var probed = new AtomicBoolean();
    var steps = new AtomicInteger();
    var worker =
        new WhenProbed(
            probed::get,
            () -> {
              steps.incrementAndGet();
              return Pace.again();
            });

    assertThat(worker.step().pause()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
    assertThat(steps).hasValue(0);

    probed.set(true);
    assertThat(worker.step()).isEqualTo(Pace.again());
    assertThat(steps).hasValue(1);
  }
}
