package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.TestNode;
import io.hayloft.node.Way;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Way.class)
class MethodsTest {

  private static final String FILE = "/dev1/0/000/000/0000000017.fid";

  private final Way way;
  @TempDir Path docroot;
  private TestNode node;

  MethodsTest(Way way) {
    this.way = way;
  }

  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot, way);
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, 65_535, 65_536, 65_537, 200_000, 3_000_000})
  void whatWasPutIsGot(int length) throws IOException {
    var body = bytes(length);

    var put = node.put(FILE, body);
    var get = node.get(FILE);
    var again = node.get(FILE);

    assertThat(put.status()).isEqualTo(200);
    assertThat(put.text()).startsWith("<h1>200 - OK</h1>");
    assertThat(node.file(FILE)).hasBinaryContent(body);
    assertThat(get.status()).isEqualTo(200);
    assertThat(get.body()).isEqualTo(body);
    assertThat(get.header("content-length")).isEqualTo(Integer.toString(length));
    assertThat(get.header("content-type")).isEqualTo("application/octet-stream");
    assertThat(get.header("accept-ranges")).isEqualTo("bytes");
    assertThat(again.body()).isEqualTo(body);
  }

  @Test
  void headTellsTheLengthWithoutTheBytes() {
    node.put(FILE, bytes(70_000));
    node.put("/dev1/a/empty", new byte[0]);

    var head = node.call("HEAD", FILE);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-length")).isEqualTo("70000");
    assertThat(node.call("HEAD", "/dev1/a/empty").header("content-length")).isEqualTo("0");
    assertThat(node.call("HEAD", "/dev1/a/none").status()).isEqualTo(404);
  }

  @Test
  void deletedFileIsGone() {
    node.put(FILE, bytes(10));
    node.get(FILE);

    assertThat(node.call("DELETE", FILE).status()).isEqualTo(204);
    assertThat(node.file(FILE)).doesNotExist();
    assertThat(node.get(FILE).status()).isEqualTo(404);
    assertThat(node.call("DELETE", FILE).status()).isEqualTo(404);
    assertThat(node.call("DELETE", "/dev1/0").status()).isEqualTo(400);
    assertThat(node.file("/dev1/0/000/000")).isEmptyDirectory();
  }

  @Test
  void overwritingIsSeenAtOnce() {
    for (int i = 0; i < 20; i++) {
      var body = bytes(100 + i);
      node.put(FILE, body);
      assertThat(node.get(FILE).body()).isEqualTo(body);
    }
  }

  @Test
  void missingDeviceIsNotMade() {
    var put = node.put("/dev77/9/999/999/x.fid", bytes(100));

    assertThat(put.status()).isEqualTo(404);
    assertThat(put.text()).startsWith("<h1>404 - Not Found</h1>").contains("dev77");
    assertThat(docroot.resolve("dev77")).doesNotExist();
  }

  @Test
  void directoriesAreMade() throws IOException {
    assertThat(node.put("/dev1/9/999/999/x.fid", bytes(5)).status()).isEqualTo(200);

    // As a process makes them that asks for nothing: 755 and 644 with the usual umask.
    assertThat(Files.getPosixFilePermissions(node.file("/dev1/9/999")))
        .isEqualTo(
            Files.getPosixFilePermissions(Files.createDirectory(docroot.resolve("directory"))));
    assertThat(Files.getPosixFilePermissions(node.file("/dev1/9/999/999/x.fid")))
        .isEqualTo(Files.getPosixFilePermissions(Files.createFile(docroot.resolve("file"))));
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /file, 400",
    "PUT, /, 400",
    "PUT, /dev1/../dev2/x, 400",
    "PUT, /dev1/a..b, 400",
    "PUT, /dev1/a%20b, 400",
    "PUT, /dev1//b, 400",
    "PUT, /dev1/./b, 400",
    "PUT, /dev1/b/, 400",
    "PUT, /dev1/a:b, 400",
    "PUT, /dev1/.hayloft-tmp/x, 404",
    "PUT, /index/x, 404",
    "PUT, /dev0/x, 404",
    "PUT, /dev01/x, 404",
    "DELETE, /dev1/../x, 400",
    "DELETE, /dev1, 400",
    "GET, /../etc/passwd, 403",
    "GET, /dev1/../../etc/passwd, 403",
    "GET, /dev1/%2e%2e/%2e%2e/etc/passwd, 403",
    "GET, /dev1/.hayloft-tmp/0/x, 404",
    "GET, /dev1/.hayloft-tmp, 404",
    "GET, /dev1/a%zz, 400",
    "GET, /dev1/a%00b, 400",
    "GET, /etc/passwd, 404",
    "GET, /, 200",
    "GET, //, 200",
    "GET, /dev1, 200",
    "GET, /dev1/, 200",
    "GET, /dev9/, 404",
    "GET, /-/nothing, 404",
    "PUT, /-/live, 400",
    "POST, /dev1/x, 400",
    "OPTIONS, /, 400",
    "PATCH, /dev1/x, 400",
    "BREW, /dev1/x, 400",
    "MKCOL, /dev77/a/, 404",
    "MKCOL, /dev1/a/b/, 409",
  })
  void pathsAndMethodsAreJudged(String method, String path, int status) {
    var answer = node.call(method, path, "Content-Length: 0");

    assertThat(answer.status()).describedAs(answer.text()).isEqualTo(status);
    assertThat(answer.text()).startsWith("<h1>" + status + " - ");
  }

  @Test
  void doubleSlashesAndQueriesAreToleratedWhenReading() {
    node.put(FILE, "hello".getBytes(US_ASCII));

    assertThat(node.get("/" + FILE).text()).isEqualTo("hello");
    assertThat(node.get(FILE + "?x=1&y=../..").text()).isEqualTo("hello");
    assertThat(node.get(FILE.replace("/0/", "//0/./")).text()).isEqualTo("hello");
    assertThat(node.get(FILE.replace("fid", "%66id")).text()).isEqualTo("hello");
    assertThat(node.get("http://any.host:99" + FILE).text()).isEqualTo("hello");
  }

  @Test
  void directoriesAreMadeOneByOne() {
    assertThat(node.call("MKCOL", "/dev1/7/", "Content-Length: 0").status()).isEqualTo(201);
    assertThat(node.call("MKCOL", "/dev1/7/", "Content-Length: 0").status()).isEqualTo(405);
    assertThat(node.call("MKCOL", "/dev1/7/123").status()).isEqualTo(201);
    assertThat(node.file("/dev1/7/123")).isEmptyDirectory();
    assertThat(node.get("/dev1/7").status()).isEqualTo(200);
  }

  @Test
  void fileIsMoved() {
    node.put(FILE, "hello".getBytes(US_ASCII));
    node.put("/dev1/9/old", "old".getBytes(US_ASCII));

    var toNew = node.call("MOVE", FILE, "Destination: http://node:7500/dev1/8/888/b.fid");
    assertThat(toNew.status()).isEqualTo(201);
    assertThat(node.get("/dev1/8/888/b.fid").text()).isEqualTo("hello");
    assertThat(node.get(FILE).status()).isEqualTo(404);

    var refused =
        node.call("MOVE", "/dev1/8/888/b.fid", "Destination: /dev1/9/old", "Overwrite: F");
    assertThat(refused.status()).isEqualTo(412);
    var over = node.call("MOVE", "/dev1/8/888/b.fid", "Destination: /dev1/9/old");
    assertThat(over.status()).isEqualTo(204);
    assertThat(node.get("/dev1/9/old").text()).isEqualTo("hello");

    assertThat(node.call("MOVE", "/dev1/9/old", "Destination: /dev2/x").status()).isEqualTo(501);
    assertThat(node.call("MOVE", "/dev1/9/old").status()).isEqualTo(400);
    assertThat(node.call("MOVE", "/dev1/none", "Destination: /dev1/x").status()).isEqualTo(404);
    assertThat(node.call("MOVE", "/dev1/9/old", "Destination: /dev1/../x").status()).isEqualTo(400);
    assertThat(node.get("/dev1/9/old").text()).isEqualTo("hello");
  }

  @Test
  void fileIsNotMovedOntoItself() {
    node.put(FILE, "hello".getBytes(US_ASCII));

    assertThat(node.call("MOVE", FILE, "Destination: " + FILE).status()).isEqualTo(403);
    assertThat(node.call("MOVE", FILE, "Destination: " + FILE, "Overwrite: F").status())
        .isEqualTo(403);
    assertThat(node.get(FILE).text()).isEqualTo("hello");
  }

  @Test
  void ofSeveralMovesToANameThatIsNotToBeReplacedOneSucceeds() throws Exception {
    int movers = 8;
    for (int i = 0; i < movers; i++) {
      node.put("/dev1/from/" + i, ("file " + i).getBytes(US_ASCII));
    }
    List<Integer> statuses;
    try (var tasks = Tasks.virtual()) {
      statuses =
          tasks.forEach(
              IntStream.range(0, movers).boxed().toList(),
              movers,
              i ->
                  node.call("MOVE", "/dev1/from/" + i, "Destination: /dev1/to/x/y", "Overwrite: f")
                      .status());
    }

    assertThat(statuses).containsOnly(201, 412).containsOnlyOnce(201);
    int winner = statuses.indexOf(201);
    assertThat(node.get("/dev1/to/x/y").text()).isEqualTo("file " + winner);
    for (int i = 0; i < movers; i++) {
      assertThat(node.get("/dev1/from/" + i).status()).isEqualTo(i == winner ? 404 : 200);
    }
  }

  @Test
  void escapesInWrittenPathsAreTakenLetterByLetter() {
    assertThat(node.call("PUT", "/dev1/f/a%2eb", "Content-Length: 0").status()).isEqualTo(400);
    assertThat(node.call("DELETE", "/dev1/f/a%2eb").status()).isEqualTo(400);
    assertThat(node.file("/dev1/f")).doesNotExist();
  }
}
