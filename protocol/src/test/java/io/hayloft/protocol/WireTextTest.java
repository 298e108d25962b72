package io.hayloft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTextTest {

  private static final String RAW =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_,-./\\:";

  @Provide
  Arbitrary<String> bytes() {
    return Wire.bytes();
  }

  @Property
  void whatWasEscapedComesBack(@ForAll("bytes") String bytes) {
    assertThat(WireText.unescape(WireText.escape(bytes))).isEqualTo(bytes);
  }

  @Property
  void escapedTextHasNoByteThatTheLineGivesAMeaning(@ForAll("bytes") String bytes) {
    assertThat(WireText.escape(bytes)).matches("[A-Za-z0-9_,\\-./\\\\:+%]*");
  }

  @Test
  void eachByteIsRawABlankOrTwoUpperCaseDigits() {
    for (char c = 0; c < 256; c++) {
      var expected =
          RAW.indexOf(c) >= 0
              ? String.valueOf(c)
              : c == ' ' ? "+" : "%" + (c < 16 ? "0" : "") + hex(c);
      assertThat(WireText.escape(String.valueOf(c))).isEqualTo(expected);
      assertThat(WireText.escape("a" + c + "a")).isEqualTo("a" + expected + "a");
    }
  }

  private static String hex(int value) {
    return Integer.toHexString(value).toUpperCase(java.util.Locale.ROOT);
  }

  @Test
  void urlGoesOutAsItIs() {
    var url = "http://10.0.0.3:7500/dev3/0/000/000/0000000017.fid";
    assertThat(WireText.escape(url)).isEqualTo(url);
  }

  @Test
  void utf8IsEscapedByteByByte() {
    assertThat(WireText.escape(WireText.ofText("é"))).isEqualTo("%C3%A9");
    assertThat(WireText.toText(WireText.unescape("%C3%A9"))).isEqualTo("é");
  }

  @Test
  void charBeyondAByteIsABug() {
    assertThatThrownBy(() -> WireText.escape("a\u0100"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "a+b, 'a b'",
    "%41%4a%4A, AJJ",
    "%2B, +",
    "%252B, %2B",
    "%, %",
    "%4, %4",
    "%4G, %4G",
    "%G4, %G4",
    "%%41, %A",
    "a%, a%",
    "%+1, '% 1'",
    "%1+, '%1 '"
  })
  void whatOtherClientsSendIsUnderstood(String sent, String meant) {
    assertThat(WireText.unescape(sent)).isEqualTo(meant);
  }

  @Test
  void digitsOfOtherScriptsAreNoHex() {
    assertThat(WireText.unescape("%\u0661\u0661")).isEqualTo("%\u0661\u0661");
  }

  @Property
  void unescapingNeverFails(@ForAll("bytes") String bytes) {
    assertThat(WireText.unescape(bytes).length()).isLessThanOrEqualTo(bytes.length());
  }
}
