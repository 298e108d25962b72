package io.hayloft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {

  @Provide
  Arbitrary<Request> requests() {
    var words = Arbitraries.strings().withChars("abcxyz_019").ofMinLength(1).ofMaxLength(12);
    var pairs = Arbitraries.maps(Wire.bytes(), Wire.bytes()).ofMaxSize(5);
    return words.flatMap(word -> pairs.map(each -> new Request(word, new Arguments(each))));
  }

  @Provide
  Arbitrary<String> bytes() {
    return Wire.bytes();
  }

  @Property
  void whatIsSentIsRead(@ForAll("requests") Request request) {
    var line = request.line();

    assertThat(line).endsWith("\r\n");
    assertThat(line.substring(0, line.length() - 2)).doesNotContain("\r", "\n");
    assertThat(Request.parse(line.substring(0, line.length() - 2))).isEqualTo(request);
  }

  @Property
  void readingNeverFails(@ForAll("bytes") String line) {
    assertThat(Request.parse(line).command()).matches("[a-z0-9_]*");
  }

  @ParameterizedTest
  @CsvSource({
    "noop, noop",
    "'  noop', noop",
    "NOOP, noop",
    "Get_Paths, get_paths",
    "'create_open domain=d', create_open",
    "'create_open\tdomain=d', create_open",
    "x9_, x9_",
    "'', ''",
    "'   ', ''",
    "'&a=1', ''",
    "'!stats', ''",
    "'é', ''"
  })
  void commandIsTheLeadingWordInLowerCase(String line, String command) {
    assertThat(Request.parse(line).command()).isEqualTo(command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"noop key=a b&x=1", "  noop   key=a b&x=1", "noop&key=a b&x=1"})
  void argumentsRunToTheEndOfTheLine(String line) {
    var request = Request.parse(line);

    assertThat(request.command()).isEqualTo("noop");
    assertThat(request.arguments().values())
        .containsExactly(Map.entry("key", "a b"), Map.entry("x", "1"));
  }

  @Test
  void callidIsAnArgumentLikeOthers() {
    assertThat(Request.parse("noop callid=4%202").callid()).contains("4 2");
    assertThat(Request.parse("noop").callid()).isEmpty();
  }

  @Test
  void requestWithoutArgumentsIsTheWordAlone() {
    assertThat(new Request("noop", Arguments.NONE).line()).isEqualTo("noop\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "noop\r\ndelete", "NOOP", "é", "a=b"})
  void whatIsNoCommandCannotBeSent(String word) {
    assertThatThrownBy(() -> new Request(word, Arguments.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
