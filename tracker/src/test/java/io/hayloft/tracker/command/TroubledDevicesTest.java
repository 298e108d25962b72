package io.hayloft.tracker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.command.RiskAdvice.Troubled;
import io.hayloft.tracker.command.RiskAdvice.Troubled.Kind;
import io.hayloft.tracker.policy.Drawing;
import java.util.List;
import org.junit.jupiter.api.Test;

class TroubledDevicesTest {

  private static List<Kind> kinds(String drawing) {
    return TroubledDevices.of(Drawing.of(drawing).cluster()).stream().map(Troubled::kind).toList();
  }

  @Test
  void aHostOfWhichNoDeviceAnswersIsSilentBeforeItIsGivenUp() {
    assertThat(kinds("h1[1_:silent 2_:silent] h2[3_]"))
        .containsExactly(Kind.HOST_SILENT, Kind.HOST_SILENT);
  }

  @Test
  void deadDevicesSayNothingOfTheirHost() {
    assertThat(kinds("h1[1_:silent 2_:silent 3_:dead]"))
        .containsExactly(Kind.HOST_SILENT, Kind.HOST_SILENT);
  }

  @Test
  void aHostOfWhichOneDeviceAnswersIsNotSilent() {
    assertThat(kinds("h1[1_:silent 2_:silent 3_]"))
        .containsExactly(Kind.DEVICE_SILENT, Kind.DEVICE_SILENT);
    assertThat(kinds("h1[1_:silent 2_:unwriteable]"))
        .containsExactly(Kind.DEVICE_SILENT, Kind.DEVICE_SILENT);
  }

  @Test
  void aDiskThatCannotBeTrustedIsNoSilentOne() {
    var troubled = TroubledDevices.of(Drawing.of("h1[1_ 2_:distrusted]").cluster());
    assertThat(troubled)
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.kind()).isEqualTo(Kind.DISTRUSTED);
              assertThat(each.why()).isEqualTo("a sync failed");
            });
  }

  @Test
  void aHostWithOneDeviceIsNotBlamedForIt() {
    assertThat(kinds("h1[1_:silent]")).containsExactly(Kind.DEVICE_SILENT);
    assertThat(kinds("h1[1_:silent 2_:dead]")).containsExactly(Kind.DEVICE_SILENT);
  }
}
