package io.hayloft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

  @Provide
  Arbitrary<Map<String, String>> anyPairs() {
    return Arbitraries.maps(Wire.bytes(), Wire.bytes()).ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> bytes() {
    return Wire.bytes();
  }

  @Property
  void whatIsEncodedIsRead(@ForAll("anyPairs") Map<String, String> pairs) {
    var arguments = new Arguments(pairs);

    assertThat(Arguments.parse(arguments.encode())).isEqualTo(arguments);
  }

  @Property
  void readingNeverFails(@ForAll("bytes") String line) {
    assertThat(Arguments.parse(line).values()).doesNotContainValue(null);
  }

  @Test
  void emptyPiecesAndThePieceZeroAreDropped() {
    assertThat(Arguments.parse("&&a=1&0&&b=2&").values())
        .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    assertThat(Arguments.parse("").values()).isEmpty();
    assertThat(Arguments.parse("0").values()).isEmpty();
    assertThat(Arguments.parse("00&0=").values())
        .containsExactly(Map.entry("00", ""), Map.entry("0", ""));
  }

  @Test
  void whatFollowsASecondEqualsSignIsDropped() {
    assertThat(Arguments.parse("a=b=c&d==e").values())
        .containsExactly(Map.entry("a", "b"), Map.entry("d", ""));
    assertThat(Arguments.parse("a=b%3Dc").text("a")).isEqualTo("b=c");
  }

  @Test
  void missingValueIsThereAndFalse() {
    var arguments = Arguments.parse("a&b=");

    assertThat(arguments.has("a")).isTrue();
    assertThat(arguments.text("a")).isEmpty();
    assertThat(arguments.flag("a")).isFalse();
    assertThat(arguments.flag("b")).isFalse();
    assertThat(arguments.has("c")).isFalse();
    assertThat(arguments.get("c")).isEmpty();
    assertThat(arguments.get("b")).contains("");
  }

  @Test
  void namesAreUnescapedToo() {
    assertThat(Arguments.parse("a%20b+c=1").values()).containsExactly(Map.entry("a b c", "1"));
  }

  @Test
  void ofANameGivenTwiceTheLastCounts() {
    assertThat(Arguments.parse("a=1&b=2&a=3").text("a")).isEqualTo("3");
  }

  @Test
  void rawBlanksBelongToTheValue() {
    assertThat(Arguments.parse("key=a b c&x=1").text("key")).isEqualTo("a b c");
  }

  @Test
  void onlyEmptyAndZeroAreFalse() {
    assertThat(Arguments.isTrue("")).isFalse();
    assertThat(Arguments.isTrue("0")).isFalse();
    for (var text : new String[] {"00", "0.0", "false", " ", "-0", "1", "no"}) {
      assertThat(Arguments.isTrue(text)).as(text).isTrue();
    }
  }

  @Test
  void absentFlagIsWhatTheCallerSays() {
    assertThat(Arguments.NONE.isTrue("a", true)).isTrue();
    assertThat(Arguments.NONE.isTrue("a", false)).isFalse();
    assertThat(Arguments.parse("a=0").isTrue("a", true)).isFalse();
    assertThat(Arguments.parse("a=").isTrue("a", true)).isFalse();
    assertThat(Arguments.parse("a=1").isTrue("a", false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "12, 12",
    "' 12', 12",
    "12x, 12",
    "x12, 0",
    "-5, -5",
    "+5, 5",
    "1.9, 1",
    "-, 0",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, 9223372036854775807",
    "99999999999999999999999, 9223372036854775807",
    "-9223372036854775807, -9223372036854775807",
    "-99999999999999999999999, -9223372036854775808"
  })
  void numberIsTheLongestLeadingInteger(String text, long expected) {
    assertThat(new Arguments(Map.of("n", text)).number("n")).isEqualTo(expected);
  }

  @Property
  void everyLongIsReadBack(@ForAll long number) {
    assertThat(new Arguments(Map.of("n", Long.toString(number))).number("n")).isEqualTo(number);
  }

  @Test
  void valuesCannotBeChanged() {
    var source = new HashMap<String, String>();
    var arguments = new Arguments(source);
    source.put("a", "1");

    assertThat(arguments.values()).isEmpty();
    assertThatThrownBy(() -> arguments.values().put("a", "1"))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
