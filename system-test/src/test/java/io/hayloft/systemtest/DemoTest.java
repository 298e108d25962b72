package io.hayloft.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code hayloft demo}: the whole story, with photos that it makes. */
class DemoTest {

  private static final Duration ENDING = Duration.ofMinutes(5);

  private final Path place =
      Path.of("target", "demo-" + ProcessHandle.current().pid()).toAbsolutePath();

  @Test
  void everyByteComesBackThoughANodeIsKilled() throws Exception {
    var scratch = place.resolve("scratch");
    try (var demo =
        HayloftProcess.start(place, "demo", "--json", "--scratch", scratch.toString())) {

      assertThat(demo.awaitEnd(ENDING)).as(demo.out() + demo.err()).isZero();

      var result = new ObjectMapper().readTree(demo.out());
      assertThat(result.get("ok").asBoolean()).isTrue();
      assertThat(result.get("steps").findValuesAsText("step"))
          .containsExactly(
              "start", "store", "second copies", "read back", "kill host3", "read again", "heal");
      assertThat(result.get("steps").get(6).get("files").asInt())
          .as("files that had a copy on the killed node")
          .isPositive();
    }
    try (var left = Files.list(scratch)) {
      assertThat(left).as("the scratch cluster's files").isEmpty();
    }
  }
}
