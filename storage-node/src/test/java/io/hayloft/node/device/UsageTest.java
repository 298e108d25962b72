package io.hayloft.node.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.RawHttp;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import io.hayloft.runtime.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {

  @TempDir Path docroot;

  private static Map<String, String> fields(RawHttp.Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    var fields = new LinkedHashMap<String, String>();
    answer.text().lines().forEach(line -> fields.put(line.split(": ")[0], line.split(": ")[1]));
    return fields;
  }

  @Test
  void usageIsServedWithAllFieldsFromTheStart() {
    try (var node = TestNode.on(docroot)) {
      await().untilAsserted(() -> assertThat(node.get("/dev1/usage").status()).isEqualTo(200));
      var usage = node.get("//dev1/usage");

      assertThat(usage.header("content-type")).isEqualTo("text/plain");
      var fields = fields(usage);
      assertThat(fields.keySet())
          .containsExactly("available", "device", "disk", "time", "total", "use", "used");
      assertThat(Long.parseLong(fields.get("total")))
          .isEqualTo(Long.parseLong(fields.get("used")) + Long.parseLong(fields.get("available")));
      assertThat(Long.parseLong(fields.get("used"))).isPositive();
      assertThat(fields.get("use")).matches("\\d+%");
      assertThat(fields.get("disk")).isEqualTo(docroot.resolve("dev1").toString());
      assertThat(fields.get("device")).isNotEqualTo("unknown");
      assertThat(Long.parseLong(fields.get("time")))
          .isCloseTo(System.currentTimeMillis() / 1_000, org.assertj.core.data.Offset.offset(60L));
    }
  }

  @Test
  void usageIsNeverEmptyForManyReadersWhileItIsRewrittenOften() throws Exception {
    try (var node = TestNode.on(docroot, UsageTest::rewritingOften);
        var tasks = Tasks.virtual()) {
      await().untilAsserted(() -> assertThat(node.get("/dev1/usage").status()).isEqualTo(200));
      long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();

      var versions =
          tasks.forEach(
              List.of(1, 2, 3, 4),
              4,
              reader -> {
                var seen = new HashSet<String>();
                try (var http = node.connect()) {
                  for (int reads = 0; System.nanoTime() < end || reads < 1_000; reads++) {
                    var answer = http.call("GET", "/dev1/usage");
                    assertThat(fields(answer)).hasSize(7);
                    seen.add(answer.header("etag"));
                  }
                }
                return seen.size();
              });

      assertThat(versions).allSatisfy(each -> assertThat(each).isGreaterThan(5));
    }
  }

  private static StorageNodeConfig.Limits rewritingOften(StorageNodeConfig.Limits usual) {
    return new StorageNodeConfig.Limits(
        Duration.ofMillis(100),
        usual.idleTimeout(),
        usual.sideIdleTimeout(),
        usual.uploads(),
        usual.diskQueue(),
        usual.openFiles());
  }

  @Test
  void newDeviceDirectoryIsNoticed() throws IOException {
    try (var node = TestNode.on(docroot)) {
      assertThat(node.get("/dev9/usage").status()).isEqualTo(404);
      Files.createDirectory(docroot.resolve("dev9"));
      Files.createDirectory(docroot.resolve("lost+found"));
      Files.createDirectory(docroot.resolve("dev007"));

      assertThat(node.put("/dev9/0/000/000/x.fid", new byte[3]).status()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(fields(node.get("/dev9/usage"))).hasSize(7));
      assertThat(docroot.resolve("lost+found")).isEmptyDirectory();
      assertThat(docroot.resolve("dev007")).isEmptyDirectory();
    }
  }

  @Test
  void deviceMayBeALink(@TempDir Path elsewhere) throws IOException {
    Files.createDirectory(elsewhere.resolve("disk"));
    Files.createSymbolicLink(docroot.resolve("dev5"), elsewhere.resolve("disk"));
    try (var node = TestNode.on(docroot)) {
      await().untilAsserted(() -> assertThat(node.get("/dev5/usage").status()).isEqualTo(200));
      assertThat(node.put("/dev5/a/b", new byte[3]).status()).isEqualTo(200);
      assertThat(elsewhere.resolve("disk/a/b")).hasSize(3);
    }
  }

  @Test
  void unfinishedUploadsOfACrashAreRemovedAtTheStart() throws IOException {
    var left = docroot.resolve("dev1/.hayloft-tmp/3/0123456789abcdef-3");
    Files.createDirectories(left.getParent());
    Files.write(left, new byte[100]);
    try (var node = TestNode.on(docroot)) {
      await().untilAsserted(() -> assertThat(left).doesNotExist());
      assertThat(node.get("/dev1/.hayloft-tmp/3/0123456789abcdef-3").status()).isEqualTo(404);
    }
  }

  @Test
  void writingLeavesOnlyTheFile() throws IOException {
    var device = Files.createDirectory(docroot.resolve("dev1"));
    UsageFile.write(
        device,
        "a: 1\nb: 22222\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        channel -> channel.force(false));
    UsageFile.write(
        device,
        "a: 2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        channel -> channel.force(false));

    assertThat(device.resolve("usage")).hasContent("a: 2\n");
    assertThat(Arrays.asList(device.toFile().list())).containsExactly("usage");
  }
}
