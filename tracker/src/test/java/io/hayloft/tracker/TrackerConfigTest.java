package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.config.ConfigException;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.runtime.config.ConfigSources;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Netmask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackerConfigTest {

  private static final ConfigReader<TrackerConfig> READER = ConfigReader.of(TrackerConfig.class);

  @TempDir Path directory;

  private TrackerConfig original(String text) throws IOException {
    var file = Files.writeString(directory.resolve("mogilefsd.conf"), text);
    return READER.read(ConfigSources.builder().file(file).original(MogilefsdConf.format()).build());
  }

  @Test
  void onlyTheDatabaseMustBeNamed() {
    var config =
        READER.read(
            ConfigSources.builder()
                .environment(Map.of("HAYLOFT_DATABASE_URL", "jdbc:mysql://db/x"))
                .build());

    assertThat(config.listen()).containsExactly(new Address("0.0.0.0", 7001));
    assertThat(config.httpListen()).isEqualTo(new Address("0.0.0.0", 7080));
    assertThat(config.database().migrate()).isFalse();
    assertThat(config.nodes().timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.jobs()).isEqualTo(new TrackerConfig.JobCounts(true, 1, 1, 1, 1, false));
    assertThatThrownBy(() -> READER.read(ConfigSources.none()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("HAYLOFT_DATABASE_URL");
  }

  @Test
  void fileOfTheOriginalIsReadAsItIs() throws IOException {
    var config =
        original(
            """
            # Enable daemon mode to work in background and use syslog
            daemonize = 1
            pidfile = /var/run/mogilefsd.pid
            db_dsn = DBI:mysql:mogilefs:host=db1.example
            db_user = mog
            db_pass = pa#ss
            listen = 10.0.0.1:7001, 10.0.0.2
            conf_port = 7101
            query_jobs = 10
            delete_jobs = 2
            replicate_jobs = 5
            reaper_jobs = 0
            fsck_jobs = 3
            rebalance_ignore_missing = 1
            job_master = 0
            min_free_space = 200
            default_mindevcount = 3
            node_timeout = 5
            conn_timeout = 1
            mogstored_stream_port = 7601
            local_network = 10.1.0.0/16
            plugins =
            """);

    assertThat(config.listen())
        .containsExactly(new Address("10.0.0.1", 7001), new Address("10.0.0.2", 7101));
    assertThat(config.database().url()).isEqualTo("jdbc:mysql://db1.example:3306/mogilefs");
    assertThat(config.database().user()).isEqualTo("mog");
    assertThat(config.database().password()).isEqualTo("pa#ss");
    assertThat(config.jobs()).isEqualTo(new TrackerConfig.JobCounts(false, 2, 5, 0, 3, true));
    assertThat(config.nodes().minFreeSpaceMb()).isEqualTo(200);
    assertThat(config.nodes().defaultMindevcount()).isEqualTo(3);
    assertThat(config.nodes().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.nodes().connTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.nodes().sideChannelPort()).isEqualTo(7601);
    assertThat(config.locality())
        .isEqualTo(new ClusterView.Locality(true, Netmask.parse("10.1.0.0/16")));
  }

  @Test
  void aTrackerWithoutALocalNetworkKnowsNoNearAndFar() throws IOException {
    assertThat(original("db_dsn = DBI:mysql:m\nlocal_network =\n").locality())
        .isEqualTo(ClusterView.Locality.OFF);
  }

  @Test
  void thePluginOfTheOriginalTellsNearFromFarToo() throws IOException {
    assertThat(original("db_dsn = DBI:mysql:m\nplugins = Network,ZoneLocal\n").locality())
        .isEqualTo(new ClusterView.Locality(true, Optional.empty()));
  }

  @Test
  void aLocalNetworkThatIsNoneIsRefused() {
    assertThatThrownBy(() -> original("db_dsn = DBI:mysql:m\nlocal_network = here\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("local_network is neither an address nor a network: here");
  }

  @Test
  void pluginsAreAListWhichMayBeEmpty() throws IOException {
    assertThat(
            original("db_dsn = DBI:mysql:m\nplugins = FilePaths, ZoneLocal\n").extras().plugins())
        .containsExactly("FilePaths", "ZoneLocal");
    assertThat(original("db_dsn = DBI:mysql:m\nplugins =\n").extras().plugins()).isEmpty();
    assertThat(original("db_dsn = DBI:mysql:m\n").extras().plugins()).isEmpty();
  }
}
