package io.hayloft.node.requests;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a line of a copy is made of: it is understood as what it says, or refused. */
class LineFuzzTest {

  private static final String GOOD =
      "/dev2/0/000/000/0000000017.fid http://127.0.0.1:7500/dev1/0/000/000/0000000017.fid 5"
          + " CRC32C:9a71bb4c MD5:5d41402abc4b2a76b9719d911017c592 want=SHA-1";

  @Provide
  Arbitrary<String> mutants() {
    var pieces =
        Arbitraries.of(
            " ",
            "  ",
            "/",
            "..",
            "//",
            ":",
            "%2e",
            "?",
            "#",
            "@",
            "[::1]",
            "localhost",
            ".fid",
            "http://",
            "https://",
            "-1",
            "99999999999999999999",
            "CRC32C:",
            "want=",
            "\u0000",
            "\u00e9",
            "dev",
            "dev0",
            ".hayloft-tmp",
            "\r");
    return Arbitraries.integers()
        .between(0, GOOD.length())
        .flatMap(
            at ->
                Arbitraries.integers()
                    .between(at, Math.min(GOOD.length(), at + 12))
                    .flatMap(
                        to ->
                            pieces.map(
                                piece -> GOOD.substring(0, at) + piece + GOOD.substring(to))));
  }

  @Property
  void aLineIsUnderstoodOrRefused(@ForAll("mutants") String line) {
    try {
      var order = CopyOrder.parse(line);

      assertThat(line).startsWith(order.to() + " http://" + order.from().authority());
      assertThat(order.from().path()).startsWith("/dev").endsWith(".fid").doesNotContain("..");
      assertThat(order.from().authority()).doesNotContain("@");
      assertThat(order.to().text()).startsWith("/dev").doesNotContain("..", "/.hayloft");
      assertThat(order.length()).isNotNegative();
    } catch (BadRequestException refused) {
      assertThat(refused.getMessage()).doesNotContain("\n");
    }
  }

  @Property
  void noiseIsRefused(@ForAll String line) {
    try {
      CopyOrder.parse(line);
      throw new AssertionError("understood: " + line);
    } catch (BadRequestException refused) {
      assertThat(refused.getMessage()).hasSizeLessThan(300);
    }
  }
}
