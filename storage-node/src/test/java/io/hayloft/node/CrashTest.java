package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that is killed at random moments amid many uploads: what it had acknowledged is whole
 * afterwards, what it had not is whole or not there, and nothing unfinished is left. {@code
 * -Dhayloft.crash.puts=10000} makes it a long one.
 */
class CrashTest {

  private static final int PUTS = Integer.getInteger("hayloft.crash.puts", 250);
  private static final int FEWEST_IN_A_LIFE = 40;
  private static final int MOST_IN_A_LIFE = 160;
  private static final int WRITERS = 6;
  private static final int FILES_OF_EACH = 4;
  private static final int LONGEST = 300_000;

  @TempDir Path docroot;
  @TempDir Path elsewhere;
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Semaphore acknowledgements = new Semaphore(0);

  /** A file and how far its versions have come; written by one writer at a time. */
  private static final class Versioned {
    private final int number;
    private final String path;
    private volatile int begun;
    private volatile int acknowledged;

    Versioned(int number) {
      this.number = number;
      this.path = String.format("/dev1/0/000/%03d/%010d.fid", number % 3, number);
    }

    byte[] content(int version) {
      var random = new Random((long) version << 16 | number);
      var bytes = new byte[8 + random.nextInt(random.nextBoolean() ? 20_000 : LONGEST)];
      random.nextBytes(bytes);
      ByteBuffer.wrap(bytes).putInt(number).putInt(version);
      return bytes;
    }
  }

  private ForkedNode node() throws IOException {
    return new ForkedNode(docroot, elsewhere.resolve("errors"), List.of(), Map.of());
  }

  @Test
  void whatWasAcknowledgedIsWholeHoweverOftenTheNodeIsKilled() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed of the moments: " + seed);
    var random = new Random(seed);
    var files = IntStream.range(0, WRITERS * FILES_OF_EACH).mapToObj(Versioned::new).toList();
    int stored = 0;
    while (stored < PUTS) {
      int inThisLife = random.nextInt(FEWEST_IN_A_LIFE, MOST_IN_A_LIFE);
      try (var node = node()) {
        verify(node, files);
        live(node, files, inThisLife);
      }
      stored += inThisLife;
    }
    try (var node = node()) {
      verify(node, files);
      node.kill();
    }
    assertThat(wrong).isEmpty();
  }

  /**
   * Writes and reads until so many uploads were acknowledged, and kills the node then and there.
   */
  private void live(ForkedNode node, List<Versioned> files, int uploads) throws Exception {
    acknowledgements.drainPermits();
    try (var tasks = Tasks.virtual()) {
      var all =
          IntStream.range(0, 2 * WRITERS)
              .mapToObj(
                  number ->
                      tasks.start("client", () -> untilItDies(() -> client(node, files, number))))
              .toList();
      boolean enough = acknowledgements.tryAcquire(uploads, 60, TimeUnit.SECONDS);
      node.kill();
      for (var task : all) {
        assertThat(task.join(Duration.ofSeconds(30))).isTrue();
      }
      assertThat(wrong).isEmpty();
      assertThat(enough).isTrue();
    }
  }

  private static void untilItDies(Runnable client) {
    try {
      client.run();
    } catch (UncheckedIOException killed) {
      // As is meant.
    }
  }

  private void client(ForkedNode node, List<Versioned> files, int number) {
    var random = new Random(number);
    try (var http = node.connect()) {
      while (wrong.isEmpty()) {
        if (number < WRITERS) {
          write(http, files.get(number * FILES_OF_EACH + random.nextInt(FILES_OF_EACH)));
        } else {
          check(http, files.get(random.nextInt(files.size())));
        }
      }
    }
  }

  private void write(RawHttp http, Versioned file) {
    int version = file.begun + 1;
    file.begun = version;
    int status = http.put(file.path, file.content(version)).status();
    if (status != 200) {
      complain(file.path + " was answered " + status);
    }
    file.acknowledged = version;
    acknowledgements.release();
  }

  /** That it is one whole version, none older than was acknowledged before it was asked for. */
  private int check(RawHttp http, Versioned file) {
    int from = file.acknowledged;
    var answer = http.call("GET", file.path);
    int to = file.begun;
    if (answer.status() == 404) {
      if (from > 0) {
        complain(file.path + " is lost: version " + from + " was acknowledged");
      }
      return 0;
    }
    var told = ByteBuffer.wrap(answer.body());
    if (answer.status() != 200 || told.remaining() < 8 || told.getInt() != file.number) {
      complain(file.path + " is not itself: " + answer.status());
      return 0;
    }
    int version = told.getInt();
    if (version < from || version > to) {
      complain(file.path + " has version " + version + ", none of " + from + " to " + to);
    } else if (!Arrays.equals(answer.body(), file.content(version))) {
      complain(file.path + " is torn in version " + version);
    }
    return version;
  }

  private void complain(String what) {
    wrong.add(what);
    // Nobody is to wait for more.
    acknowledgements.release(MOST_IN_A_LIFE);
  }

  private void verify(ForkedNode node, List<Versioned> files) {
    try (var http = node.connect()) {
      for (var file : files) {
        // What was not acknowledged but is there stays from now on.
        file.acknowledged = Math.max(file.acknowledged, check(http, file));
      }
    }
    assertThat(wrong).isEmpty();
    await().untilAsserted(() -> assertThat(unfinished()).isEmpty());
  }

  private List<Path> unfinished() throws IOException {
    try (var all = Files.walk(docroot)) {
      return all.filter(path -> path.toString().contains(".hayloft-tmp"))
          .filter(Files::isRegularFile)
          .toList();
    }
  }
}
