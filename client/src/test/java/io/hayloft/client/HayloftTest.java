package io.hayloft.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each operation as it goes when nothing fails. */
class HayloftTest {

  private final FakeCluster cluster = new FakeCluster(1);
  private final Hayloft hayloft =
      Hayloft.builder().trackers(cluster.tracker().address().toString()).domain("photos").build();

  @AfterEach
  void stop() {
    hayloft.close();
    cluster.close();
  }

  @Test
  void whatWasStoredIsRead() throws IOException {
    var stored = hayloft.store("u/1", "hello".getBytes(UTF_8));

    assertThat(stored.length()).isEqualTo(5);
    assertThat(hayloft.read("u/1")).isEqualTo("hello".getBytes(UTF_8));
    assertThat(cluster.tracker().commands())
        .containsExactly("create_open", "create_close", "get_paths", "file_info");
  }
}
