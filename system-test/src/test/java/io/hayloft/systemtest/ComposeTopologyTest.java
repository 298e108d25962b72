package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.client.Hayloft;
import io.hayloft.testkit.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * docker-compose.yml describes an installation that works: here its services are plain processes.
 */
class ComposeTopologyTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path directory;

  private final List<Daemon> started = new ArrayList<>();

  private Daemon launch(ComposeFile file, String service, String subcommand, String port)
      throws IOException {
    var daemon =
        new Daemon(
            service,
            List.of(subcommand),
            file.environment(service),
            new InetSocketAddress(InetAddress.getByName(file.address(service)), file.port(port)),
            directory.resolve(service + ".log"));
    started.add(daemon.launch());
    return daemon;
  }

  @Test
  void theSameTopologyWithTheSameVariablesStoresAndHealsFiles() throws Exception {
    var file = ComposeFile.read(Path.of("..", "docker-compose.yml"), DATABASE, directory);
    try {
      for (var node : file.running("node")) {
        launch(file, node, "node", "7500");
      }
      for (var tracker : file.running("tracker")) {
        launch(file, tracker, "tracker", "7001").awaitListening();
      }
      started.forEach(Daemon::awaitListening);
      assertThat(started).hasSize(5);
      awaitHealthy(file);
      setUp(file);
      setUp(file);
      storeAndRead(file);
    } finally {
      started.forEach(Daemon::close);
    }
  }

  private void awaitHealthy(ComposeFile file) {
    try (var http = HttpClient.newHttpClient()) {
      for (var tracker : file.running("tracker")) {
        awaitOk(http, "http://" + file.address(tracker) + ":" + file.port("7080") + "/ready");
      }
      for (var node : file.running("node")) {
        awaitOk(http, "http://" + file.address(node) + ":" + file.port("7500") + "/-/ready");
      }
    }
  }

  private static void awaitOk(HttpClient http, String url) {
    Awaitility.await(url)
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () ->
                http.send(
                            HttpRequest.newBuilder(URI.create(url)).build(),
                            BodyHandlers.discarding())
                        .statusCode()
                    == 200);
  }

  private void setUp(ComposeFile file) throws IOException {
    for (var service : file.running("setup")) {
      var setup = launch(file, service, "setup", "7001");
      started.remove(setup);
      assertThat(setup.awaitExit()).as(setup.log()).isZero();
    }
  }

  private static void storeAndRead(ComposeFile file) throws IOException {
    try (var client =
        Hayloft.builder()
            .trackers(file.trackers())
            .domain("photos")
            .fileClass("original")
            .build()) {
      Awaitility.await("a first file")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> client.store("k", "photo".getBytes(UTF_8)).length() == 5);
      Awaitility.await("its second copy")
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.info("k").orElseThrow().copies().count() == 2);
      assertThat(client.read("k")).isEqualTo("photo".getBytes(UTF_8));
    }
  }
}
