package io.hayloft.node.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hayloft.node.TestNode;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListRequestsTest {

  @TempDir Path docroot;
  private TestNode node;

  @BeforeEach
  void startNode() {
    node = TestNode.on(docroot);
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  private static String path(int device, int fid) {
    return "/dev" + device + "/0/000/00" + fid % 3 + "/" + String.format("%010d", fid) + ".fid";
  }

  @Test
  void theNodeSaysWhatItIs() {
    await()
        .untilAsserted(
            () -> {
              var answer = NativeClient.get(node, "/-/node");

              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.lines().get(0)).isEqualTo("version 1");
              assertThat(answer.lines().get(1))
                  .startsWith("requests ")
                  .contains("copy", "delete", "stat");
              assertThat(answer.lines())
                  .anyMatch(line -> line.matches("device dev1 [0-9a-f-]{36} ok"));
            });
  }

  @Test
  void whatIsDeletedIsGoneAndWhatWasNotThereToo() {
    for (int fid = 1; fid <= 100; fid++) {
      node.put(path(1 + fid % 2, fid), new byte[fid]);
    }
    node.get(path(1, 2));

    var answer =
        NativeClient.post(
            node,
            "/-/delete",
            IntStream.rangeClosed(1, 300)
                .mapToObj(fid -> path(1 + fid % 2, fid))
                .toArray(String[]::new));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.lines())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 300)
                .mapToObj(fid -> path(1 + fid % 2, fid) + " gone")
                .toList());
    assertThat(node.file("/dev1/0/000/000")).isEmptyDirectory();
    assertThat(node.get(path(1, 2)).status()).isEqualTo(404);
  }

  @Test
  void aDirectoryIsNotDeleted() {
    node.put(path(1, 3), new byte[3]);

    var answer = NativeClient.post(node, "/-/delete", "/dev1/0/000", path(1, 3));

    assertThat(answer.lines())
        .containsExactlyInAnyOrder(
            "/dev1/0/000 failed A directory is not deleted.", path(1, 3) + " gone");
  }

  @Test
  void aListThatIsTooLongIsRefusedWhole() {
    node.put(path(1, 1), new byte[1]);
    var lines =
        IntStream.rangeClosed(1, 1_001).mapToObj(fid -> path(1, fid)).toArray(String[]::new);

    assertThat(NativeClient.post(node, "/-/delete", lines).status()).isEqualTo(413);
    assertThat(
            NativeClient.postBody(node, "/-/delete", path(1, 1) + "\n" + "x".repeat(1 << 20))
                .status())
        .isEqualTo(413);
    assertThat(node.file(path(1, 1))).exists();
  }

  @Test
  void aListWithoutLinesIsAnsweredWithNone() {
    assertThat(NativeClient.postBody(node, "/-/delete", ""))
        .isEqualTo(new NativeClient.Answer(200, java.util.List.of()));
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThat(node.get("/-/delete").status()).isEqualTo(405);
    assertThat(node.get("/-/node/more").status()).isEqualTo(404);
    assertThat(NativeClient.post(node, "/-/delete", path(1, 1), "", path(1, 2)).status())
        .isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/delete?beat=x", path(1, 1)).status()).isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/delete?beat", path(1, 1)).status()).isEqualTo(400);
    assertThat(NativeClient.post(node, "/-/delete?beat=1&beat=1", path(1, 1)).status())
        .isEqualTo(400);
  }
}
