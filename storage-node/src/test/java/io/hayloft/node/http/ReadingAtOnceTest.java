package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.RawHttp;
import io.hayloft.node.StorageNodeConfig;
import io.hayloft.node.TestNode;
import io.hayloft.node.kernel.NoWaitFile;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read at once is answered as what is opened and kept. */
class ReadingAtOnceTest {

  private static final String PATH = "/dev1/0/000/000/0000000001.fid";
  private static final Pattern COUNT =
      Pattern.compile("(?m)^hayloft_node_reads_at_once_total (\\S+)$");

  @TempDir Path docroot;

  private static StorageNodeConfig.Limits keepingNoneOpen(StorageNodeConfig.Limits usual) {
    return new StorageNodeConfig.Limits(
        usual.usageInterval(),
        usual.idleTimeout(),
        usual.sideIdleTimeout(),
        usual.uploads(),
        usual.diskQueue(),
        0);
  }

  private static double atOnce(TestNode node) {
    var match = COUNT.matcher(node.get("/-/metrics").text());
    assertThat(match.find()).isTrue();
    return Double.parseDouble(match.group(1));
  }

  private static String withoutDate(RawHttp.Answer answer) {
    var headers = new TreeMap<>(answer.headers());
    assertThat(headers.remove("date")).endsWith(" GMT");
    return answer.status() + " " + headers + " " + new String(answer.body(), US_ASCII);
  }

  @Test
  void afterAnUploadItsStorerLooksAtOnce() {
    assumeTrue(NoWaitFile.create().isPresent(), "this kernel cannot");
    try (var node = TestNode.on(docroot)) {
      var stored = node.put(PATH, "bytes".getBytes(US_ASCII));

      var look = node.call("HEAD", PATH);

      assertThat(atOnce(node)).isOne();
      assertThat(look.status()).isEqualTo(200);
      assertThat(look.header("content-length")).isEqualTo("5");
      assertThat(look.header("repr-digest")).isEqualTo(stored.header("repr-digest"));
      assertThat(node.get("/-/metrics").text())
          .containsPattern(
              "requests_seconds_count\\{device=\"dev1\",method=\"HEAD\",outcome=\"ok\"[^}]*} 1");
    }
  }

  @Test
  void answersAreTheSameAndNeverOfWhatWasReplacedOrDeleted() {
    assumeTrue(NoWaitFile.create().isPresent(), "this kernel cannot");
    try (var node = TestNode.on(docroot, ReadingAtOnceTest::keepingNoneOpen)) {
      node.put(PATH, "before".getBytes(US_ASCII));
      var usual = withoutDate(node.get(PATH, "X-Unusual: yes"));
      // Its checksum is not remembered before its last change is a while ago.
      await()
          .untilAsserted(
              () -> {
                assertThat(withoutDate(node.get(PATH))).isEqualTo(usual);
                assertThat(atOnce(node)).isPositive();
              });

      double before = atOnce(node);
      assertThat(withoutDate(node.get(PATH))).isEqualTo(usual);
      assertThat(atOnce(node)).isEqualTo(before + 1);
      node.put(PATH, "after!".getBytes(US_ASCII));
      assertThat(node.get(PATH).text()).isEqualTo("after!");
      node.call("DELETE", PATH);
      assertThat(node.get(PATH).status()).isEqualTo(404);
    }
  }
}
