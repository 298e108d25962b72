package io.hayloft.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.node.StorageNodeConfig;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.config.ConfigException;
import io.hayloft.runtime.config.ConfigReader;
import io.hayloft.runtime.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The original's file and variables, read as the node reads them. */
class MogstoredConfTest {

  @TempDir private Path directory;

  private StorageNodeConfig read(String file, Map<String, String> environment) throws IOException {
    var path = Files.writeString(directory.resolve("mogstored.conf"), file);
    return ConfigReader.of(StorageNodeConfig.class)
        .read(
            ConfigSources.builder()
                .file(path)
                .original(MogstoredConf.format())
                .environment(MogstoredConf.translated(environment))
                .build());
  }

  @Test
  void everyKeyOfTheOriginalIsKnown() throws IOException {
    var config =
        read(
            """
            # A storage node
            daemonize = 1
            httplisten = 10.0.0.5:7600   # not the usual
            mgmtlisten=10.0.0.5:7601
            docroot = /srv/mog
            maxconns = 77
            server = perlbal
            serverbin = /usr/sbin/perlbal
            pidfile = /run/mogstored.pid
            iostat = 0
            """,
            Map.of());

    assertThat(config.http().listen()).isEqualTo(new Address("10.0.0.5", 7600));
    assertThat(config.side().listen()).isEqualTo(new Address("10.0.0.5", 7601));
    assertThat(config.docroot()).isEqualTo(Path.of("/srv/mog"));
    assertThat(config.http().maxConnections()).isEqualTo(77);
    assertThat(config.usage().only()).isFalse();
    assertThat(config.side().enabled()).isTrue();
  }

  @Test
  void aBarePortIsAllInterfaces() throws IOException {
    var config = read("httplisten = 7600\nmgmtlisten = 7601\n", Map.of());

    assertThat(config.http().listen()).isEqualTo(new Address("0.0.0.0", 7600));
    assertThat(config.side().listen()).isEqualTo(new Address("0.0.0.0", 7601));
  }

  @ParameterizedTest
  @CsvSource({
    "none, '', true",
    "NONE, '', true",
    "perlbal, '', false",
    "nginx, '', false",
    "apache, '', false",
    "lighttpd, '', false",
    "'', none, true",
    "'', nginx, false",
    "'', '', false"
  })
  void theNodeTakesThePlaceOfEveryServerButNone(String file, String variable, boolean usageOnly)
      throws IOException {
    var config =
        read(
            file.isEmpty() ? "" : "server = " + file + "\n",
            Map.of("MOGSTORED_SERVER_TYPE", variable));

    assertThat(config.usage().only()).isEqualTo(usageOnly);
  }

  @Test
  void aServerThatNobodyKnowsIsRefusedWithTheNamesOfThoseKnown() {
    assertThatThrownBy(() -> read("server = iis\n", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("line 1: server: is none of perlbal, lighttpd, apache, nginx");
    assertThatThrownBy(() -> read("", Map.of("MOGSTORED_SERVER_TYPE", "iis")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MOGSTORED_SERVER_TYPE: is none of perlbal");
  }

  @Test
  void variablesOfTheOriginalCountAndOursWin() throws IOException {
    assertThat(read("", Map.of("MOG_DEV_USAGE_VIA_DU", "1")).usage().viaDu()).isTrue();
    assertThat(read("", Map.of("MOG_DEV_USAGE_VIA_DU", "0")).usage().viaDu()).isFalse();
    assertThat(
            read("", Map.of("MOG_DEV_USAGE_VIA_DU", "1", "HAYLOFT_USAGE_VIA_DU", "no"))
                .usage()
                .viaDu())
        .isFalse();
    assertThat(
            read("", Map.of("MOG_IOSTAT_CMD", "iostat -x", "MOGSTORED_RUN_WITHOUT_AIO", "1"))
                .usage()
                .only())
        .isFalse();
  }

  @Test
  void anUnknownKeyIsFatalWithTheNearestKnown() {
    assertThatThrownBy(() -> read("docrot = /x\n", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("docrot")
        .hasMessageContaining("docroot");
  }
}
