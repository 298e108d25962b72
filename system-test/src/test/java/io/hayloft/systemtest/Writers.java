package io.hayloft.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.client.Hayloft;
import io.hayloft.client.Source;
import io.hayloft.client.StoreOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Stores files from several threads until it is closed, and knows which were acknowledged. */
final class Writers implements AutoCloseable {

  private static final int WRITERS = 4;
  private static final long BREATH_MILLIS = 10;

  private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private final String prefix;
  private final StoreOptions options;

  Writers(Hayloft client, String prefix) {
    this(client, prefix, StoreOptions.DEFAULT);
  }

  Writers(Hayloft client, String prefix, StoreOptions options) {
    this.prefix = prefix;
    this.options = options;
    for (int w = 0; w < WRITERS; w++) {
      int writer = w;
      threads.execute(() -> write(client, writer));
    }
  }

  private void write(Hayloft client, int writer) {
    for (int i = 0; !isOver(); i++) {
      var key = prefix + writer + "/" + i;
      var bytes = (key + " ").repeat(500).getBytes(UTF_8);
      try {
        client.store(key, Source.of(bytes), options);
        acknowledged.put(key, bytes);
      } catch (IOException notAcknowledged) {
        // Whether it is there or not, nobody was promised anything.
      }
    }
  }

  /** After a moment, which leaves some of the machine to what happens meanwhile. */
  private boolean isOver() {
    try {
      return over.await(BREATH_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  void awaitAcknowledged(int more) {
    int before = acknowledged.size();
    Awaitility.await(more + " more files stored")
        .atMost(Duration.ofSeconds(60))
        .until(() -> acknowledged.size() >= before + more);
  }

  Map<String, byte[]> stop() throws InterruptedException {
    close();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    return acknowledged;
  }

  /** All that was acknowledged can be read. */
  static void assertNothingLost(Hayloft client, Map<String, byte[]> acknowledged)
      throws IOException {
    for (var file : acknowledged.entrySet()) {
      assertThat(client.read(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
    }
  }

  @Override
  public void close() {
    over.countDown();
    threads.shutdown();
  }
}
