package io.hayloft.node.quarantine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are out of the way: nobody gets them by their names, and nothing of them is lost. */
class QuarantineTest {

  private static final String FILE = "/dev1/0/000/000/0000000017.fid";
  private static final String OTHER = "/dev1/0/000/000/0000000018.fid";

  @TempDir Path docroot;

  private static RawHttp.Answer post(TestNode node, String path, String lines) {
    try (var http = node.connect()) {
      var body = lines.getBytes(US_ASCII);
      http.send(RawHttp.head("POST", path, "Content-Length: " + body.length));
      http.send(body);
      return http.read();
    }
  }

  private static void put(TestNode node, String path, String content) {
    assertThat(node.put(path, content.getBytes(US_ASCII)).status()).isEqualTo(200);
  }

  @Test
  void fileIsOutOfTheWayAndComesBackAsItWas() throws IOException {
    try (var node = TestNode.on(docroot)) {
      put(node, FILE, "123456789");
      assertThat(node.get(FILE).status()).isEqualTo(200);
      var modified = Files.getLastModifiedTime(node.file(FILE));

      assertThat(post(node, "/-/quarantine", FILE + " orphan\n" + OTHER + " orphan\n").text())
          .isEqualTo(FILE + " quarantined\n" + OTHER + " missing\n");

      assertThat(node.get(FILE).status()).isEqualTo(404);
      assertThat(node.call("HEAD", FILE).status()).isEqualTo(404);
      assertThat(node.get("/-/manifest/dev1").text()).isEqualTo("end 0\n");
      assertThat(node.get("/-/quarantine/dev1").text()).matches("17 9 \\d{10} orphan\n");
      assertThat(node.get("/-/quarantine/dev2").text()).isEmpty();

      assertThat(post(node, "/-/restore", FILE + "\n" + OTHER).text())
          .isEqualTo(FILE + " restored\n" + OTHER + " missing\n");

      assertThat(node.get(FILE).text()).isEqualTo("123456789");
      assertThat(node.get(FILE, "Want-Repr-Digest: crc32c=1").header("repr-digest"))
          .isEqualTo("crc32c=:4waSgw==:");
      assertThat(Files.getLastModifiedTime(node.file(FILE))).isEqualTo(modified);
      assertThat(node.get("/-/quarantine/dev1").text()).isEmpty();
    }
  }

  @Test
  void nothingReplacesAFileThatIsThereByNow() {
    try (var node = TestNode.on(docroot)) {
      put(node, FILE, "first");
      post(node, "/-/quarantine", FILE + " corrupt");
      put(node, FILE, "second");
      post(node, "/-/quarantine", FILE + " corrupt");
      put(node, FILE, "third");

      assertThat(post(node, "/-/restore", FILE).text()).isEqualTo(FILE + " exists\n");
      assertThat(node.get(FILE).text()).isEqualTo("third");
      assertThat(node.get("/-/quarantine/dev1").text().lines()).hasSize(2);
    }
  }

  @Test
  void whatIsInQuarantineIsNeitherReadNorWrittenNorMoved() throws IOException {
    try (var node = TestNode.on(docroot)) {
      put(node, FILE, "hello");
      post(node, "/-/quarantine", FILE + " orphan");
      var kept = docroot.resolve("dev1/quarantine").toFile().list();
      assertThat(kept).hasSize(1);
      var path = "/dev1/quarantine/" + kept[0];

      for (var method : new String[] {"GET", "HEAD", "DELETE", "MKCOL"}) {
        assertThat(node.call(method, path).status()).describedAs(method).isEqualTo(404);
      }
      assertThat(node.get("/dev1//quarantine/" + kept[0]).status()).isEqualTo(404);
      assertThat(node.get("/dev1/%71uarantine/" + kept[0]).status()).isEqualTo(404);
      assertThat(node.put(path, new byte[1]).status()).isEqualTo(404);
      assertThat(node.put("/dev1/quarantine", new byte[1]).status()).isEqualTo(404);
      assertThat(node.call("MOVE", path, "Destination: /dev1/b").status()).isEqualTo(404);
      assertThat(node.call("MOVE", "/dev1/usage", "Destination: " + path).status()).isEqualTo(404);
      assertThat(docroot.resolve("dev1/quarantine").resolve(kept[0])).hasContent("hello");
      // Only that name, and only there.
      assertThat(node.put("/dev1/quarantined/x", new byte[1]).status()).isEqualTo(200);
      assertThat(node.put("/dev1/a/quarantine", new byte[1]).status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsOldIsDeletedAndNothingElse() throws IOException {
    var directory = Files.createDirectories(docroot.resolve("dev1/quarantine"));
    var old = Files.createFile(directory.resolve("0000000017.1600000000.orphan.1a"));
    // More than are deleted in one go.
    for (int i = 0; i < 450; i++) {
      Files.createFile(directory.resolve("0000000016.1600000000.orphan." + Integer.toHexString(i)));
    }
    long since = Instant.now().minus(Duration.ofDays(14)).getEpochSecond() + 3_600;
    var young = Files.createFile(directory.resolve("0000000018." + since + ".orphan.1b"));
    var foreign = Files.createFile(directory.resolve("notes"));
    try (var node = TestNode.scrubbing(docroot, 0, Duration.ofDays(14))) {
      await().untilAsserted(() -> assertThat(old).doesNotExist());
      assertThat(young).exists();
      assertThat(foreign).exists();
      // The rest at once, and not when it is looked again in an hour.
      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/quarantine/dev1").text())
                      .isEqualTo("18 0 " + since + " orphan\n"));
    }
  }

  @Test
  void whatCameLastComesBack() throws IOException {
    var directory = Files.createDirectories(docroot.resolve("dev1/quarantine"));
    Files.writeString(directory.resolve("0000000017.1700000001.corrupt.1a"), "before");
    Files.writeString(directory.resolve("0000000017.1700000003.orphan.1c"), "last");
    Files.writeString(directory.resolve("0000000017.1700000002.corrupt.1b"), "between");
    try (var node = TestNode.on(docroot)) {
      assertThat(post(node, "/-/restore", FILE).text()).isEqualTo(FILE + " restored\n");
      assertThat(node.get(FILE).text()).isEqualTo("last");
      assertThat(node.get("/-/quarantine/dev1").text().lines()).hasSize(2);
    }
  }

  @Test
  void whatMakesNoSenseIsRefusedAsAWhole() {
    try (var node = TestNode.on(docroot)) {
      put(node, FILE, "hello");
      for (var line :
          new String[] {
            FILE,
            FILE + " two words",
            FILE + " ../x",
            "/dev1/usage orphan",
            "/dev1/0/000/001/0000000017.fid orphan",
            "/dev1/../dev2/0/000/000/0000000017.fid orphan"
          }) {
        assertThat(post(node, "/-/quarantine", FILE + " orphan\n" + line).status())
            .describedAs(line)
            .isEqualTo(400);
      }
      assertThat(post(node, "/-/restore", "/dev1/usage").status()).isEqualTo(400);
      assertThat(node.get("/-/quarantine/nowhere").status()).isEqualTo(400);
      assertThat(node.get(FILE).text()).isEqualTo("hello");
    }
  }
}
