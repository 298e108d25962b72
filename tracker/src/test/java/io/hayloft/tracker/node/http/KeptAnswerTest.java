package io.hayloft.tracker.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptAnswerTest {

  private static final String USUAL =
      "HTTP/1.1 200 OK\r\nLast-Modified: today\r\ncontent-length: 16384\r\nETag: \"a\"\r\n\r\n";

  private static Optional<OptionalLong> length(String answer) {
    var bytes = answer.getBytes(ISO_8859_1);
    return KeptAnswer.read(bytes, bytes.length).map(KeptAnswer.Head::length);
  }

  @Test
  void theLengthIsReadWhenTheWholeHeadIsThere() {
    for (int end = 0; end < USUAL.length(); end++) {
      assertThat(length(USUAL.substring(0, end))).as(USUAL.substring(0, end)).isEmpty();
    }
    assertThat(length(USUAL)).contains(OptionalLong.of(16384));
  }

  @Test
  void onlyTheBytesThatCameCount() {
    var bytes = (USUAL + USUAL).getBytes(ISO_8859_1);

    assertThat(KeptAnswer.read(bytes, USUAL.length()))
        .contains(new KeptAnswer.Head(OptionalLong.of(16384)));
  }

  @Test
  void anEmptyFileIsAFile() {
    assertThat(length("HTTP/1.1 200 OK\r\nContent-Length:0\r\n\r\n")).contains(OptionalLong.of(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 206 Partial\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 2000 What\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n",
        " HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Content-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1234567890123456789\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      })
  void whatIsUnusualHasNoLength(String answer) {
    assertThat(length(answer)).contains(OptionalLong.empty());
  }
}
