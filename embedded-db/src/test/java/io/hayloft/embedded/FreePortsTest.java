package io.hayloft.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  /** A range that nobody but this test asks in, below those that are given out otherwise. */
  private static final int LOWEST = 11_000;

  @Test
  void noneIsGivenTwiceWhoeverAsks() {
    Set<Integer> given = ConcurrentHashMap.newKeySet();

    boolean allAreNew =
        IntStream.range(0, 200)
            .parallel()
            .mapToObj(_ -> given.add(FreePorts.next()))
            .allMatch(b -> b);

    assertThat(allAreNew).isTrue();
    assertThat(given).hasSize(200);
  }

  @Test
  void theyLieWhereTheSystemDoesNotPickFrom() throws IOException {
    // The system tells all of it in one reading or nothing.
    var range = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range")).getFirst();
    int lowestPicked = Integer.parseInt(range.split("\\s+", -1)[0]);
    assumeThat(lowestPicked).as("a usual system").isGreaterThanOrEqualTo(16_000);

    for (int i = 0; i < 100; i++) {
      assertThat(FreePorts.next()).isBetween(1_024, lowestPicked - 1);
    }
  }

  @Test
  void oneOnWhichSomebodyListensIsNotGivenOnWhateverAddress() throws IOException {
    var ports = new FreePorts(LOWEST, 50, 7);
    int first = ports.nextHere();
    try (var taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.9", first + 1));

      assertThat(ports.nextHere()).isNotEqualTo(taken.getLocalPort()).isGreaterThan(first);
    }
  }

  @Test
  void allOfTheRangeAreGivenAndThenNoMore() {
    var ports = new FreePorts(LOWEST + 100, 40, -3);

    var given = IntStream.range(0, 40).map(_ -> ports.nextHere()).boxed().toList();

    assertThat(given)
        .doesNotHaveDuplicates()
        .allMatch(port -> port >= LOWEST + 100 && port < LOWEST + 140);
    assertThatThrownBy(ports::nextHere)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("11100 to 11139");
    assertThatThrownBy(ports::nextHere).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aServerCanListenThere() throws IOException {
    var address = FreePorts.nextOnLoopback();

    try (var server = new ServerSocket()) {
      server.bind(address);

      assertThat(server.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
    }
  }
}
