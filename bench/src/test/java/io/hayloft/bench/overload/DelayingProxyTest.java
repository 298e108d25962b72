package io.hayloft.bench.overload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.bench.loop.ScriptedServer;
import io.hayloft.bench.overload.DelayingProxy.Line;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DelayingProxyTest {

  private final Time time = Time.system();
  private ScriptedServer server;
  private DelayingProxy proxy;
  private Socket client;
  private BufferedReader in;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer(line -> line + "!\n");
    proxy = DelayingProxy.before(server.address(), time);
    client = new Socket(proxy.address().getAddress(), proxy.address().getPort());
    in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    proxy.close();
    server.close();
  }

  private void send(String text) throws IOException {
    client.getOutputStream().write((text + "\n").getBytes(ISO_8859_1));
  }

  /** How long an answer takes. */
  private Duration ask(String text) throws IOException {
    long asked = time.nanoTime();
    send(text);
    assertThat(in.readLine()).isEqualTo(text + "!");
    return time.since(asked);
  }

  @Test
  void bytesTakeTheirTimeInEachDirection() throws IOException {
    ask("fast");
    proxy.set(new Line(Duration.ofMillis(1200), Duration.ofMillis(800), 0));
    assertThat(ask("slow")).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));

    proxy.set(Line.FREE);
    assertThat(ask("fast again")).isLessThan(Duration.ofMillis(1900));
  }

  @Test
  void delayDoesNotLessenHowMuchGetsThrough() throws IOException {
    proxy.set(new Line(Duration.ofMillis(50), Duration.ofMillis(50), 0));
    long begun = time.nanoTime();
    for (int i = 0; i < 80; i++) {
      send("line " + i);
      assertThat(client.isConnected()).isTrue();
    }
    for (int i = 0; i < 80; i++) {
      assertThat(in.readLine()).isEqualTo("line " + i + "!");
    }
    // One after the other they would take 8 s.
    assertThat(time.since(begun)).isBetween(Duration.ofMillis(100), Duration.ofSeconds(6));
  }

  @Test
  void thinLineTakesLongerForMore() throws IOException {
    proxy.set(new Line(Duration.ZERO, Duration.ZERO, 100_000));

    assertThat(ask("x".repeat(10_000))).isGreaterThan(Duration.ofMillis(190));
  }

  @Test
  void stalledLineKeepsConnectionsAndLosesNothing() throws Exception {
    ask("before");
    proxy.stall();
    send("meanwhile");
    var answered = new CountDownLatch(1);
    try (var tasks = Tasks.virtual()) {
      tasks.start(
          "reader",
          () -> {
            try {
              assertThat(in.readLine()).isEqualTo("meanwhile!");
              answered.countDown();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      assertThat(answered.await(100, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(proxy.clients()).isEqualTo(1);

      proxy.set(Line.FREE);
      assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void endOfAConnectionIsPassedOn() throws Exception {
    ask("hello");
    client.close();
    long begun = time.nanoTime();
    while (proxy.clients() > 0) {
      assertThat(time.since(begun)).isLessThan(Duration.ofSeconds(10));
      time.sleep(Duration.ofMillis(5));
    }
  }
}
