package io.hayloft.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk whose syncs fail, as a library between the node and the kernel has it: nothing that was
 * not synced is acknowledged, and after one failure nothing at all until the disk was checked.
 */
class FailingSyncTest {

  private static final String BLOCK = "/dev1/0/000/000/";
  private static final String OLD = BLOCK + "0000000001.fid";
  private static final String NEW = BLOCK + "0000000002.fid";
  private static final String ELSEWHERE = "/dev2/0/000/000/0000000001.fid";

  /** The length of a file that such a disk alone cannot sync. */
  private static final int ODD = 4_242;

  private static final int LINES = 12;

  /**
   * Fails syncs of what has the text of a file in its path, while that file is there; if a number
   * follows, only of files of that length. They wait while a file of that name and {@code .hold} is
   * there.
   */
  private static final String LIBRARY =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/stat.h>
      #include <sys/syscall.h>
      #include <unistd.h>

      static int fails(int fd) {
        char what[4096], link[64], path[4096], hold[4096];
        const char *order = getenv("FAILING_SYNCS");
        if (order != NULL) {
          snprintf(hold, sizeof hold, "%s.hold", order);
          while (access(hold, F_OK) == 0) usleep(1000);
        }
        int file = order == NULL ? -1 : open(order, O_RDONLY);
        if (file < 0) return 0;
        ssize_t length = read(file, what, sizeof what - 1);
        close(file);
        if (length <= 0) return 0;
        what[length] = 0;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, path, sizeof path - 1);
        if (length < 0) return 0;
        path[length] = 0;
        char *number = strchr(what, ' ');
        struct stat about;
        if (number != NULL) {
          *number = 0;
          if (fstat(fd, &about) != 0 || about.st_size != atol(number + 1)) return 0;
        }
        errno = EIO;
        return strstr(path, what) != NULL;
      }

      int fsync(int fd) { return fails(fd) ? -1 : syscall(SYS_fsync, fd); }
      int fdatasync(int fd) { return fails(fd) ? -1 : syscall(SYS_fdatasync, fd); }
      int syncfs(int fd) { return fails(fd) ? -1 : syscall(SYS_syncfs, fd); }
      """;

  @TempDir static Path made;
  @TempDir static Path docroot;
  private static ForkedNode node;

  /** The file that the library reads. */
  private static Path order;

  @BeforeAll
  static void makeLibraryAndStartNode() throws IOException, InterruptedException {
    order = made.resolve("order");
    var source = Files.writeString(made.resolve("failing.c"), LIBRARY);
    try {
      var compiler =
          new ProcessBuilder(
                  "gcc",
                  "-shared",
                  "-fPIC",
                  "-o",
                  made.resolve("failing.so").toString(),
                  source.toString())
              .inheritIO()
              .start();
      assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(compiler.exitValue()).isZero();
    } catch (IOException noCompiler) {
      assumeTrue(false, "needs gcc");
    }
    node = start();
  }

  @AfterAll
  static void stopNode() throws IOException {
    if (node != null) {
      node.close();
    }
  }

  /** Each begins with the same two files on disks that are trusted. */
  @BeforeEach
  void restore() throws IOException {
    try (var http = node.connect()) {
      passCheck(http);
      http.call("DELETE", NEW);
      for (int i = 0; i < LINES; i++) {
        http.call("DELETE", together(i));
      }
      assertThat(http.put(OLD, bytes("old")).status()).isEqualTo(200);
      assertThat(http.put(ELSEWHERE, bytes("other")).status()).isEqualTo(200);
    }
  }

  private static ForkedNode start() throws IOException {
    return new ForkedNode(
        docroot,
        made.resolve("errors"),
        List.of(),
        Map.of(
            "LD_PRELOAD",
            made.resolve("failing.so").toString(),
            "FAILING_SYNCS",
            order.toString()));
  }

  private static void failSyncsOf(String what) throws IOException {
    var next = Files.writeString(made.resolve("next"), what);
    Files.move(next, order, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static void holdSyncs() throws IOException {
    Files.writeString(hold(), "");
  }

  private static void goOn() throws IOException {
    Files.deleteIfExists(hold());
  }

  private static Path hold() {
    return made.resolve("order.hold");
  }

  private static void failNoMore() throws IOException {
    goOn();
    Files.deleteIfExists(order);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static RawHttp.Answer post(RawHttp http, String path, String line) {
    http.send(RawHttp.head("POST", path, "Content-Length: " + line.length()) + line);
    return http.read();
  }

  private static String copy(String to) {
    return to + " http://" + node.address() + ELSEWHERE + " 5\n";
  }

  private static List<Path> unfinished() throws IOException {
    try (var all = Files.walk(docroot)) {
      return all.filter(path -> path.toString().contains(".hayloft-tmp"))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  private static Path file(String path) {
    return docroot.resolve(path.substring(1));
  }

  private static void assertRefusesAllChanges(RawHttp http) {
    for (var put : List.of(http.put(NEW, bytes("new")), http.put(OLD, bytes("new")))) {
      assertThat(put.status()).isEqualTo(500);
      assertThat(put.text()).contains("dev1 takes no changes: a sync failed (Input/output error)");
    }
    assertThat(http.put(OLD, bytes("x"), "Content-Range: bytes 0-0/*").status()).isEqualTo(500);
    assertThat(http.put("/dev1/test-write/test-write-7", bytes("trial")).status()).isEqualTo(500);
    assertThat(http.call("DELETE", OLD).status()).isEqualTo(500);
    assertThat(http.call("MKCOL", "/dev1/made").status()).isEqualTo(500);
    assertThat(http.call("MOVE", OLD, "Destination: /dev1/moved").status()).isEqualTo(500);
    var copied = post(http, "/-/copy", copy(NEW));
    assertThat(copied.status()).isEqualTo(500);
    assertThat(copied.text()).contains("destination dev1 takes no changes");
    assertThat(post(http, "/-/delete", OLD + "\n").text()).contains(" failed dev1 takes no ");
    assertThat(post(http, "/-/quarantine", OLD + " orphan\n").text()).contains(" failed dev1 ");
  }

  @Test
  void oneFailedSyncOfBytesStopsAllChangesOfTheDiskUntilACheck() throws IOException {
    try (var http = node.connect()) {
      failSyncsOf("/dev1/.hayloft-tmp/");
      var failed = http.put(NEW, bytes("new"));
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.text()).contains("Input/output error");
      failNoMore();

      assertRefusesAllChanges(http);
      assertThat(file(NEW)).doesNotExist();
      assertThat(unfinished()).isEmpty();
      assertThat(http.call("GET", OLD).text()).isEqualTo("old");
      assertThat(http.call("HEAD", OLD).status()).isEqualTo(200);
      assertThat(http.put(ELSEWHERE, bytes("other")).status()).isEqualTo(200);
      assertThat(http.call("GET", "/-/node").text())
          .containsPattern("device dev1 [-0-9a-f]+ ok\n")
          .contains("distrusted dev1 a sync failed (Input/output error)")
          .doesNotContain("distrusted dev2");
      await()
          .untilAsserted(
              () ->
                  assertThat(http.call("GET", "/-/metrics").text())
                      .contains("device_distrusted{device=\"dev1\"} 1.0")
                      .contains("device_distrusted{device=\"dev2\"} 0.0")
                      .contains("device_writable{device=\"dev1\"} 0.0"));
      assertThat(http.call("GET", "/dev1/usage").status()).isEqualTo(200);

      failSyncsOf("/dev1/.hayloft-trial");
      assertThat(post(http, "/-/check", "dev1\n").text())
          .contains("dev1 failed Input/output error");
      failSyncsOf("/dev1");
      assertThat(post(http, "/-/check", "dev1\n").text()).contains("dev1 failed ");
      failNoMore();
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(500);

      assertThat(post(http, "/-/check", "dev1\ndev7\n").text())
          .contains("dev1 trusted")
          .contains("dev7 failed there is no device dev7");
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(200);
      assertThat(http.call("DELETE", OLD).status()).isEqualTo(204);
      assertThat(http.call("GET", "/-/node").text()).doesNotContain("distrusted");
    }
  }

  @Test
  void aNameThatCouldNotBeSyncedIsNotAcknowledgedAndNothingNewIsLeft() throws IOException {
    try (var http = node.connect()) {
      var directory = "/dev1/0/000/000";

      failSyncsOf(directory);
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(500);
      assertThat(file(NEW)).doesNotExist();
      assertThat(http.call("GET", NEW).status()).isEqualTo(404);

      passCheck(http);
      failSyncsOf(directory);
      assertThat(http.put(OLD, bytes("newer")).status()).isEqualTo(500);
      assertThat(http.call("GET", OLD).text()).isIn("old", "newer");

      passCheck(http);
      failSyncsOf(directory);
      assertThat(post(http, "/-/copy", copy(NEW)).status()).isEqualTo(500);
      assertThat(file(NEW)).doesNotExist();

      passCheck(http);
      failSyncsOf(directory);
      assertThat(post(http, "/-/quarantine", OLD + " orphan\n").text())
          .contains(" failed Input/output error");
      assertThat(file(OLD)).exists();
      assertThat(docroot.resolve("dev1/quarantine")).isEmptyDirectory();

      passCheck(http);
      failSyncsOf(directory);
      assertThat(post(http, "/-/delete", OLD + "\n").text())
          .contains(" failed Input/output error")
          .doesNotContain("gone");
      // What is not there any more may yet come back, so it is not said to be gone.
      failNoMore();
      assertThat(post(http, "/-/delete", OLD + "\n").text()).contains(" failed ");
      passCheck(http);
      assertThat(post(http, "/-/delete", OLD + "\n").text()).contains(" gone");
      assertThat(unfinished()).isEmpty();
    }
  }

  /**
   * Uploads that come while the disk is slow: two are at the disk, the others wait and go together
   * then. Those of even numbers replace a file.
   */
  private static List<RawHttp.Answer> sendTogether(KeptLines lines, int odd, String failing)
      throws IOException {
    for (int i = 0; i < LINES; i += 2) {
      assertThat(lines.line(i).put(together(i), bytes("old")).status()).isEqualTo(200);
    }
    holdSyncs();
    for (int i = 0; i < LINES; i++) {
      lines.send(i, together(i), i == odd ? new byte[ODD] : bytes("new " + i));
      if (i < 2) {
        int atTheDisk = i + 1;
        await().untilAsserted(() -> assertThat(unfinished()).hasSize(atTheDisk));
      }
    }
    try (var http = node.connect()) {
      await()
          .untilAsserted(
              () ->
                  assertThat(http.call("GET", "/-/metrics").text())
                      .contains("hayloft_node_uploads " + LINES + ".0"));
    }
    failSyncsOf(failing);
    goOn();
    return lines.readAll();
  }

  private static String together(int number) {
    return BLOCK + "%010d.fid".formatted(100 + number);
  }

  private static void assertStoredOrNotThere(List<RawHttp.Answer> answers) throws IOException {
    for (int i = 0; i < LINES; i++) {
      var file = file(together(i));
      if (answers.get(i).status() == 200) {
        assertThat(file).hasContent("new " + i);
      } else {
        assertThat(answers.get(i).status()).isEqualTo(500);
        if (i % 2 == 0) {
          assertThat(Files.readString(file)).isIn("old", "new " + i);
        } else {
          assertThat(file).doesNotExist();
        }
      }
    }
    assertThat(unfinished()).isEmpty();
  }

  private static void assertNothingMoreIsTaken(KeptLines lines) {
    for (int i = 0; i < LINES; i++) {
      lines.send(i, BLOCK + "%010d.fid".formatted(200 + i), bytes("more"));
    }
    assertThat(lines.readAll())
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).isEqualTo(500);
              assertThat(answer.text()).contains("dev1 takes no changes");
            });
  }

  @Test
  void ofUploadsThatGoTogetherNoneIsAcknowledgedWhenTheBytesOfOneCannotBeSynced()
      throws IOException {
    try (var lines = new KeptLines(LINES, node::connect, OLD)) {
      int odd = 7;

      var answers = sendTogether(lines, odd, "/dev1/.hayloft-tmp/ " + ODD);

      assertThat(answers.get(odd).text()).contains("Input/output error");
      // Those that waited are one group with it.
      for (int i = 2; i < LINES; i++) {
        assertThat(answers.get(i).status()).describedAs("upload %s", i).isEqualTo(500);
        if (i % 2 == 0) {
          assertThat(file(together(i))).hasContent("old");
        }
      }
      assertStoredOrNotThere(answers);
      assertNothingMoreIsTaken(lines);
      assertThat(lines.line(0).put(ELSEWHERE, bytes("other")).status()).isEqualTo(200);
    }
  }

  @Test
  void ofUploadsThatGoTogetherNoneIsAcknowledgedWhenTheirDirectoryCannotBeSynced()
      throws IOException {
    try (var lines = new KeptLines(LINES, node::connect, OLD)) {
      var answers = sendTogether(lines, -1, "/dev1/0/000/000");

      assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(500));
      assertStoredOrNotThere(answers);
      assertNothingMoreIsTaken(lines);
    }
  }

  private static void passCheck(RawHttp http) throws IOException {
    failNoMore();
    assertThat(post(http, "/-/check", "dev1\n").text()).contains("dev1 trusted");
  }

  @Test
  void aFailureOutlivesTheProcessAndTheNextOneChecksTheDisk() throws IOException {
    try (var http = node.connect()) {
      failSyncsOf("/dev1/.hayloft-tmp/");
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(500);
    }
    failSyncsOf("/dev1/.hayloft-trial");
    node.kill();
    node = start();
    try (var http = node.connect()) {
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(500);
      await()
          .untilAsserted(
              () ->
                  assertThat(http.call("GET", "/-/metrics").text())
                      .contains("device_distrusted{device=\"dev1\"} 1.0"));
      assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(500);
      assertThat(http.call("GET", OLD).text()).isEqualTo("old");
    }
    failNoMore();
    node.kill();
    node = start();
    try (var http = node.connect()) {
      await().untilAsserted(() -> assertThat(http.put(NEW, bytes("new")).status()).isEqualTo(200));
      assertThat(docroot.resolve("dev1/.hayloft-distrusted")).doesNotExist();
    }
  }

  @Test
  void aUsageFileThatCannotBeSyncedIsAFailureOfTheDisk() throws IOException {
    try (var http = node.connect()) {
      failSyncsOf("/dev1/.hayloft-usage");
      await().untilAsserted(() -> assertThat(http.put(OLD, bytes("x")).status()).isEqualTo(500));
      failNoMore();
      assertThat(http.call("GET", OLD).status()).isEqualTo(200);
      assertThat(http.put(OLD, bytes("y")).status()).isEqualTo(500);
    }
  }
}
