package io.hayloft.bench.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AgainstTest {

  private final Voice voice = new Voice(null);

  @Test
  void addressIsAHostAndAPort() {
    assertThat(Against.address("127.0.0.1:7001", voice))
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7001));
    for (var wrong : List.of("127.0.0.1", ":7001", "127.0.0.1:", "127.0.0.1:70010", "")) {
      assertThatThrownBy(() -> Against.address(wrong, voice))
          .hasMessageContaining("--against takes host:port, not " + wrong);
    }
  }

  @Test
  void trackerThatAnswersOtherwiseIsRefusedWithItsAnswer() throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var asked =
          CompletableFuture.runAsync(
              () -> {
                answer(server, "OK key_count=0");
                answer(server, "ERR unreg_domain Domain+name+invalid");
              });
      var address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());

      Against.mustAnswer(address, "list_keys", List.of("OK", "ERR none_match"), voice);
      assertThatThrownBy(
              () ->
                  Against.mustAnswer(address, "list_keys", List.of("OK", "ERR none_match"), voice))
          .hasMessageContaining("list_keys → ERR unreg_domain");
      asked.join();
    }
  }

  @Test
  void trackerThatIsNotThereIsRefused() {
    assertThatThrownBy(
            () ->
                Against.mustAnswer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                    "noop",
                    List.of("OK"),
                    voice))
        .hasMessageContaining("cannot reach the tracker at");
  }

  private static void answer(ServerSocket server, String line) {
    try (var client = server.accept()) {
      int seen = client.getInputStream().read();
      while (seen != '\n') {
        seen = client.getInputStream().read();
      }
      client.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
