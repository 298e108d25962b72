package io.hayloft.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NginxConfigurationTest {

  private static String text(Contender contender) {
    return new NginxConfiguration(
            contender,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 8001),
            Path.of("/disk/nginx home"),
            Path.of("/disk/files"))
        .text();
  }

  @Test
  void contendersDifferInWhatTheyAreCalledAfter() {
    assertThat(text(Contender.NGINX_SENDFILE))
        .contains("sendfile on;", "listen 127.0.0.1:8001 ", "root \"/disk/files\";")
        .contains("open_file_cache max=10000", "tcp_nopush off;", "worker_processes 1;")
        .doesNotContain("dav_methods");
    assertThat(text(Contender.NGINX_COPYING)).contains("sendfile off;");
    assertThat(text(Contender.NGINX_DAV))
        .contains("dav_methods PUT;", "client_body_temp_path \"/disk/nginx home/body\";");
  }

  @Test
  void placesThatCannotBeWrittenDownAreRefused() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8001);

    assertThatThrownBy(
            () ->
                new NginxConfiguration(
                    Contender.NGINX_DAV, address, Path.of("/a\"b"), Path.of("/files")))
        .hasMessageContaining("a\"b");
    assertThatThrownBy(
            () ->
                new NginxConfiguration(
                    Contender.NGINX_DAV, address, Path.of("/a"), Path.of("/fi;les")))
        .hasMessageContaining("fi;les");
    assertThatThrownBy(
            () ->
                new NginxConfiguration(
                    Contender.HAYLOFT, address, Path.of("/a"), Path.of("/files")))
        .hasMessageContaining("no nginx");
  }

  @Test
  void aProgramThatIsNotThereIsNamedWithTheWayToGetIt() {
    assertThat(Program.find("sh")).isPresent();
    assertThatThrownBy(() -> Program.need("no-such-program"))
        .hasMessageContaining("no-such-program is not installed")
        .hasMessageContaining("apt install no-such-program");
  }
}
