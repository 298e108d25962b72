package io.hayloft.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Command lines as scripts have given them to the original's daemons. */
class OptionTableTest {

  private static Map<String, String> tracker(String... words) {
    return OriginalOptions.tracker().parse(List.of(words)).keys();
  }

  @Test
  void valuesStandBehindAnEqualsSignOrInTheNextWord() {
    assertThat(tracker("--dsn=DBI:mysql:m:host=db1", "--dbuser", "u", "-w", "7", "-p", "7002"))
        .isEqualTo(
            Map.of(
                "db_dsn", "DBI:mysql:m:host=db1",
                "db_user", "u",
                "query_jobs", "7",
                "conf_port", "7002"));
  }

  @Test
  void longNamesMayBeShortenedAndTheirCaseDoesNotMatter() {
    assertThat(OriginalOptions.tracker().parse(List.of("--daemon", "--Pid=/run/x")).others())
        .isEqualTo(Map.of("daemonize", "1", "pidfile", "/run/x"));
    assertThatThrownBy(() -> tracker("--db=x"))
        .hasMessage("option --db may mean --dbuser, --dbpass");
  }

  @Test
  void lettersTellCasesApart() {
    var parsed = OriginalOptions.tracker().parse(List.of("-d", "-D"));

    assertThat(parsed.keys()).isEqualTo(Map.of("debug", "1"));
    assertThat(parsed.has("daemonize")).isTrue();
    assertThat(OriginalOptions.node().parse(List.of("-d")).has("daemonize")).isTrue();
  }

  @Test
  void switchesAreDeniedByNo() {
    assertThat(tracker("--nojob_master")).isEqualTo(Map.of("job_master", "0"));
    assertThat(tracker("--job_master")).isEqualTo(Map.of("job_master", "1"));
    assertThat(OriginalOptions.tracker().parse(List.of("--no_http")).others())
        .isEqualTo(Map.of("no_http", "1"));
    assertThatThrownBy(() -> tracker("--nodsn")).hasMessageContaining("no option --nodsn");
  }

  @Test
  void listenMayStandSeveralTimes() {
    assertThat(tracker("-l", "127.0.0.1:7001", "--listen=127.0.0.2"))
        .isEqualTo(Map.of("listen", "127.0.0.1:7001,127.0.0.2"));
    assertThat(tracker("--confport=1", "--confport=2")).isEqualTo(Map.of("conf_port", "2"));
  }

  @Test
  void whatCannotBeReadIsRefusedWithASentence() {
    assertThatThrownBy(() -> tracker("--pluginz=x"))
        .hasMessage("there is no option --pluginz. Did you mean plugins?");
    assertThatThrownBy(() -> tracker("--dsn")).hasMessage("option --dsn needs a value");
    assertThatThrownBy(() -> tracker("start")).hasMessage("there is no room for start");
    assertThatThrownBy(() -> tracker("--")).hasMessageContaining("no option");
  }
}
