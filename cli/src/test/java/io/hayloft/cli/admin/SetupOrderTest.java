package io.hayloft.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.cli.admin.SetupOrder.ClassOrder;
import io.hayloft.cli.admin.SetupOrder.NodeOrder;
import io.hayloft.cli.console.Refusal;
import io.hayloft.protocol.DeviceId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetupOrderTest {

  @Test
  void readsHostsWithTheirDevicesAndClassesWithTheirCopies() {
    var order =
        SetupOrder.parse("a=10.0.0.1:7500=1,2  b=10.0.0.2=3", "photos/original=2 documents");

    assertThat(order.nodes())
        .containsExactly(
            new NodeOrder("a", "10.0.0.1", 7500, List.of(new DeviceId(1), new DeviceId(2))),
            new NodeOrder("b", "10.0.0.2", 7500, List.of(new DeviceId(3))));
    assertThat(order.classes())
        .containsExactly(
            new ClassOrder("photos", "original", 2), new ClassOrder("documents", "", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a=10.0.0.1", "a=10.0.0.1=", "a=10.0.0.1=x", "a=10.0.0.1=0", "=1=1"})
  void refusesWhatIsNotAHost(String text) {
    assertThatThrownBy(() -> SetupOrder.parse(text, "")).isInstanceOf(Refusal.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"photos/original", "photos/=2", "/original=2", "photos/original=two"})
  void refusesWhatIsNotAClass(String text) {
    assertThatThrownBy(() -> SetupOrder.parse("", text))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("photos/original=2");
  }
}
