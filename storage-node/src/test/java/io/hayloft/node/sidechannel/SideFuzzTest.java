package io.hayloft.node.sidechannel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.Canary;
import io.hayloft.node.Complaints;
import io.hayloft.node.Corpus;
import io.hayloft.node.SideLine;
import io.hayloft.node.TestNode;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.assertj.core.api.SoftAssertions;

/**
 * Whatever is sent to the side channel: each line gets one reply, no exception gets out, and
 * nothing outside the devices is told of. More tries with {@code -Djqwik.tries.default=100000}.
 */
class SideFuzzTest {

  private static final String MARK = "size /dev1/f/mark";

  private static final List<Corpus> CORPUS = Corpus.read("side.txt");
  private static final Canary CANARY = Canary.make();
  private static final TestNode NODE = TestNode.on(CANARY.docroot());
  private static final Complaints COMPLAINTS = Complaints.listen();

  @AfterContainer
  static void stop() {
    NODE.close();
    COMPLAINTS.end();
    CANARY.close();
  }

  @BeforeTry
  void prepare() {
    NODE.put("/dev1/f/digits", "0123456789".getBytes(ISO_8859_1));
    CANARY.link();
  }

  @AfterTry
  void nothingHappened() {
    CANARY.assertUntouched();
    COMPLAINTS.assertNone();
    assertThat(NODE.shutdowns()).isEmpty();
  }

  @Example
  void theCorpusIsAnsweredAsItSays() {
    var softly = new SoftAssertions();
    for (var entry : CORPUS) {
      try (var side = SideLine.to(NODE.node().sideAddress())) {
        var reply = side.say(new String(entry.bytes(), ISO_8859_1)).hear();
        softly
            .assertThat(reply)
            .as(entry.why())
            .isEqualTo(Corpus.unescape(entry.expected()) + "\r\n");
      }
    }
    softly.assertAll();
  }

  @Provide
  Arbitrary<String> lines() {
    var piece =
        Arbitraries.oneOf(
            Arbitraries.of(
                "size",
                "MD5",
                "SHA-1",
                "SHA-256",
                "md5",
                " ",
                "  ",
                "\t",
                "\r",
                "\0",
                "fsck",
                "/",
                "//",
                "..",
                ".",
                "%2e",
                "%00",
                "%",
                "/dev1",
                "/dev1/f/digits",
                "/dev1/out/secret",
                "/dev1/0/file",
                "/dev2/own/secret",
                "/dev1/.hayloft-own/secret",
                "secret",
                "/etc",
                "-1",
                "watch",
                "shutdown",
                "x".repeat(4_000)),
            Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(6));
    return piece
        .list()
        .ofMaxSize(6)
        .map(pieces -> String.join("", pieces).replace("\n", ""))
        .filter(SideFuzzTest::goesOn);
  }

  /** Leaves out what ends or turns a connection, which has tests of its own. */
  private static boolean goesOn(String line) {
    var start = line.trim().toLowerCase(Locale.ROOT);
    return line.length() < 8_000 && !start.startsWith("watch") && !start.startsWith("shutdown");
  }

  @Property
  void eachLineGetsOneReply(@ForAll("lines") String one, @ForAll("lines") String two) {
    try (var side = SideLine.to(NODE.node().sideAddress())) {
      side.say(one + "\n" + two + "\r\n" + MARK + "\n");
      for (int i = 0; i < 2; i++) {
        assertThat(side.hear())
            .endsWith("\r\n")
            .doesNotContain(" " + Canary.SECRET.length() + "\r");
      }
      assertThat(side.hear()).isEqualTo("/dev1/f/mark -1\r\n");
    }
  }
}
