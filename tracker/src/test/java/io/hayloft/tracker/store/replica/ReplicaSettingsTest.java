package io.hayloft.tracker.store.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.tracker.model.ServerSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaSettingsTest {

  private static ReplicaSettings read(Map<String, String> settings) {
    return ReplicaSettings.of(new ServerSettings(settings), host -> true);
  }

  @Test
  void aReplicaIsADataSourceNameAndAnAccount() {
    var read =
        read(
            Map.of(
                "slave_keys", "near",
                "slave_near", "DBI:mysql:mogilefs:host=db2;port=3307|mogile|a|b"));

    assertThat(read.replicas())
        .containsExactly(
            new ReplicaAddress(
                "near", "jdbc:mysql://db2:3307/mogilefs", "mogile", "a|b", Duration.ofSeconds(1)));
    assertThat(read.retry()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void weightsAndBlanksInTheListDoNoHarm() {
    var read =
        read(
            Map.of(
                "slave_keys", "a=100, b ,,a",
                "slave_a", "DBI:mysql:m:host=db1|u|p",
                "slave_b", "DBI:mysql:m:host=db2|u|p"));

    assertThat(read.replicas()).extracting(ReplicaAddress::key).containsExactly("a", "b");
  }

  @Test
  void whatCannotBeUnderstoodIsLeftOutAndSaidWithoutItsPassword() {
    var read =
        read(
            Map.of(
                "slave_keys", "a,b,c",
                "slave_a", "DBI:Pg:dbname=m|u|secret",
                "slave_c", "jdbc:mysql://db3:3306/m|u|secret"));

    assertThat(read.replicas()).extracting(ReplicaAddress::key).containsExactly("c");
    assertThat(read.problems()).hasSize(2).noneMatch(text -> text.contains("secret"));
    assertThat(read.problems().getFirst()).startsWith("the setting slave_a names a PostgreSQL");
  }

  @Test
  void anAddressNeverShowsItsAccount() {
    var address =
        new ReplicaAddress(
            "a", "jdbc:mysql://db1/m?password=secret", "u", "secret", Duration.ofSeconds(1));

    assertThat(address).hasToString("a at jdbc:mysql://db1/m");
  }

  @Test
  void hostsAreFilteredUnlessThatIsSwitchedOff() {
    var settings =
        Map.of(
            "slave_keys", "a,b",
            "slave_a", "DBI:mysql:m:host=near|u|p",
            "slave_b", "DBI:mysql:m:host=far;port=1|u|p");

    assertThat(ReplicaSettings.of(new ServerSettings(settings), "near"::equals).replicas())
        .extracting(ReplicaAddress::host)
        .containsExactly("near");

    var all = new java.util.HashMap<>(settings);
    all.put("slave_skip_filtering", "on");
    assertThat(ReplicaSettings.of(new ServerSettings(all), "near"::equals).replicas()).hasSize(2);
  }

  @Test
  void timesAreSecondsAndAClientIsNeverKeptBeyondItsPatience() {
    var read =
        read(
            Map.of(
                "slave_keys", "a",
                "slave_a", "DBI:mysql:m:host=db1|u|p",
                "slave_connect_timeout", "30",
                "slave_dead_retry_timeout", "5"));

    assertThat(read.replicas().getFirst().patience()).isEqualTo(Duration.ofSeconds(2));
    assertThat(read.retry()).isEqualTo(Duration.ofSeconds(5));
  }
}
