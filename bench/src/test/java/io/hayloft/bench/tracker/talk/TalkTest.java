package io.hayloft.bench.tracker.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.bench.loop.ClosedLoop;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.loop.ScriptedServer;
import io.hayloft.protocol.Arguments;
import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is asked for, and that no wrong answer passes. */
class TalkTest {

  private static final int FILES = 50;
  private static final int CLIENTS = 3;
  private static final LookUp.Draw DRAW = new LookUp.Draw(CLIENTS, 7);
  private static final Duration SHORT = Duration.ofMillis(60);

  /** The number of each file is a thousand above that of its key. */
  private final Pool pool =
      new Pool("d", 1, IntStream.rangeClosed(1001, 1000 + FILES).asLongStream().toArray(), 5);

  private static Outcome run(UnaryOperator<String> answers, Dialogue dialogue) throws Exception {
    try (var server = new ScriptedServer(answers);
        var loop = ClosedLoop.open(server.address(), CLIENTS, Time.system())) {
      return loop.run(dialogue, SHORT);
    }
  }

  private static void mustFail(UnaryOperator<String> answers, Dialogue dialogue) {
    assertThatThrownBy(() -> run(answers, dialogue)).hasMessageContaining("a wrong answer");
  }

  private static Arguments fields(String request) {
    return Arguments.parse(request.substring(request.indexOf(' ') + 1));
  }

  private static long fid(String request) {
    return 1000 + Long.parseLong(fields(request).text("key").substring("laid-".length()));
  }

  @Test
  void noopIsAnsweredByNothingMore() throws Exception {
    assertThat(run(_ -> "OK \r\n", Fixed.noop()).operations()).isPositive();
    mustFail(_ -> "OK a=1\r\n", Fixed.noop());
    mustFail(_ -> "ERR busy\r\n", Fixed.noop());
    assertThat(run(_ -> "VERSION 1.6\r\n", Fixed.version()).operations()).isPositive();
  }

  private static String paths(String request, int count, long more) {
    var name = "%010d.fid".formatted(fid(request) + more);
    return "OK paths=%d".formatted(count)
        + IntStream.rangeClosed(1, count)
            .mapToObj(i -> "&path%d=http://h/dev%d/0/000/001/%s".formatted(i, i, name))
            .collect(Collectors.joining())
        + "\r\n";
  }

  @Test
  void bothPathsMustBeThoseOfTheFile() throws Exception {
    assertThat(run(line -> paths(line, 2, 0), LookUp.paths(pool, false, DRAW)).operations())
        .isPositive();
    mustFail(line -> paths(line, 1, 0), LookUp.paths(pool, false, DRAW));
    mustFail(line -> paths(line, 2, 1), LookUp.paths(pool, true, DRAW));
    mustFail(_ -> "ERR unknown_key unknown_key\r\n", LookUp.paths(pool, false, DRAW));
  }

  @Test
  void onePathIsEnoughWhereTheyAreVerified() throws Exception {
    assertThat(run(line -> paths(line, 1, 0), LookUp.paths(pool, true, DRAW)).operations())
        .isPositive();
    mustFail(line -> paths(line, 0, 0), LookUp.paths(pool, true, DRAW));
    mustFail(line -> paths(line, 3, 0), LookUp.paths(pool, true, DRAW));
    mustFail(line -> paths(line, 1, 1), LookUp.paths(pool, true, DRAW));
  }

  @Test
  void everyFileIsAskedForOnce() throws Exception {
    var keys = Collections.synchronizedList(new ArrayList<String>());
    run(
        line -> {
          keys.add(fields(line).text("key"));
          return paths(line, 2, 0);
        },
        LookUp.all(pool, CLIENTS));

    assertThat(keys)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, FILES).mapToObj(pool::key).toList());
  }

  @Test
  void informationMustBeThatOfTheFile() throws Exception {
    UnaryOperator<String> right = line -> "OK length=5&fid=%d\r\n".formatted(fid(line));
    assertThat(run(right, LookUp.info(pool, DRAW)).operations()).isPositive();
    mustFail(line -> right.apply(line).replace("length=5", "length=6"), LookUp.info(pool, DRAW));
    mustFail(line -> "OK length=5&fid=%d\r\n".formatted(fid(line) + 1), LookUp.info(pool, DRAW));
  }

  private static String page(String request, int from) {
    int after = Integer.parseInt(fields(request).text("after").substring("laid-".length()));
    var keys =
        IntStream.rangeClosed(1, 10)
            .mapToObj(i -> "&key_%d=laid-%010d".formatted(i, after + from + i))
            .collect(Collectors.joining());
    return "OK key_count=10%s&next_after=laid-%010d\r\n".formatted(keys, after + from + 10);
  }

  @Test
  void pagesMustHaveTheKeysThatFollow() throws Exception {
    assertThat(run(line -> page(line, 0), new Listing(pool, 10, DRAW)).operations()).isPositive();
    mustFail(line -> page(line, 1), new Listing(pool, 10, DRAW));
    mustFail(_ -> "ERR none_match none_match\r\n", new Listing(pool, 10, DRAW));
    var first = new AtomicLong();
    mustFail(
        line -> first.getAndIncrement() == 5 ? page(line, 0).replace("&key_7=", "") : page(line, 0),
        new Listing(pool, 10, DRAW));
  }

  @Test
  void renamedFilesGetTheirNamesBack() throws Exception {
    var names =
        Collections.synchronizedSet(
            new HashSet<>(IntStream.range(0, FILES).mapToObj(pool::key).toList()));
    var before = List.copyOf(names);
    UnaryOperator<String> rename =
        line ->
            names.remove(fields(line).text("from_key")) && names.add(fields(line).text("to_key"))
                ? "OK \r\n"
                : "ERR unknown_key unknown_key\r\n";
    try (var server = new ScriptedServer(rename);
        var loop = ClosedLoop.open(server.address(), CLIENTS, Time.system())) {
      var renaming = new Renaming(pool, CLIENTS);
      assertThat(loop.run(renaming, SHORT).operations()).isPositive();
      loop.run(renaming.back(), Duration.ofMinutes(1));
    }

    assertThat(names).containsExactlyInAnyOrderElementsOf(before);
    mustFail(_ -> "ERR key_exists key_exists\r\n", new Renaming(pool, CLIENTS));
  }

  @Test
  void everyFileIsDeletedOnce() throws Exception {
    var deleted = Collections.synchronizedList(new ArrayList<String>());
    var outcome =
        run(
            line -> {
              deleted.add(fields(line).text("key"));
              return "OK \r\n";
            },
            new Deleting(pool));

    assertThat(outcome.operations()).isEqualTo(FILES);
    assertThat(deleted).doesNotHaveDuplicates().hasSize(FILES);
    mustFail(_ -> "ERR unknown_key unknown_key\r\n", new Deleting(pool));
  }

  @Test
  void numberOfAFileIsGivenOutOnce() throws Exception {
    var target = new Target("d", "c", new AtomicLong(1));
    var next = new AtomicLong(70);
    UnaryOperator<String> right =
        _ -> "OK fid=%d&devid=1&path=http%%3A%%2F%%2Fx\r\n".formatted(next.incrementAndGet());
    assertThat(run(right, new Opening(target)).operations()).isPositive();
    mustFail(_ -> "OK fid=7&devid=1&path=http\r\n", new Opening(target));
    mustFail(_ -> "OK fid=7&devid=1&path=\r\n", new Opening(target));
    mustFail(_ -> "ERR no_devices no_devices\r\n", new Opening(target));
  }

  @Test
  void uploadIsPutWhereTheTrackerSaysAndClosedWithIt() throws Exception {
    UnaryOperator<String> stores = _ -> "HTTP/1.1 201 Created\r\ncontent-LENGTH: 3\r\n\r\nabc";
    var stored = new ArrayList<Long>();
    var fids = new AtomicLong(900);
    try (var node = new ScriptedServer(stores)) {
      var url =
          "http%%3a%%2F%%2F127.0.0.1%%3A%d%%2Fdev3%%2Ff.fid".formatted(node.address().getPort());
      var tracker = new ArrayList<String>();
      UnaryOperator<String> answers =
          line -> {
            tracker.add(line);
            return line.startsWith("create_open")
                ? "OK devid=3&fid=%d&path=%s\r\n".formatted(fids.incrementAndGet(), url)
                : "OK \r\n";
          };
      var numbers = new AtomicLong(4);
      var uploading =
          new Uploading(
              new Target("d", "c", numbers),
              "new-",
              () -> numbers.get() < 6 ? numbers.getAndIncrement() : -1,
              ByteBuffer.wrap(new byte[20_000]),
              CLIENTS,
              (_, fid, device) -> stored.add(fid * 10 + device));
      try (var server = new ScriptedServer(answers);
          var loop = ClosedLoop.open(server.address(), 1, Time.system())) {
        assertThat(loop.run(uploading, Duration.ofMinutes(1)).operations()).isEqualTo(2);
      }

      assertThat(tracker)
          .startsWith(
              "create_open domain=d&class=c&key=new-0000000004",
              "create_close domain=d&class=c&key=new-0000000004&fid=901&devid=3&size=20000&path="
                  + url);
      assertThat(node.requests())
          .containsExactly("PUT /dev3/f.fid HTTP/1.1 20000", "PUT /dev3/f.fid HTTP/1.1 20000");
      assertThat(stored).containsExactly(9013L, 9023L);
    }
  }

  @Test
  void uploadThatTheNodeRefusesIsWrong() throws Exception {
    try (var node = new ScriptedServer(_ -> "HTTP/1.1 507 Full\r\nContent-Length: 0\r\n\r\n")) {
      mustFail(
          _ ->
              "OK devid=3&fid=1&path=http%%3A%%2F%%2F127.0.0.1%%3A%d%%2Ff\r\n"
                  .formatted(node.address().getPort()),
          new Uploading(
              new Target("d", "c", new AtomicLong()),
              "new-",
              () -> 1,
              ByteBuffer.allocate(10),
              CLIENTS,
              (_, _, _) -> {}));
    }
  }
}
