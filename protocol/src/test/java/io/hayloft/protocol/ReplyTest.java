package io.hayloft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

  @Provide
  Arbitrary<Reply.Ok> successes() {
    var names =
        Arbitraries.strings()
            .withChars("abcxyz_")
            .ofMinLength(1)
            .ofMaxLength(8)
            .filter(name -> !name.equals("callid"));
    return Arbitraries.maps(names, Wire.bytes())
        .ofMaxSize(5)
        .map(
            pairs -> {
              var reply = Reply.ok();
              pairs.forEach(reply::with);
              return reply.build();
            });
  }

  @Provide
  Arbitrary<Reply.Err> refusals() {
    var words = Arbitraries.strings().withChars("abc_019").ofMinLength(1).ofMaxLength(8);
    return Combinators.combine(words, Wire.bytes()).as(Reply.Err::new);
  }

  @Provide
  Arbitrary<String> ids() {
    return Wire.someBytes();
  }

  @Provide
  Arbitrary<String> bytes() {
    return Wire.bytes();
  }

  @Property
  void successIsReadBack(@ForAll("successes") Reply.Ok reply) {
    var line = reply.line(Optional.empty());

    assertThat(line).startsWith("OK ").endsWith("\r\n");
    assertThat(Reply.parse(line)).isEqualTo(reply);
    assertThat(Reply.callidOf(line)).isEmpty();
  }

  @Property
  void refusalIsReadBack(@ForAll("refusals") Reply.Err reply) {
    var line = reply.line(Optional.empty());

    assertThat(line).matches("ERR \\w+ \\S+\\r\\n");
    assertThat(Reply.parse(line)).isEqualTo(reply);
    assertThat(Reply.callidOf(line)).isEmpty();
  }

  @Property
  void callidIsEchoedAsItCame(
      @ForAll("successes") Reply.Ok ok,
      @ForAll("refusals") Reply.Err err,
      @ForAll("ids") String id) {
    assertThat(Reply.callidOf(ok.line(Optional.of(id)))).contains(id);
    assertThat(Reply.callidOf(err.line(Optional.of(id)))).contains(id);
    assertThat(Reply.parse(err.line(Optional.of(id)))).isEqualTo(err);
  }

  @Property
  void everyLineEndsOnceAndAtItsEnd(
      @ForAll("successes") Reply.Ok ok,
      @ForAll("refusals") Reply.Err err,
      @ForAll("ids") String id) {
    for (var line : new String[] {ok.line(Optional.of(id)), err.line(Optional.of(id))}) {
      assertThat(line.indexOf('\r')).isEqualTo(line.length() - 2);
      assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    }
  }

  @Property
  void readingFailsInOneWayOnly(@ForAll("bytes") String line) {
    for (var start : new String[] {"", "OK", "OK ", "ERR ", "ERR  "}) {
      try {
        assertThat(Reply.parse(start + line)).isNotNull();
      } catch (MalformedReplyException expected) {
        assertThat(expected).hasMessageStartingWith("not a reply: ");
      }
    }
  }

  @Test
  void successWithoutPairsKeepsItsBlank() {
    assertThat(Reply.ok().build().line(Optional.empty())).isEqualTo("OK \r\n");
    assertThat(Reply.ok().build().line(Optional.of("43"))).isEqualTo("OK callid=43\r\n");
  }

  @Test
  void unknownValueKeepsItsEqualsSign() {
    var reply = Reply.ok().with("a", Optional.empty()).with("b", Optional.of(3)).with("c", 4);

    assertThat(reply.build().line(Optional.empty())).isEqualTo("OK a=&b=3&c=4\r\n");
  }

  @Test
  void pairsGoOutInTheOrderTheyWereGiven() {
    var reply = Reply.ok().with("dev_count", 1).with("z", "1").with("a", "2").build();

    assertThat(reply.line(Optional.empty())).isEqualTo("OK dev_count=1&z=1&a=2\r\n");
  }

  @Test
  void refusalNeverLacksItsText() {
    assertThat(new Reply.Err("unknown_key", "").line(Optional.empty()))
        .isEqualTo("ERR unknown_key unknown_key\r\n");
    assertThat(Reply.err(ErrorCode.UNKNOWN_KEY).line(Optional.of("42")))
        .isEqualTo("ERR unknown_key unknown_key 42\r\n");
    assertThat(Reply.err(ErrorCode.NONE_MATCH).line(Optional.empty()))
        .isEqualTo("ERR none_match No+keys+match+that+pattern+and+after-value+%28if+any%29.\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OK a=1", "OK a=1\r\n", "OK a=1\n", "OK  a=1", "OK 17 a=1", "OK 17  a=1"})
  void successIsReadAsOldServersWroteIt(String line) {
    assertThat(((Reply.Ok) Reply.parse(line)).values()).containsExactly(Map.entry("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"OK", "OK ", "OK \r\n", "OK 17"})
  void successMayBeEmpty(String line) {
    assertThat(((Reply.Ok) Reply.parse(line)).pairs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "OKAY", "ok ", "ERR", "ERR ", "ERR  text", "HTTP/1.1 400", "ERRfoo", "."})
  void whatIsNoReplyIsRefused(String line) {
    assertThatThrownBy(() -> Reply.parse(line)).isInstanceOf(MalformedReplyException.class);
  }

  @Test
  void refusalWithoutTextIsRead() {
    assertThat(Reply.parse("ERR busy\r\n")).isEqualTo(new Reply.Err("busy", "busy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a\r\nOK", "é"})
  void codeIsAWord(String code) {
    assertThatThrownBy(() -> new Reply.Err(code, "text"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void messageOfAMalformedReplyIsBounded() {
    assertThat(new MalformedReplyException("x".repeat(100_000)).getMessage()).hasSizeLessThan(300);
  }
}
