package io.hayloft.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {

  /** The codes whose texts clients have always got, with these texts. */
  private static Map<String, String> texts() throws IOException {
    try (var in =
        Objects.requireNonNull(ErrorCodeTest.class.getResourceAsStream("/error-texts.txt"))) {
      var texts = new LinkedHashMap<String, String>();
      for (var line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        var words = line.split(" ", 2);
        texts.put(words[0], words[1]);
      }
      return texts;
    }
  }

  @Test
  void textsAreThoseOfTheOriginal() throws IOException {
    assertThat(texts()).hasSize(57);
    texts()
        .forEach(
            (code, text) ->
                assertThat(ErrorCode.named(code).orElseThrow().text()).as(code).isEqualTo(text));
  }

  @ParameterizedTest
  @EnumSource
  void codeIsFoundByItsWord(ErrorCode code) {
    assertThat(code.wire()).matches("[a-z_]+");
    assertThat(code.text()).isNotEmpty();
    assertThat(ErrorCode.named(code.wire())).contains(code);
  }

  /** Some clients look for a code anywhere in the line. */
  @ParameterizedTest
  @EnumSource
  void textNamesNoOtherCode(ErrorCode code) {
    for (var other : ErrorCode.values()) {
      boolean ambiguous = other.wire().contains("_") && !code.wire().contains(other.wire());
      assertThat(ambiguous && code.text().contains(other.wire()))
          .as("%s in the text of %s", other, code)
          .isFalse();
    }
  }

  @Test
  void wordOfAnotherServerIsNoCode() {
    assertThat(ErrorCode.named("invalid_chars")).isEmpty();
    assertThat(ErrorCode.named("UNKNOWN_KEY")).isEmpty();
    assertThat(ErrorCode.named("")).isEmpty();
  }
}
