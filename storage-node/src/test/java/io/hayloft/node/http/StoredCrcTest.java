package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.TestNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checksum that is kept with each file: always that of the content, or none. */
class StoredCrcTest {

  private static final String FILE = "/dev1/0/000/000/0000000017.fid";
  private static final String WANT = "Want-Repr-Digest: crc32c=5";
  private static final String ATTRIBUTE = "hayloft.crc32c";

  @TempDir Path docroot;

  private static int crc(byte[] content) {
    var crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }

  private static String header(byte[] content) {
    var bytes = ByteBuffer.allocate(4).putInt(crc(content)).array();
    return "crc32c=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }

  /** What is kept with a file; empty for nothing. */
  private static String kept(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    if (!view.list().contains(ATTRIBUTE)) {
      return "";
    }
    var value = ByteBuffer.allocate(view.size(ATTRIBUTE));
    view.read(ATTRIBUTE, value);
    return new String(value.array(), US_ASCII);
  }

  private static byte[] someBytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void itIsKeptAndToldWithEachWholePut() throws IOException {
    try (var node = TestNode.on(docroot)) {
      for (int length : new int[] {0, 1, 16 << 10, 300_000}) {
        var content = someBytes(length);

        var put = node.put(FILE, content, WANT);

        assertThat(put.status()).isEqualTo(200);
        assertThat(put.header("repr-digest")).isEqualTo(header(content));
        assertThat(kept(node.file(FILE))).isEqualTo(String.format("%08x", crc(content)));
        assertThat(node.get(FILE, WANT).header("repr-digest")).isEqualTo(header(content));
        assertThat(node.call("HEAD", FILE, WANT).header("repr-digest")).isEqualTo(header(content));
        assertThat(node.get(FILE, "Range: bytes=0-0", WANT).header("repr-digest"))
            .isEqualTo(header(content));
      }
    }
  }

  @Test
  void itIsToldAlsoToThoseWhoDoNotAsk() throws IOException {
    try (var node = TestNode.on(docroot)) {
      var content = someBytes(10);
      assertThat(node.put(FILE, content).header("repr-digest")).isEqualTo(header(content));
      for (int time = 0; time < 3; time++) {
        assertThat(node.get(FILE).header("repr-digest")).isEqualTo(header(content));
      }
      assertThat(node.call("HEAD", FILE).header("repr-digest")).isEqualTo(header(content));
      assertThat(node.get(FILE, "If-None-Match: *").header("repr-digest")).isEqualTo("(none)");

      Files.write(node.file("/dev1/0/000/000/0000000018.fid"), content);

      assertThat(node.get("/dev1/0/000/000/0000000018.fid").header("repr-digest"))
          .isEqualTo("(none)");
    }
  }

  @Test
  void itIsThatOfTheStandard() throws IOException {
    try (var node = TestNode.on(docroot)) {
      node.put(FILE, "123456789".getBytes(US_ASCII));
      assertThat(kept(node.file(FILE))).isEqualTo("e3069283");
    }
  }

  @Test
  void aFileThatWasWrittenInPartsHasNone() throws IOException {
    try (var node = TestNode.on(docroot)) {
      node.put(FILE, someBytes(100));
      assertThat(node.put(FILE, someBytes(10), "Content-Range: bytes 100-109/*").status())
          .isEqualTo(200);
      assertThat(kept(node.file(FILE))).isEmpty();
      assertThat(node.get(FILE, WANT).header("repr-digest")).isEqualTo("(none)");

      node.put(FILE, someBytes(100));
      assertThat(node.put(FILE, someBytes(10), "Content-Range: bytes 50-59/*").status())
          .isEqualTo(200);
      assertThat(kept(node.file(FILE))).isEmpty();
    }
  }

  @Test
  void aMoveTakesItAlong() throws IOException {
    var content = someBytes(1_000);
    try (var node = TestNode.on(docroot)) {
      node.put(FILE, content, WANT);
      for (var overwrite : new String[] {"T", "F"}) {
        node.call("MOVE", FILE, "Destination: /dev1/moved" + overwrite, "Overwrite: " + overwrite);
        assertThat(node.get("/dev1/moved" + overwrite, WANT).header("repr-digest"))
            .isEqualTo(header(content));
        node.call("MOVE", "/dev1/moved" + overwrite, "Destination: " + FILE);
      }
    }
  }

  @Test
  void filesOfOthersHaveNoneAndNonsenseCountsAsNone() throws IOException {
    try (var node = TestNode.on(docroot)) {
      Files.writeString(docroot.resolve("dev1/foreign"), "content");
      assertThat(node.get("/dev1/foreign", WANT).header("repr-digest")).isEqualTo("(none)");

      var odd = Files.writeString(docroot.resolve("dev1/odd"), "content");
      Files.getFileAttributeView(odd, UserDefinedFileAttributeView.class)
          .write(ATTRIBUTE, ByteBuffer.wrap("not hex!".getBytes(US_ASCII)));
      assertThat(node.get("/dev1/odd").status()).isEqualTo(200);
      assertThat(node.get("/dev1/odd", WANT).header("repr-digest")).isEqualTo("(none)");
    }
  }

  /** ramfs has no extended attributes. */
  @Test
  void onAFilesystemWithoutAttributesItIsNotedBesideTheFile() throws Exception {
    var disk = Files.createDirectories(docroot.resolve("dev1"));
    assumeTrue(run("mount", "-t", "ramfs", "ramfs", disk.toString()), "needs the right to mount");
    try (var node = TestNode.on(docroot)) {
      var note = node.file("/dev1/0/000/000/.hayloft-crc.0000000017.fid");
      for (int length : new int[] {0, 1, 300_000, 10}) {
        var content = someBytes(length);
        assertThat(node.put(FILE, content).header("repr-digest")).isEqualTo(header(content));
        assertThat(note).exists();
        for (int time = 0; time < 3; time++) {
          assertThat(node.get(FILE).header("repr-digest")).isEqualTo(header(content));
        }
        assertThat(node.call("HEAD", FILE, WANT).header("repr-digest")).isEqualTo(header(content));
      }
      assertThat(node.get("/-/manifest/dev1").text())
          .contains("17 10 ")
          .contains(String.format(" %08x\n", crc(someBytes(10))));
      assertThat(node.get("/-/manifest/dev1?digest=CRC32C").text())
          .contains(String.format(" %08x CRC32C:%08x\n", crc(someBytes(10)), crc(someBytes(10))));
      assertThat(node.get("/dev1/0/000/000/.hayloft-crc.0000000017.fid").status()).isEqualTo(404);

      // A note fits one file only, and a torn one none.
      assertThat(listed(node)).isEqualTo(String.format("%08x", crc(someBytes(10))));
      var kept = Files.readAllBytes(note);
      Files.write(note, java.util.Arrays.copyOf(kept, kept.length - 3));
      assertThat(listed(node)).isEqualTo("-");
      Files.write(note, kept);
      assertThat(listed(node)).isNotEqualTo("-");
      var changed = Files.getLastModifiedTime(node.file(FILE));
      Files.setLastModifiedTime(node.file(FILE), FileTime.from(changed.toInstant().plusNanos(1)));
      assertThat(listed(node)).isEqualTo("-");
      Files.write(node.file(FILE), someBytes(11));
      Files.setLastModifiedTime(node.file(FILE), changed);
      assertThat(listed(node)).isEqualTo("-");
      Files.write(node.file(FILE), someBytes(10));
      Files.setLastModifiedTime(node.file(FILE), changed);
      assertThat(listed(node)).isNotEqualTo("-");
      var other = Files.write(disk.resolve("other"), someBytes(10));
      Files.setLastModifiedTime(other, Files.getLastModifiedTime(node.file(FILE)));
      Files.move(other, node.file(FILE), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      assertThat(listed(node)).isEqualTo("-");

      node.put(FILE, someBytes(5));
      assertThat(node.put(FILE, someBytes(5), "Content-Range: bytes 5-9/*").status())
          .isEqualTo(200);
      assertThat(node.get(FILE, WANT).header("repr-digest")).isEqualTo("(none)");
      node.put(FILE, someBytes(5));
      assertThat(node.call("DELETE", FILE).status()).isEqualTo(204);
      assertThat(note).doesNotExist();
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  /** The checksum of the only file, as the disk has it now. */
  private static String listed(TestNode node) {
    var line = node.get("/-/manifest/dev1").text().lines().filter(l -> l.startsWith("17 "));
    return line.findFirst().orElseThrow().split(" ")[3];
  }

  private static boolean run(String... command) throws Exception {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }
}
