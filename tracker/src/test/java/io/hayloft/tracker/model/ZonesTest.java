package io.hayloft.tracker.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZonesTest {

  private static Zones zones(String names, String... networks) {
    var settings = new HashMap<String, String>();
    settings.put("network_zones", names);
    for (var each : networks) {
      settings.put(
          "zone_" + each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
    }
    return Zones.of(new ServerSettings(settings));
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, near",
    "10.1.255.255, near",
    "192.168.7.1, near",
    "172.16.0.9, near",
    "10.2.0.1, far",
    "10.1.9.77, rack9",
    "10.3.0.1, -",
    "127.0.0.1, -",
    "::1, -",
    "'', -",
    "10.1, -",
  })
  void theNarrowestNetworkAroundAnAddressDecides(String ip, String zone) {
    var zones =
        zones(
            " near , far,rack9,",
            "near=10.1.0.0/16, 192.168.7.0/255.255.255.0 172.16.0.0:255.255.0.0",
            "far=10.2.0.0/16",
            "rack9=10.1.9.0/24");

    assertThat(zones.of(ip).orElse("-")).isEqualTo(zone);
    assertThat(zones.problems()).isEmpty();
  }

  @Test
  void aNetworkIsInTheZoneOfItsFirstAddress() {
    var zones = zones("near,far", "near=10.1.0.0/16", "far=10.2.0.0/16");

    assertThat(zones.of(Netmask.parse("10.2.3.0/24").orElseThrow())).contains("far");
    assertThat(zones.of(Netmask.parse("10.1.2.3").orElseThrow())).contains("near");
    assertThat(zones.of(Netmask.parse("0.0.0.0/0").orElseThrow())).isEmpty();
  }

  @Test
  void onlyAddressesOfAZoneCanShareIt() {
    var zones = zones("near", "near=10.1.0.0/16");

    assertThat(zones.sameZone("10.1.0.1", "10.1.9.9")).isTrue();
    assertThat(zones.sameZone("10.1.0.1", "10.2.0.1")).isFalse();
    assertThat(zones.sameZone("10.2.0.1", "10.2.0.1")).isFalse();
  }

  @Test
  void whatCannotBeReadMatchesNobodyAndIsTold() {
    var zones =
        zones(
            "near,far,empty",
            "near=10.1.0.0/16, ten.slash.eight 10.9.0.0/40",
            "far=10.1.0.0/16 10.2.0.0/16",
            "unlisted=10.3.0.0/16");

    assertThat(zones.of("10.1.0.1")).contains("near");
    assertThat(zones.of("10.2.0.1")).contains("far");
    assertThat(zones.of("10.9.0.1")).isEmpty();
    assertThat(zones.of("10.3.0.1")).isEmpty();
    assertThat(zones.problems())
        .containsExactly(
            "zone near: ten.slash.eight is not a network",
            "zone near: 10.9.0.0/40 is not a network",
            "zone far: 10.1.0.0/16 belongs to zone near",
            "zone empty has no networks");
  }

  @Test
  void withoutSettingsThereAreNoZones() {
    var zones = Zones.of(new ServerSettings(Map.of()));

    assertThat(zones.of("10.1.0.1")).isEmpty();
    assertThat(zones.problems()).isEqualTo(List.of());
  }
}
