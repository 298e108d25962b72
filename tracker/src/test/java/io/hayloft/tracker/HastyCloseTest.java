package io.hayloft.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.testkit.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that close an upload without waiting for the node's answer to their PUT. */
class HastyCloseTest {

  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private WireFixture tracker;

  @BeforeEach
  void start() throws SQLException {
    tracker = WireFixture.start(DATABASE);
    tracker.ok("create_domain domain=d");
    tracker.addHost(1);
  }

  @AfterEach
  void stop() {
    tracker.close();
  }

  @Test
  void closeThatComesBeforeTheNodeHasTheBytesWaitsForThem() {
    tracker.ok("create_open domain=d&key=k");
    try (var hasty = tracker.connect()) {
      hasty.send(
          "create_close domain=d&fid=1&devid=1&key=k"
              + "&path=http://10.0.0.1:7500/dev1/0/000/000/0000000001.fid\r\n");
      await().until(() -> !tracker.nodes().looked().isEmpty());
      tracker.nodes().put("/dev1/0/000/000/0000000001.fid", "12345".getBytes(ISO_8859_1));

      assertThat(hasty.line()).isEqualTo("OK ");
    }
    assertThat(tracker.ok("file_info domain=d&key=k")).containsEntry("length", "5");
  }
}
