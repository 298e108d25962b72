package io.hayloft.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.embedded.FreePorts;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of daemons believe of them. */
class DaemonTest {

  @TempDir Path docroot;

  @Test
  void whoListensInItsPlaceIsNotTakenForItThoughItWasReadyBefore() throws IOException {
    Files.createDirectories(docroot.resolve("dev1"));
    var address = FreePorts.nextOnLoopback();
    var settings =
        Map.of(
            "HAYLOFT_HTTP_LISTEN",
            "127.0.0.1:" + address.getPort(),
            "HAYLOFT_SIDE_ENABLED",
            "no",
            "HAYLOFT_DOCROOT",
            docroot.toString());
    try (var node =
        new Daemon(
            "node",
            List.of("node", "--skip-config"),
            settings,
            address,
            docroot.resolve("node.log"))) {
      node.launch().awaitListening();
      assertThat(node.stop()).isZero();
      try (var other = new ServerSocket()) {
        other.bind(address);

        node.launch();
        assertThatThrownBy(node::awaitListening)
            .hasMessageContaining("node ended")
            .hasMessageContaining("Failed to bind");
      }
    }
  }
}
