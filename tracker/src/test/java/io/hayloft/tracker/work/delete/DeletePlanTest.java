package io.hayloft.tracker.work.delete;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.policy.Drawing;
import io.hayloft.tracker.work.delete.DeletePlan.Step;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeletePlanTest {

  @ParameterizedTest(name = "{0}, tried {1} times: {2}")
  @CsvSource({
    "h1[1X], 0, remove",
    "h1[1X:drain], 3, remove",
    "h1[1X:dead], 0, forget",
    "h1:down[1X:dead], 0, forget",
    "h1[2_], 0, forget",
    "h1[1X:down], 0, 600",
    "h1[1X:down], 5, 900",
    "h1:down[1X], 0, 600",
    "h1:dead[1X], 2, 720",
    "h1[1X:readonly], 0, 3600",
    "h1:readonly[1X], 2, 10800",
  })
  void eachDeviceIsServedByItsState(String cluster, int failures, String expected) {
    var steps = DeletePlan.plan(Drawing.ids(1), Drawing.of(cluster).cluster(), failures);

    assertThat(steps).hasSize(1);
    var said =
        switch (steps.getFirst()) {
          case Step.Remove _ -> "remove";
          case Step.Forget _ -> "forget";
          case Step.Wait(var _, var delay) -> String.valueOf(delay.toSeconds());
        };
    assertThat(said).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 1800", "1, 3600", "255, 460800"})
  void afterAFailureTheWaitGrows(int failures, long seconds) {
    assertThat(DeletePlan.afterFailure(failures)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
