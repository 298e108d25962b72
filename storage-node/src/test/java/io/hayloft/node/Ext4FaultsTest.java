package io.hayloft.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real filesystem, ext4 with a journal, that is full, read-only or shut down as after an error:
 * PUT, copy, delete and quarantine are never acknowledged, tell why, and leave nothing behind.
 */
class Ext4FaultsTest {

  private static final String BLOCK = "/dev1/0/000/000/";
  private static final String OLD = BLOCK + "0000000001.fid";
  private static final String NEW = BLOCK + "0000000002.fid";
  private static final String ELSEWHERE = "/dev2/0/000/000/0000000001.fid";
  private static final int LARGE = 3 << 20;

  /** EXT4_IOC_SHUTDOWN, without a last flush of the journal. */
  private static final String SHUT_DOWN =
      "import fcntl, os, struct, sys; "
          + "fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

  @TempDir Path docroot;
  @TempDir Path elsewhere;
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void nameDisk() throws IOException {
    disk = Files.createDirectories(docroot.resolve("dev1"));
  }

  @AfterEach
  void unmount() {
    if (mounted) {
      run("umount", "-l", disk.toString());
    }
  }

  private static boolean run(String... command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * @param inodes how many files and directories it can hold, some of which are taken
   */
  private void mount(int inodes) throws IOException {
    var image = elsewhere.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(8 << 20);
    }
    assumeTrue(
        run("mkfs.ext4", "-q", "-F", "-m", "0", "-N", String.valueOf(inodes), image.toString())
            && run("mount", "-o", "loop", image.toString(), disk.toString()),
        "needs mkfs.ext4 and the right to mount");
    mounted = true;
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(disk)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().matches("usage|\\.hayloft-.*"))
          .toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static RawHttp.Answer post(RawHttp http, String path, String line) {
    http.send(RawHttp.head("POST", path, "Content-Length: " + line.length()) + line);
    return http.read();
  }

  private static RawHttp.Answer copy(TestNode node, RawHttp http, int length) {
    return post(
        http,
        "/-/copy",
        NEW + " http://" + node.node().httpAddress() + ELSEWHERE + " " + length + "\n");
  }

  @Test
  void fullDiskIs507AndNothingOfItIsLeft() throws IOException {
    mount(256);
    try (var node = TestNode.on(docroot);
        var http = node.connect()) {
      assertThat(http.put(OLD, bytes("old")).status()).isEqualTo(200);
      assertThat(http.put(ELSEWHERE, new byte[LARGE]).status()).isEqualTo(200);
      int fid = 100;
      while (http.put(BLOCK + String.format("%010d.fid", fid), new byte[500_000]).status() == 200) {
        fid++;
      }
      var before = files();

      for (var path : List.of(NEW, OLD)) {
        try (var another = node.connect()) {
          var put = another.put(path, new byte[LARGE]);
          assertThat(put.status()).isEqualTo(507);
          assertThat(put.text()).contains("No space left on device");
        }
      }
      var copied = copy(node, http, LARGE);
      assertThat(copied.status()).isEqualTo(507);
      assertThat(copied.text()).contains(" destination No space left on device");

      assertThat(http.call("GET", OLD).text()).isEqualTo("old");
      assertThat(http.call("GET", NEW).status()).isEqualTo(404);
      org.awaitility.Awaitility.await()
          .untilAsserted(() -> assertThat(files()).containsExactlyInAnyOrderElementsOf(before));
      assertThat(http.call("GET", "/-/node").text()).doesNotContain("distrusted");
      assertThat(post(http, "/-/delete", BLOCK + "0000000100.fid\n").text()).contains(" gone");
      assertThat(http.put(NEW, new byte[100_000]).status()).isEqualTo(200);
    }
  }

  /** Of sizes of which some still fit when others do not. */
  private static int length(int number) {
    return number % 3 == 0 ? 300 : 9_000 + 50 * number;
  }

  @Test
  void ofUploadsThatGoTogetherOnlyThoseAreRefusedThatTheDiskHasNoRoomFor() throws IOException {
    mount(1_000);
    try (var node = TestNode.on(docroot);
        var http = node.connect();
        var lines = new KeptLines(10, node::connect, OLD)) {
      int fid = 100;
      while (http.put(BLOCK + String.format("%010d.fid", fid), new byte[500_000]).status() == 200) {
        fid++;
      }
      var stored = new ArrayList<Integer>();
      var refused = new ArrayList<Integer>();
      var mixed = false;
      for (int number = 1_000; !mixed || refused.size() < 20; number += lines.count()) {
        int refusedBefore = refused.size();
        assertThat(number).isLessThan(2_000);
        for (int i = 0; i < lines.count(); i++) {
          lines.send(i, together(number + i), new byte[length(number + i)]);
        }
        for (int i = 0; i < lines.count(); i++) {
          var answer = lines.read(i);
          assertThat(answer.status()).isIn(200, 507);
          if (answer.status() == 507) {
            assertThat(answer.text()).contains("No space left on device");
          }
          (answer.status() == 200 ? stored : refused).add(number + i);
        }
        int refusedNow = refused.size() - refusedBefore;
        mixed |= refusedNow > 0 && refusedNow < lines.count();
        if (refusedNow == lines.count() && !mixed) {
          // By chance the last one that fitted was the last of its company: make room for some.
          fid--;
          assertThat(http.call("DELETE", together(fid)).status()).isEqualTo(204);
        }
      }

      assertThat(stored)
          .allSatisfy(
              number -> assertThat(Files.size(file(together(number)))).isEqualTo(length(number)));
      assertThat(refused).allSatisfy(number -> assertThat(file(together(number))).doesNotExist());
      assertThat(unfinished()).isEmpty();
      assertThat(http.call("GET", "/-/node").text()).doesNotContain("distrusted");
    }
  }

  private static String together(int number) {
    return BLOCK + String.format("%010d.fid", number);
  }

  private Path file(String path) {
    return docroot.resolve(path.substring(1));
  }

  private List<Path> unfinished() throws IOException {
    try (var all = Files.walk(disk.resolve(".hayloft-tmp"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void diskWithoutInodesIs507() throws IOException {
    mount(48);
    try (var node = TestNode.on(docroot);
        var http = node.connect()) {
      int fid = 100;
      var put = http.put(OLD, bytes("old"));
      while (put.status() == 200 && fid < 200) {
        put = http.put(BLOCK + String.format("%010d.fid", fid++), bytes("x"));
      }
      assertThat(put.status()).isEqualTo(507);
      assertThat(put.text()).contains("No space left on device");
      assertThat(http.call("GET", OLD).text()).isEqualTo("old");
      assertThat(http.call("DELETE", BLOCK + "0000000100.fid").status()).isEqualTo(204);
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(200);
    }
  }

  @Test
  void readOnlyDiskIs500AndUnchanged() throws IOException {
    mount(256);
    try (var node = TestNode.on(docroot);
        var http = node.connect();
        var lines = new KeptLines(8, node::connect, OLD)) {
      http.put(OLD, bytes("old"));
      http.put(ELSEWHERE, bytes("other"));
      var before = files();
      assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();

      assertNothingIsAcknowledged(node, http, "Read-only file system");
      assertNoneTogether(lines, "Read-only file system");
      assertThat(files()).containsExactlyInAnyOrderElementsOf(before);
      assertThat(http.call("GET", OLD).text()).isEqualTo("old");

      // Nothing was lost, so nothing has to be checked.
      assertThat(run("mount", "-o", "remount,rw", disk.toString())).isTrue();
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(200);
      assertThat(http.call("DELETE", OLD).status()).isEqualTo(204);
    }
  }

  @Test
  void diskThatIsShutDownIs500AndHarmsNoOther() throws IOException {
    mount(256);
    try (var node = TestNode.on(docroot);
        var http = node.connect();
        var lines = new KeptLines(8, node::connect, OLD)) {
      http.put(OLD, bytes("old"));
      http.put(ELSEWHERE, bytes("other"));
      assumeTrue(run("python3", "-c", SHUT_DOWN, disk.toString()), "needs python3");

      assertNothingIsAcknowledged(node, http, "Input/output error");
      assertNoneTogether(lines, "Input/output error");
      var get = http.call("GET", OLD);
      assertThat(get.status()).isIn(200, 500);
      assertThat(get.status() == 500 || get.text().equals("old")).isTrue();
      assertThat(http.call("GET", NEW).status()).isNotEqualTo(200);
      assertThat(http.put(ELSEWHERE, bytes("again")).status()).isEqualTo(200);
      assertThat(post(http, "/-/check", "dev1\n").text()).contains("dev1 failed ");
    }
    assertThat(run("umount", disk.toString())).isTrue();
    assertThat(run("mount", "-o", "loop", elsewhere.resolve("image").toString(), disk.toString()))
        .isTrue();
    try (var node = TestNode.on(docroot)) {
      assertThat(node.get(OLD).text()).isEqualTo("old");
      assertThat(node.get(NEW).status()).isEqualTo(404);
      org.awaitility.Awaitility.await()
          .untilAsserted(() -> assertThat(node.put(NEW, bytes("new")).status()).isEqualTo(200));
    }
  }

  private static void assertNoneTogether(KeptLines lines, String why) {
    for (int i = 0; i < lines.count(); i++) {
      lines.send(i, together(500 + i), bytes("new"));
    }
    assertThat(lines.readAll())
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).isEqualTo(500);
              assertThat(answer.text()).contains(why);
            });
  }

  private static void assertNothingIsAcknowledged(TestNode node, RawHttp http, String why) {
    for (var path : List.of(NEW, OLD)) {
      var put = http.put(path, bytes("new"));
      assertThat(put.status()).isEqualTo(500);
      assertThat(put.text()).startsWith("<h1>500 - ").contains(why);
    }
    assertThat(http.put(OLD, bytes("x"), "Content-Range: bytes 0-0/*").status()).isEqualTo(500);
    var copied = copy(node, http, 5);
    assertThat(copied.status()).isEqualTo(500);
    assertThat(copied.text()).contains(NEW + " destination ");
    assertThat(http.call("DELETE", OLD).status()).isEqualTo(500);
    assertThat(post(http, "/-/delete", OLD + "\n").text()).contains(OLD + " failed ");
    assertThat(post(http, "/-/quarantine", OLD + " orphan\n").text()).contains(OLD + " failed ");
    assertThat(http.call("MKCOL", "/dev1/made").status()).isEqualTo(500);
    assertThat(http.call("MOVE", OLD, "Destination: /dev1/moved").status()).isEqualTo(500);
  }
}
