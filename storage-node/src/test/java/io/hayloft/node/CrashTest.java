package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.blob.Durability;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import java.util.zip.CRC32C;
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
  private static final int WRITERS = 9;
  private static final int FILES_OF_EACH = 3;
  private static final int HEAD = 16;
  private static final int LONGEST = 300_000;

  /** What contents are cut out of. */
  private static final byte[] NOISE = new byte[2 * LONGEST];

  static {
    new Random(1).nextBytes(NOISE);
  }

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

    /** Tells its file, version and length, and the checksum of the rest. */
    byte[] content(int version) {
      var random = new Random((long) version << 16 | number);
      // Most are small: those of kept connections are stored several together.
      int length = HEAD + random.nextInt(random.nextInt(4) > 0 ? 20_000 : LONGEST);
      var bytes = Arrays.copyOfRange(NOISE, version, version + length);
      ByteBuffer.wrap(bytes).putInt(number).putInt(version).putInt(length).putInt(crc(bytes));
      return bytes;
    }

    static int crc(byte[] bytes) {
      var crc = new CRC32C();
      crc.update(bytes, HEAD, bytes.length - HEAD);
      return (int) crc.getValue();
    }
  }

  private ForkedNode node(Durability durability) throws IOException {
    return new ForkedNode(
        docroot,
        elsewhere.resolve("errors"),
        List.of(),
        Map.of(NodeProcess.DURABILITY, durability.name()));
  }

  @Test
  void whatWasAcknowledgedIsWholeHoweverOftenTheNodeIsKilled() throws Exception {
    liveAndDie(Durability.FULL, PUTS);
  }

  /** The kernel lives on, so nothing is lost with the node; but other calls bring it there. */
  @Test
  void alsoWhereNothingIsSynced() throws Exception {
    liveAndDie(Durability.NONE, PUTS / 3);
  }

  private void liveAndDie(Durability durability, int puts) throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed of the moments: " + seed);
    var random = new Random(seed);
    var files = IntStream.range(0, WRITERS * FILES_OF_EACH).mapToObj(Versioned::new).toList();
    int stored = 0;
    while (stored < puts) {
      int inThisLife = random.nextInt(FEWEST_IN_A_LIFE, MOST_IN_A_LIFE);
      try (var node = node(durability)) {
        verify(node, files);
        live(node, files, inThisLife);
      }
      stored += inThisLife;
    }
    try (var node = node(durability)) {
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
          look(files.get(random.nextInt(files.size())));
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

  /** Asks the node for a file. */
  private int check(RawHttp http, Versioned file) {
    int from = file.acknowledged;
    var answer = http.call("GET", file.path);
    return switch (answer.status()) {
      case 200 -> judge(file, from, answer.body());
      case 404 -> judge(file, from, new byte[0]);
      default -> {
        complain(file.path + " was answered " + answer.status());
        yield 0;
      }
    };
  }

  /** Looks at what has the file's name at that moment, as a crash would leave it. */
  private void look(Versioned file) {
    int from = file.acknowledged;
    try {
      judge(file, from, Files.readAllBytes(docroot.resolve(file.path.substring(1))));
    } catch (NoSuchFileException none) {
      judge(file, from, new byte[0]);
    } catch (IOException e) {
      complain(file.path + " cannot be read: " + e);
    }
  }

  /**
   * That it is one whole version, none older than was acknowledged before it was read.
   *
   * @param bytes none when there was no file
   * @return the version
   */
  private int judge(Versioned file, int from, byte[] bytes) {
    int to = file.begun;
    if (bytes.length < HEAD) {
      if (from > 0 || bytes.length > 0) {
        complain(file.path + " is lost or torn: version " + from + " was acknowledged");
      }
      return 0;
    }
    var told = ByteBuffer.wrap(bytes);
    int number = told.getInt();
    int version = told.getInt();
    if (number != file.number || version < from || version > to) {
      complain(
          file.path + " is " + number + " in version " + version + ", not " + from + ".." + to);
    } else if (told.getInt() != bytes.length || told.getInt() != Versioned.crc(bytes)) {
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
