package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hayloft.client.Hayloft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code hayloft dev}: what it keeps, and that it leaves no process behind however it ends. */
class DevClusterTest {

  private static final Duration ENDING = Duration.ofMinutes(1);

  /** Not a temporary directory, in which the embedded database is not kept. */
  private final Path place =
      Path.of("target", "dev-" + ProcessHandle.current().pid()).toAbsolutePath();

  @AfterEach
  void removeData() throws IOException {
    try (var files = Files.walk(place)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private HayloftProcess start() {
    return HayloftProcess.start(
        place, "dev", "--free-ports", "--json", "--data", place.resolve("data").toString());
  }

  private static Hayloft client(HayloftProcess dev) throws IOException {
    var addresses = new ObjectMapper().readTree(dev.awaitLine());
    return Hayloft.builder().trackers(addresses.get("tracker").asText()).domain("photos").build();
  }

  @Test
  void dataAreKeptAndNoProcessIsLeftBehind() throws Exception {
    try (var first = start()) {
      try (var client = client(first)) {
        client.store("kept", "hay".getBytes(UTF_8));
      }
      var started = first.descendants();
      assertThat(started).as("tracker, three nodes, database").hasSizeGreaterThanOrEqualTo(5);

      first.handle().destroy(); // SIGTERM, as a service manager does

      assertThat(first.awaitEnd(ENDING)).isZero();
      assertNoneLeft(started);
    }
    try (var second = start();
        var client = client(second)) {
      assertThat(client.read("kept")).asString(UTF_8).isEqualTo("hay");
      var started = second.descendants();

      second.handle().destroyForcibly(); // kill -9: it gets no chance to tidy up

      assertNoneLeft(started);
    }
  }

  private static void assertNoneLeft(List<ProcessHandle> started) {
    try {
      Awaitility.await("the end of all that was started")
          .atMost(ENDING)
          .untilAsserted(() -> assertThat(started).noneMatch(ProcessHandle::isAlive));
    } finally {
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
