package io.hayloft.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.RawHttp;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files that are replaced and deleted under many readers: each reads one whole state, and none that
 * was replaced before it asked. What is kept open and in memory is bounded so that files go out of
 * both all the time.
 */
class ReadersOfWhatChangesTest {

  private static final int FILES = 8;
  private static final int READERS = 6;
  private static final int CHANGES_OF_EACH = 48;

  /** Some of each way of sending. */
  private static final int[] LENGTHS = {100, 3_000, 30_000, 65_536, 65_600, 200_000};

  @TempDir Path docroot;
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean changing = new AtomicBoolean(true);
  private final AtomicInteger reads = new AtomicInteger();

  /**
   * A file whose states have numbers: each fifth is that it is not there, the others are contents.
   */
  private static final class Changing {
    private final int number;
    private final String path;
    private volatile int begun;
    private volatile int acknowledged;

    Changing(int number) {
      this.number = number;
      this.path = "/dev1/0/000/000/000000000" + number + ".fid";
    }

    static boolean isAbsence(int state) {
      return state % 5 == 0;
    }

    /** Tells its file, state and length, and each part differs from that of all others. */
    byte[] content(int state) {
      var bytes = new byte[LENGTHS[(state + number) % LENGTHS.length]];
      new Random((long) state << 8 | number).nextBytes(bytes);
      ByteBuffer.wrap(bytes).putInt(number).putInt(state);
      return bytes;
    }
  }

  private TestNode node(Way way) {
    var usual =
        TestNode.config(
            docroot,
            limits ->
                new StorageNodeConfig.Limits(
                    limits.usageInterval(),
                    limits.idleTimeout(),
                    limits.sideIdleTimeout(),
                    limits.uploads(),
                    limits.diskQueue(),
                    FILES / 2));
    return TestNode.with(
        new StorageNodeConfig(
            usual.http().withHotBytes(100_000).withFastPath(way == Way.FAST),
            usual.side(),
            docroot,
            usual.durability(),
            usual.usage(),
            usual.limits()));
  }

  @ParameterizedTest
  @EnumSource
  void readersSeeWholeStatesAndNoneThatWasReplacedBefore(Way way) throws IOException {
    java.nio.file.Files.createDirectories(docroot.resolve("dev1"));
    var files = IntStream.range(0, FILES).mapToObj(Changing::new).toList();
    try (var node = node(way);
        var tasks = Tasks.virtual()) {
      var writers =
          files.stream().map(file -> tasks.start("writer", () -> write(node, file))).toList();
      var readers =
          IntStream.range(0, READERS)
              .mapToObj(
                  seed ->
                      tasks.start(
                          "reader",
                          () -> {
                            var random = new Random(seed);
                            try (var http = node.connect()) {
                              while (changing.get() && wrong.isEmpty()) {
                                read(http, files.get(random.nextInt(FILES)), random.nextInt(4));
                              }
                            }
                          }))
              .toList();
      writers.forEach(ReadersOfWhatChangesTest::join);
      changing.set(false);
      readers.forEach(ReadersOfWhatChangesTest::join);

      try (var http = node.connect()) {
        for (var file : files) {
          for (int form = 0; form < 8; form++) {
            read(http, file, form % 4);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(files).allMatch(file -> file.acknowledged == CHANGES_OF_EACH);
    assertThat(reads.get()).isGreaterThan(100);
  }

  private static void join(Tasks.Task task) {
    try {
      assertThat(task.join(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(TestNode node, Changing file) {
    try (var http = node.connect()) {
      for (int state = 1; state <= CHANGES_OF_EACH; state++) {
        file.begun = state;
        int status =
            Changing.isAbsence(state)
                ? http.call("DELETE", file.path).status()
                : http.put(file.path, file.content(state)).status();
        if (status != (Changing.isAbsence(state) ? 204 : 200)) {
          wrong.add(file.path + ": a change was answered " + status);
        }
        file.acknowledged = state;
      }
    }
  }

  private void read(RawHttp http, Changing file, int form) {
    int from = file.acknowledged;
    var answer =
        switch (form) {
          case 0 -> http.call("GET", file.path, "X-Unusual: yes");
          case 1 -> http.call("GET", file.path, "Range: bytes=0-");
          default -> http.call("GET", file.path);
        };
    int to = file.begun;
    reads.incrementAndGet();
    if (answer.status() == 404) {
      if (IntStream.rangeClosed(from, to).noneMatch(Changing::isAbsence)) {
        wrong.add(file.path + " was not there in the states " + from + " to " + to);
      }
      return;
    }
    if (answer.status() != (form == 1 ? 206 : 200) || answer.body().length < 8) {
      wrong.add(file.path + " was answered " + answer.status());
      return;
    }
    var told = ByteBuffer.wrap(answer.body());
    if (told.getInt() != file.number) {
      wrong.add(file.path + " has the bytes of another file");
      return;
    }
    int state = told.getInt();
    if (state < from || state > to) {
      wrong.add(file.path + ": state " + state + " is none of " + from + " to " + to);
    } else if (!java.util.Arrays.equals(answer.body(), file.content(state))) {
      wrong.add(file.path + ": state " + state + " is torn");
    }
  }
}
