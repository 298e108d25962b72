package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.blob.Durability;
import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the node asks of the kernel, and in which order, as strace sees it. */
class SystemCallsTest {

  private static final String TRACED =
      "trace=sendfile,sync_file_range,fdatasync,fsync,rename,renameat,renameat2,linkat,unlink,unlinkat,pread64,write,writev,sendto,sendmsg";

  private static final int CLIENTS = 8;

  @TempDir Path docroot;
  @TempDir Path elsewhere;

  /** A node in a process of its own that writes its system calls to a file. */
  private final class Traced implements AutoCloseable {
    private final Path trace = elsewhere.resolve("trace");
    private final ForkedNode node;
    private final Address address;

    Traced() throws IOException {
      this(Map.of());
    }

    Traced(Durability durability) throws IOException {
      this(Map.of(NodeProcess.DURABILITY, durability.name()));
    }

    private Traced(Map<String, String> environment) throws IOException {
      node =
          new ForkedNode(
              docroot,
              elsewhere.resolve("errors"),
              List.of("strace", "-f", "-y", "-s", "256", "-e", TRACED, "-o", trace.toString()),
              environment);
      address = node.address();
    }

    List<String> calls() throws IOException {
      return Files.readAllLines(trace);
    }

    @Override
    public void close() throws IOException {
      node.close();
    }
  }

  private static void post(RawHttp http, String path, String line) {
    http.send(RawHttp.head("POST", path, "Content-Length: " + line.length()) + line);
    assertThat(http.read().status()).isBetween(200, 201);
  }

  private static boolean canTrace() {
    try {
      var process = new ProcessBuilder("strace", "-e", "trace=none", "true").start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The first call after that index which matches; fails when there is none. */
  private static int next(List<String> calls, int after, String regex) {
    var pattern = Pattern.compile(regex);
    var found =
        IntStream.range(after + 1, calls.size())
            .filter(i -> pattern.matcher(calls.get(i)).find())
            .findFirst();
    assertThat(found)
        .describedAs("%s after %s in\n%s", regex, after, String.join("\n", calls))
        .isPresent();
    return found.getAsInt();
  }

  @Test
  void putIsSyncedBeforeItIsAnsweredAndLargeGetsAreSentByTheKernel() throws IOException {
    assumeTrue(canTrace(), "needs strace");
    var body = new byte[1 << 20];
    new Random(1).nextBytes(body);
    try (var node = new Traced();
        var http = RawHttp.to(node.address)) {
      assertThat(http.put("/dev1/0/000/000/0000000017.fid", body).status()).isEqualTo(200);
      assertThat(http.put("/dev1/small", new byte[100]).status()).isEqualTo(200);
      assertThat(http.call("GET", "/dev1/0/000/000/0000000017.fid").body()).isEqualTo(body);
      http.call("GET", "/dev1/small");
      http.call("GET", "/dev1/small");
      await().untilAsserted(() -> assertThat(node.calls()).anyMatch(c -> c.contains("sendfile")));

      // strace writes "<unfinished ...>" lines for calls that overlap: the start of each is enough.
      var calls = node.calls();
      int bytes = next(calls, -1, "writev?\\(\\d+<[^>]*/\\.hayloft-tmp/");
      int data = next(calls, bytes, "fdatasync\\(\\d+<[^>]*/\\.hayloft-tmp/");
      int made = next(calls, data, "fsync\\(\\d+<[^>]*/dev1>");
      int renamed = next(calls, made, "rename.*0000000017\\.fid");
      int named = next(calls, renamed, "fsync\\(\\d+<[^>]*/dev1/0/000/000>");
      int answered = next(calls, -1, "HTTP/1\\.1 200 OK");
      assertThat(answered).isGreaterThan(named);

      assertThat(calls).anyMatch(call -> call.matches(".*sendfile\\(.*0000000017\\.fid.*"));
      assertThat(calls).noneMatch(call -> call.matches(".*sendfile\\(.*dev1/small.*"));
      assertThat(calls.stream().filter(call -> call.contains("writev(")).count()).isPositive();
    }
  }

  @Test
  void theHeadOfALargeFileWaitsInTheKernelForItsFirstBytes() throws IOException {
    assumeTrue(canTrace(), "needs strace");
    var large = new byte[1 << 20];
    var medium = new byte[128 << 10];
    new Random(1).nextBytes(large);
    try (var node =
            new Traced(
                Map.of("JDK_JAVA_OPTIONS", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"));
        var http = RawHttp.to(node.address)) {
      http.put("/dev1/large", large);
      http.put("/dev1/medium", medium);
      // The first of each is answered by Jetty, the second past it.
      for (int i = 0; i < 2; i++) {
        assertThat(http.call("GET", "/dev1/large").body()).isEqualTo(large);
        assertThat(http.call("GET", "/dev1/medium").body()).isEqualTo(medium);
      }

      await()
          .untilAsserted(
              () -> {
                assertThat(heads(node.calls(), large.length)).hasSize(2);
                assertThat(heads(node.calls(), medium.length)).hasSize(2);
              });
      assertThat(heads(node.calls(), large.length)).allMatch(call -> call.contains("MSG_MORE"));
      assertThat(heads(node.calls(), medium.length)).noneMatch(call -> call.contains("MSG_MORE"));
      int head = next(node.calls(), -1, "sendto\\(.*MSG_MORE");
      next(node.calls(), head, "sendfile\\(.*dev1/large");
    }
  }

  /** What was sent of answers to GETs before the first byte of a file of that length. */
  private static List<String> heads(List<String> calls, int length) {
    return calls.stream().filter(call -> call.contains("Content-Length: " + length)).toList();
  }

  @Test
  void whatNeedsNotBeDurableIsWrittenOnceNamedAndNotSynced() throws IOException {
    assumeTrue(canTrace(), "needs strace");
    var path = "/dev1/0/000/000/0000000019.fid";
    try (var node = new Traced(Durability.NONE);
        var http = RawHttp.to(node.address)) {
      http.put("/dev1/0/000/000/0000000017.fid", new byte[100]);
      assertThat(http.put(path, new byte[16 << 10]).status()).isEqualTo(200);
      assertThat(http.put(path, new byte[16 << 10]).status()).isEqualTo(200);
      await()
          .untilAsserted(
              () ->
                  assertThat(node.calls().stream().filter(call -> call.contains("HTTP/1.1 200 OK")))
                      .hasSize(3));

      var calls = node.calls();
      // The JDK would call rename, so this is the short way.
      int named = next(calls, -1, "(linkat|renameat)\\(.*0000000019\\.fid");
      int renamed = next(calls, named, "renameat\\(.*0000000019\\.fid");
      assertThat(next(calls, -1, "write\\(.*, 16384")).isLessThan(named);
      assertThat(next(calls, named, "write\\(.*, 16384")).isLessThan(renamed);
      assertThat(calls).noneMatch(call -> call.contains("sync(") && call.contains("/0/000/000"));
      assertThat(calls).noneMatch(call -> call.contains("sync(") && call.contains("-tmp"));
    }
  }

  @Test
  void ofUploadsThatGoTogetherAllAreOnTheirWayToTheDiskBeforeOneIsWaitedFor() throws IOException {
    assumeTrue(canTrace(), "needs strace");
    try (var node = new Traced();
        var tasks = Tasks.virtual()) {
      await()
          .untilAsserted(
              () -> {
                var all =
                    IntStream.range(0, CLIENTS)
                        .mapToObj(number -> tasks.start("client", () -> putOften(node, number)))
                        .toList();
                for (var task : all) {
                  assertThat(task.join(Duration.ofSeconds(30))).isTrue();
                }
                assertThat(node.calls()).anyMatch(call -> call.contains("sync_file_range("));
              });

      var calls = node.calls();
      int begun = next(calls, -1, "sync_file_range\\(\\d+<[^>]*/\\.hayloft-tmp/");
      int other = next(calls, begun, "sync_file_range\\(\\d+<[^>]*/\\.hayloft-tmp/");
      var file = Pattern.compile("<([^>]*/\\.hayloft-tmp/[^>]*)>").matcher(calls.get(begun));
      assertThat(file.find()).isTrue();
      int synced = next(calls, begun, "fdatasync\\(\\d+<" + Pattern.quote(file.group(1)));
      assertThat(synced).isGreaterThan(other);
    }
  }

  private static void putOften(Traced node, int number) {
    try (var http = RawHttp.to(node.address)) {
      for (int i = 0; i < 10; i++) {
        http.put("/dev1/0/000/000/%010d.fid".formatted(10 * number + i), new byte[1_000]);
      }
    }
  }

  @Test
  void severalDigestsAreComputedInOneReading() throws IOException {
    assumeTrue(canTrace(), "needs strace");
    var path = "/dev1/0/000/000/0000000017.fid";
    var line = path + " MD5,SHA-1,SHA-256,CRC32C\n";
    try (var node = new Traced();
        var http = RawHttp.to(node.address)) {
      http.put(path, new byte[3 << 20]);
      http.send(RawHttp.head("POST", "/-/digest", "Content-Length: " + line.length()) + line);
      assertThat(http.read().text()).contains("MD5:", "SHA-1:", "SHA-256:", "CRC32C:");

      await()
          .untilAsserted(
              () -> assertThat(node.calls()).anyMatch(call -> call.contains("SHA-256:")));
      assertThat(node.calls().stream().mapToLong(SystemCallsTest::readOfReplica).sum())
          .isEqualTo(3 << 20);
    }
  }

  /** How many bytes of the replica a call has read. */
  private static long readOfReplica(String call) {
    var read = Pattern.compile("pread64\\(\\d+<[^>]*0000000017\\.fid>.* = (\\d+)$").matcher(call);
    return read.find() ? Long.parseLong(read.group(1)) : 0;
  }

  @Test
  void whatIsCopiedOrDeletedOnRequestIsSyncedBeforeItIsSaid() throws IOException {
    assumeTrue(canTrace(), "needs strace");
    var from = "/dev1/0/000/000/0000000017.fid";
    var to = "/dev2/0/000/001/0000001018.fid";
    try (var node = new Traced();
        var http = RawHttp.to(node.address)) {
      http.put(from, new byte[100_000]);
      post(http, "/-/copy", to + " http://" + node.address + from + " 100000\n");
      post(http, "/-/delete", from + "\n");

      await().untilAsserted(() -> assertThat(node.calls()).anyMatch(c -> c.contains(" gone")));
      var calls = node.calls();
      int data = next(calls, -1, "fdatasync\\(\\d+<[^>]*/dev2/\\.hayloft-tmp/");
      int renamed = next(calls, data, "rename.*0000001018\\.fid");
      int named = next(calls, renamed, "fsync\\(\\d+<[^>]*/dev2/0/000/001>");
      assertThat(next(calls, -1, "0000001018\\.fid made ")).isGreaterThan(named);

      int unlinked = next(calls, named, "unlink.*0000000017\\.fid");
      int forgotten = next(calls, unlinked, "fsync\\(\\d+<[^>]*/dev1/0/000/000>");
      assertThat(next(calls, -1, "0000000017\\.fid gone")).isGreaterThan(forgotten);
    }
  }
}
