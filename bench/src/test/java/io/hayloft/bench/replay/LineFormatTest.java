package io.hayloft.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration THEN =
      Duration.between(Instant.EPOCH, Instant.parse("2000-10-10T20:55:36Z"));

  private static Access access(String line) {
    return LineFormat.read(line).orElseThrow();
  }

  private static String common(String request, int status, String bytes) {
    return "10.1.1.1 - frank [10/Oct/2000:13:55:36 -0700] \"%s\" %d %s"
        .formatted(request, status, bytes);
  }

  @Test
  void commonLogLineIsRead() {
    assertThat(access(common("GET /a%20b/c.jpg?w=100 HTTP/1.0", 200, "2326")))
        .isEqualTo(new Access(THEN, Method.GET, "a b/c.jpg", 2326, true, SECOND));
  }

  @Test
  void combinedLogLineIsReadThoughThereIsMoreBehind() {
    assertThat(access(common("HEAD /k HTTP/1.1", 200, "-") + " \"http://r/\" \"Agent [en] (x)\""))
        .isEqualTo(new Access(THEN, Method.HEAD, "k", Access.UNKNOWN, true, SECOND));
  }

  @Test
  void answersSayWhetherTheFileWasThere() {
    assertThat(access(common("GET /k HTTP/1.1", 404, "153")).found()).isFalse();
    assertThat(access(common("GET /k HTTP/1.1", 404, "153")).size()).isEqualTo(Access.UNKNOWN);
    assertThat(access(common("GET /k HTTP/1.1", 206, "10")).size()).isEqualTo(Access.UNKNOWN);
    assertThat(access(common("GET /k HTTP/1.1", 304, "0")).method()).isEqualTo(Method.HEAD);
    assertThat(access(common("PUT /k HTTP/1.1", 201, "0")).size()).isEqualTo(Access.UNKNOWN);
    assertThat(LineFormat.read(common("GET /k HTTP/1.1", 500, "1"))).isEmpty();
    assertThat(LineFormat.read(common("GET /k HTTP/1.1", 302, "1"))).isEmpty();
    assertThat(LineFormat.read(common("OPTIONS /k HTTP/1.1", 200, "1"))).isEmpty();
    assertThat(LineFormat.read(common("GET / HTTP/1.1", 200, "1"))).isEmpty();
  }

  @Test
  void addressAsAProxyWritesItIsAKeyToo() {
    assertThat(access(common("GET http://photos.example/a/b HTTP/1.1", 200, "1")).key())
        .isEqualTo("a/b");
  }

  @Test
  void fourWordsAreRead() {
    assertThat(access("12.5 GET a+b%2Fc 100"))
        .isEqualTo(
            new Access(Duration.ofMillis(12_500), Method.GET, "a+b/c", 100, true, Duration.ZERO));
    assertThat(access("2000-10-10T20:55:36.000Z put k -").at()).isEqualTo(THEN);
    assertThat(access("1 GET k -").size()).isEqualTo(Access.UNKNOWN);
    assertThat(access("1 GET k missing").found()).isFalse();
    assertThat(access("1\tDELETE\tk\t-").method()).isEqualTo(Method.DELETE);
    assertThat(LineFormat.read("# 1 GET k 1")).isEmpty();
    assertThat(LineFormat.read("")).isEmpty();
  }

  @Test
  void objectsAreRead() {
    assertThat(access("{\"time\": 1.25, \"method\": \"POST\", \"key\": \"ä b\", \"size\": 7}"))
        .isEqualTo(new Access(Duration.ofMillis(1_250), Method.PUT, "ä b", 7, true, Duration.ZERO));
    assertThat(access("{\"time\":\"2000-10-10T20:55:36Z\",\"method\":\"GET\",\"key\":\"k\"}").at())
        .isEqualTo(THEN);
    assertThat(access("{\"time\":1,\"method\":\"GET\",\"key\":\"k\",\"found\":false}").found())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 GET k|not the four words",
        "1 GET k 1 2|not the four words",
        "yesterday GET k 1|not a time: yesterday",
        "1 GET k many|not a size: many",
        "1 GET k 99999999999999999999|not a size",
        "1 GET k -5|a size below 0",
        "1 GET %zz 1|not escaped as in URLs: %zz",
        "{\"time\": 1|not JSON",
        "{\"time\": 1, \"method\": \"GET\"}|no field \"key\"",
        "{\"time\": {}, \"method\": \"GET\", \"key\": \"k\"}|no field \"time\"",
        "{\"time\": 1, \"method\": \"GET\", \"key\": \"k\", \"size\": \"x\"}|not a size",
        "{\"time\": 1, \"method\": \"GET\", \"key\": \"\"}|no key",
        "h - - [99/Oct/2000:13:55:36 -0700] \"GET /k HTTP/1.0\" 200 1|not a time: 99/Oct",
        "h - - [10/Oct/2000:13:55:36 -0700] \"GET /k HTTP/1.0\" OK 1|not host ident user",
      })
  void badLineIsRefusedWithAReason(String line, String reason) {
    assertThatThrownBy(() -> LineFormat.read(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000\u0001", "[\"", "{}", "{\"time\"", "a [b] \"c\" d", "   x"})
  void nothingElseThanThatIsThrown(String line) {
    assertThatThrownBy(() -> LineFormat.read(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
