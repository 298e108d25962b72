package io.hayloft.bench.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import org.junit.jupiter.api.Test;

class SourceAddressTest {

  @Test
  void manyComeFromAnywhereAndTheOthersAreSpreadSoThatNoAddressRunsOutOfPorts() throws Exception {
    var clients = new HashMap<String, Integer>();
    for (int client = 0; client < 50_000; client++) {
      var source = SourceAddress.of(client);
      assertThat(source == null).isEqualTo(client < 20_000);
      var address = source == null ? "" : source.getHostString();
      clients.merge(address, 1, Integer::sum);
    }

    assertThat(clients).hasSize(5);
    assertThat(clients.values()).allMatch(count -> count <= 20_000);
  }
}
