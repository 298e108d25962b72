package io.hayloft.tracker.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.node.Place;
import io.hayloft.tracker.node.http.KeptLooks.End;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptLooksTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String FIVE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

  private final Tasks tasks = Tasks.virtual();
  private final List<KeptLooks> opened = new ArrayList<>();
  private ScriptedNode node;
  private Place place;

  private record Heard(End end, long length) {}

  @BeforeEach
  void start() throws IOException {
    node = new ScriptedNode();
    node.keepsConnections();
    node.says(FIVE);
    place = Place.of(node.host(), new DeviceId(1), new Fid(17));
  }

  @AfterEach
  void stop() {
    opened.forEach(KeptLooks::close);
    node.close();
    tasks.close();
  }

  private KeptLooks looks() {
    var looks = new KeptLooks(PATIENCE, Time.system());
    opened.add(looks);
    var _ = tasks.start("reader", looks::read);
    return looks;
  }

  /** Asks as soon as there is a connection that is free. */
  private CompletableFuture<Heard> begin(KeptLooks looks) {
    return begin(looks, PATIENCE);
  }

  private CompletableFuture<Heard> begin(KeptLooks looks, Duration patience) {
    var heard = new CompletableFuture<Heard>();
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(PATIENCE)
        .until(
            () ->
                looks.ask(
                    place, patience, (end, length) -> heard.complete(new Heard(end, length))));
    return heard.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void whoFindsNoConnectionIsNotHeardAndFindsOneLater() {
    var looks = looks();

    assertThat(looks.ask(place, PATIENCE, (_, _) -> {})).isFalse();
    assertThat(begin(looks).join()).isEqualTo(new Heard(End.PRESENT, 5));
    assertThat(node.heads())
        .singleElement()
        .asString()
        .startsWith("HEAD /dev1/0/000/000/0000000017.fid HTTP/1.1\r\nHost: 127.0.0.4:")
        .contains("\r\nUser-Agent: MogileFS::Connection::HTTP/2.73 (Hayloft)\r\n");
  }

  @Test
  void oneAfterTheOtherNeedsOneConnection() {
    var looks = looks();
    for (int i = 0; i < 50; i++) {
      node.says("HTTP/1.1 200 OK\r\nContent-Length: " + i + "\r\n\r\n");
      assertThat(begin(looks).join()).isEqualTo(new Heard(End.PRESENT, i));
    }
    assertThat(node.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\n\r\n",
      })
  void whatIsUnusualIsToldAndEndsTheConnection(String answer) {
    var looks = looks();
    node.says(answer);
    assertThat(begin(looks).join().end()).isEqualTo(End.UNUSUAL);
    assertThat(looks.connections(place)).isZero();

    node.says(FIVE);
    assertThat(begin(looks).join()).isEqualTo(new Heard(End.PRESENT, 5));
    assertThat(node.connections()).isEqualTo(2);
  }

  @Test
  void aHeadWithoutEndIsUnusual() {
    var looks = looks();
    node.says("HTTP/1.1 200 OK\r\nX: " + "x".repeat(2_000));

    assertThat(begin(looks).join().end()).isEqualTo(End.UNUSUAL);
  }

  @Test
  void aNodeThatTakesTooLongIsLateAndNotAskedOverThatConnectionAgain() {
    var looks = looks();
    assertThat(begin(looks).join()).isEqualTo(new Heard(End.PRESENT, 5));
    node.hangs(true);
    long asked = System.nanoTime();
    assertThat(begin(looks, Duration.ofMillis(50)).join().end()).isEqualTo(End.LATE);
    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));
    assertThat(looks.connections(place)).isZero();

    node.hangs(false);
    assertThat(begin(looks).join()).isEqualTo(new Heard(End.PRESENT, 5));
  }

  @Test
  void aNodeThatHangsHoldsNoMoreConnectionsThanAllowed() {
    var looks = looks();
    node.hangs(true);
    var asked = IntStream.range(0, 64).mapToObj(_ -> begin(looks)).toList();

    assertThat(looks.ask(place, PATIENCE, (_, _) -> {})).isFalse();
    assertThat(looks.connections(place)).isEqualTo(64);
    assertThat(asked).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void aNodeThatIsGoneIsToldAtOnceAndFoundWhenItIsBack() throws IOException {
    var looks = looks();
    assertThat(begin(looks).join().end()).isEqualTo(End.PRESENT);
    node.hangs(true);
    var pending = begin(looks);
    node.close();

    assertThat(pending.join().end()).isEqualTo(End.UNUSUAL);
    await().atMost(PATIENCE).until(() -> looks.connections(place) == 0);
    for (int i = 0; i < 10; i++) {
      assertThat(looks.ask(place, PATIENCE, (_, _) -> {})).isFalse();
    }
  }

  @Test
  void aHostThatIsNamedIsLeftToOthers() {
    var looks = looks();
    var addresses = HostAddresses.of("localhost", 7500);
    var named = new Place(node.host().reachedAt(addresses), place.path());

    assertThat(looks.ask(named, PATIENCE, (_, _) -> {})).isFalse();
    assertThat(looks.ask(named, PATIENCE, (_, _) -> {})).isFalse();
    assertThat(looks.connections(named)).isZero();
  }

  @Test
  void closingEndsWhatIsAsked() {
    var looks = looks();
    node.hangs(true);
    var pending = begin(looks);
    looks.close();

    assertThat(pending.join().end()).isEqualTo(End.UNUSUAL);
    assertThat(looks.ask(place, PATIENCE, (_, _) -> {})).isFalse();
    assertThat(looks.connections(place)).isZero();
  }
}
