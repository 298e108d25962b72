package io.hayloft.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that are full, read-only, gone or forbidden: an error for the client, and no other harm.
 */
class DiskFaultsTest {

  @TempDir Path docroot;
  private final Deque<Path> mounted = new ArrayDeque<>();

  @AfterEach
  void unmountAll() {
    mounted.forEach(directory -> run("umount", "-l", directory.toString()));
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

  private Path mountSmallDisk(String device) throws IOException {
    var directory = Files.createDirectories(docroot.resolve(device));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory.toString()),
        "needs the right to mount");
    mounted.push(directory);
    return directory;
  }

  private static Map<String, String> usage(TestNode node, String device) {
    var fields = new TreeMap<String, String>();
    node.get("/" + device + "/usage")
        .text()
        .lines()
        .filter(line -> line.contains(": "))
        .forEach(line -> fields.put(line.split(": ")[0], line.split(": ")[1]));
    return fields;
  }

  @Test
  void aCopyToAFullDiskIsRefusedAndLeavesItsRoom() throws IOException {
    var disk = mountSmallDisk("dev1");
    var path = "/0/000/000/0000000017.fid";
    try (var node = TestNode.on(docroot)) {
      node.put("/dev2" + path, new byte[5_000_000]);
      var line =
          "/dev1"
              + path
              + " http://127.0.0.1:"
              + node.node().httpAddress().port()
              + "/dev2"
              + path
              + " 5000000";
      try (var http = node.connect()) {
        var length = "Content-Length: " + line.length();
        http.send(RawHttp.head("POST", "/-/copy", length, "Connection: close") + line);

        assertThat(http.read().status()).isEqualTo(507);
      }
      await()
          .untilAsserted(
              () -> assertThat(Files.getFileStore(disk).getUsableSpace()).isGreaterThan(1_900_000));
      assertThat(node.get("/dev1" + path).status()).isEqualTo(404);
    }
  }

  @Test
  void fullDiskRefusesUploadsKeepsItsFilesAndSaysThatItIsFull() throws IOException {
    var disk = mountSmallDisk("dev1");
    try (var node = TestNode.on(docroot)) {
      assertThat(node.put("/dev1/a/kept", new byte[1_000]).status()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(usage(node, "dev1")).containsKey("available"));
      assertThat(Long.parseLong(usage(node, "dev1").get("available"))).isGreaterThan(1_000);

      var refused = node.put("/dev1/a/kept", new byte[5_000_000]);

      assertThat(refused.status()).isEqualTo(507);
      assertThat(refused.text()).contains("No space left on device");
      try (var patient = node.connect()) {
        patient.send(
            RawHttp.head("PUT", "/dev1/b", "Content-Length: 9000000", "Expect: 100-continue"));
        assertThat(patient.read().status()).isEqualTo(100);
        patient.send(new byte[9_000_000]);
        assertThat(patient.read().status()).isEqualTo(507);
        assertThat(patient.call("GET", "/-/live").status()).isEqualTo(200);
      }
      assertThat(node.get("/dev1/a/kept").body()).hasSize(1_000);
      assertThat(disk.resolve("a").toFile().list()).containsExactly("kept");

      fill(node);
      await()
          .untilAsserted(
              () -> {
                assertThat(usage(node, "dev1")).hasSize(7).containsEntry("use", "100%");
                assertThat(Long.parseLong(usage(node, "dev1").get("available"))).isLessThan(8);
              });
      assertThat(node.put("/dev2/a/b", new byte[10]).status()).isEqualTo(200);

      assertThat(node.call("DELETE", "/dev1/fill/1024").status()).isEqualTo(204);
      assertThat(node.put("/dev1/a/new", new byte[300_000]).status()).isEqualTo(200);
      assertThat(node.get("/dev1/a/new").body()).hasSize(300_000);
    }
  }

  /** Down to the last block, in files named after their size in KiB. */
  private static void fill(TestNode node) {
    for (int kib = 1_024; kib >= 4; kib /= 2) {
      assertThat(node.put("/dev1/fill/" + kib, new byte[kib << 10]).status()).isIn(200, 507);
    }
    int number = 0;
    while (node.put("/dev1/last/" + number, new byte[4_096]).status() == 200) {
      number++;
    }
  }

  @Test
  void readOnlyDiskIsReadButNotWritten() throws IOException {
    var disk = mountSmallDisk("dev1");
    try (var node = TestNode.on(docroot)) {
      node.put("/dev1/a/b", "hello".getBytes(US_ASCII));
      await().untilAsserted(() -> assertThat(usage(node, "dev1")).hasSize(7));
      assumeTrue(run("mount", "-o", "remount,ro", disk.toString()), "needs to remount");

      var put = node.put("/dev1/a/c", new byte[10]);
      assertThat(put.status()).isEqualTo(500);
      assertThat(put.text()).startsWith("<h1>500 - ").contains("Read-only file system");
      assertThat(node.call("DELETE", "/dev1/a/b").status()).isEqualTo(500);
      assertThat(node.call("MKCOL", "/dev1/z").status()).isEqualTo(500);
      assertThat(node.get("/dev1/a/b").text()).isEqualTo("hello");
      assertThat(usage(node, "dev1")).hasSize(7);

      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("device_writable{device=\"dev1\"} 0.0")
                      .contains("device_writable{device=\"dev2\"} 1.0"));
      var before = usage(node, "dev2").get("time");
      await().untilAsserted(() -> assertThat(usage(node, "dev2").get("time")).isNotEqualTo(before));
      assertThat(node.get("/-/ready").status()).isEqualTo(200);

      assertThat(run("mount", "-o", "remount,rw", disk.toString())).isTrue();
      assertThat(node.put("/dev1/a/c", new byte[10]).status()).isEqualTo(200);
      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("device_writable{device=\"dev1\"} 1.0"));
    }
  }

  @Test
  void unmountedDiskIsNotReplacedByTheDirectoryBelowIt() throws IOException {
    var disk = mountSmallDisk("dev1");
    try (var node = TestNode.on(docroot)) {
      assertThat(node.put("/dev1/a/b", new byte[10]).status()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(usage(node, "dev1")).hasSize(7));
      assertThat(run("umount", "-l", disk.toString())).isTrue();
      mounted.pop();

      assertThat(node.put("/dev1/a/c", new byte[10]).status()).isEqualTo(404);
      await()
          .untilAsserted(
              () ->
                  assertThat(node.get("/-/metrics").text())
                      .contains("device_writable{device=\"dev1\"} 0.0"));
      assertThat(disk).isEmptyDirectory();
      await().untilAsserted(() -> assertThat(node.get("/dev1/usage").status()).isEqualTo(404));
    }
  }

  @Test
  void forbiddenDirectoryIsAnErrorAndNoReset() throws IOException {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may do everything");
    var directory = Files.createDirectories(docroot.resolve("dev1"));
    try (var node = TestNode.on(docroot)) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("---------"));
      var put = node.put("/dev1/a/b", new byte[100_000]);
      assertThat(put.status()).isEqualTo(500);
      assertThat(put.text()).contains("Permission denied");
      assertThat(node.get("/dev1/a/b").status()).isEqualTo(500);
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
