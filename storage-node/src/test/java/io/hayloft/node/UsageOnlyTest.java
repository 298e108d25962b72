package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node beside another web server. */
class UsageOnlyTest {

  @TempDir private Path docroot;

  @BeforeEach
  void makeDevice() throws IOException {
    Files.createDirectory(docroot.resolve("dev1"));
  }

  private long used(String device) throws IOException {
    return Files.readString(docroot.resolve(device).resolve("usage"))
        .lines()
        .filter(line -> line.startsWith("used: "))
        .mapToLong(line -> Long.parseLong(line.substring("used: ".length())))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void usageFilesAreWrittenAndTheSideChannelAnswers() throws IOException {
    try (var node = TestNode.usageOnly(docroot, true, false)) {
      await().untilAsserted(() -> assertThat(docroot.resolve("dev1/usage")).isNotEmptyFile());
      Files.createDirectory(docroot.resolve("dev7"));
      await().untilAsserted(() -> assertThat(docroot.resolve("dev7/usage")).isNotEmptyFile());
      var first = Files.getLastModifiedTime(docroot.resolve("dev1/usage"));
      await()
          .untilAsserted(
              () ->
                  assertThat(Files.getLastModifiedTime(docroot.resolve("dev1/usage")))
                      .isGreaterThan(first));

      Files.writeString(docroot.resolve("dev1/a"), "hello");
      try (var side = SideLine.to(node.node().sideAddress())) {
        assertThat(side.say("size /dev1/a\n").hear()).isEqualTo("/dev1/a 5\r\n");
      }
      assertThatThrownBy(node.node()::httpAddress).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theSideChannelCanBeLeftOut() {
    try (var node = TestNode.usageOnly(docroot, false, false)) {
      await().untilAsserted(() -> assertThat(docroot.resolve("dev1/usage")).isNotEmptyFile());
      assertThatThrownBy(node.node()::sideAddress).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void unfinishedUploadsOfTheServerBesideItAreLeftAlone() throws IOException {
    var unfinished = docroot.resolve("dev1/.hayloft-tmp/3/0123456789abcdef-3");
    Files.createDirectories(unfinished.getParent());
    Files.write(unfinished, new byte[100]);
    try (var node = TestNode.usageOnly(docroot, false, false)) {
      await().untilAsserted(() -> assertThat(docroot.resolve("dev1/usage")).isNotEmptyFile());
      assertThat(node.docroot()).isEqualTo(docroot);
    }
    assertThat(unfinished).hasSize(100);
  }

  @Test
  void viaDuADeviceIsAsFullAsItsOwnFilesMakeIt() throws IOException {
    Files.createDirectories(docroot.resolve("dev1/0/000"));
    Files.write(docroot.resolve("dev1/0/000/a"), new byte[5_000_000]);
    Files.createDirectory(docroot.resolve("dev2"));
    Files.createSymbolicLink(docroot.resolve("dev2/link"), docroot.resolve("dev1"));
    try (var node = TestNode.usageOnly(docroot, false, true)) {
      await().untilAsserted(() -> assertThat(used("dev1")).isBetween(4_883L, 4_990L));
      await().untilAsserted(() -> assertThat(used("dev2")).isLessThan(100));

      Files.write(docroot.resolve("dev1/0/b"), new byte[1_000_000]);
      await().untilAsserted(() -> assertThat(used("dev1")).isBetween(5_860L, 5_990L));
      assertThat(node.shutdowns()).isEmpty();
    }
  }
}
