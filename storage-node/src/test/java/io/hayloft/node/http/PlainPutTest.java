package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPutTest {

  private static final String HEAD =
      """
      PUT /dev1/0/000/001/0000001234.fid HTTP/1.1
      host: node:7500
      User-Agent: Mozilla/5.0 (é)
      Content-Type: image/jpeg
      content-length: 5
      Connection: keep-alive

      """
          .replace("\n", "\r\n");

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  /** One with room for more than the text. */
  private static ByteBuffer roomy(String text) {
    return ByteBuffer.allocate(1_000).put(text.getBytes(ISO_8859_1)).flip();
  }

  @Test
  void whatClientsSendIsTaken() {
    var buffer = buffer(HEAD + "hello" + "PUT");

    assertThat(PlainPut.look(buffer))
        .isEqualTo(
            new PlainPut.Seen.Whole(
                "/dev1/0/000/001/0000001234.fid", HEAD.length(), HEAD.length() + 5));
    assertThat(buffer.position()).isZero();
  }

  @Test
  void aBodyThatIsStillComingIsWaitedForWhereItFits() {
    assertThat(PlainPut.look(roomy(HEAD + "hell"))).isInstanceOf(PlainPut.Seen.Part.class);
    assertThat(PlainPut.look(buffer(HEAD + "hell"))).isInstanceOf(PlainPut.Seen.Other.class);
    assertThat(PlainPut.look(roomy(HEAD.replace(": 5", ": 999"))))
        .isInstanceOf(PlainPut.Seen.Other.class);
  }

  @Test
  void aHeadThatIsStillComingIsForJetty() {
    for (int length = 0; length < HEAD.length(); length++) {
      assertThat(PlainPut.look(roomy(HEAD.substring(0, length))))
          .isInstanceOf(PlainPut.Seen.Other.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-MD5: XUFAKrxLKna5cZ2REBfFkg==",
        "Content-Range: bytes 0-4/5",
        "Content-Length: 5",
        "Content-Length: -1",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Connection: close",
        "Host: other",
        "X-Unusual: yes",
        " folded",
        "no colon"
      })
  void headersThatMayAskForMoreAreForJetty(String header) {
    var text = HEAD.replace("Content-Type: image/jpeg", header) + "hello";

    assertThat(PlainPut.look(buffer(text))).isInstanceOf(PlainPut.Seen.Other.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-5", "+5", "5,5", "0x5", "99999999", "4294967301", "5 5"})
  void lengthsThatAreNoneAreForJetty(String length) {
    var text = HEAD.replace(": 5", ": " + length) + "hello";

    assertThat(PlainPut.look(roomy(text))).isInstanceOf(PlainPut.Seen.Other.class);
  }

  @Test
  void othersAreForJetty() {
    for (var method : new String[] {"POST", "GET", "put"}) {
      assertThat(PlainPut.look(buffer(HEAD.replace("PUT", method) + "hello")))
          .as(method)
          .isInstanceOf(PlainPut.Seen.Other.class);
    }
    assertThat(PlainPut.look(buffer(HEAD.replace("1.1", "1.0") + "hello")))
        .isInstanceOf(PlainPut.Seen.Other.class);
    assertThat(PlainPut.look(buffer(HEAD.replace("/dev1", "/dev%31") + "hello")))
        .isInstanceOf(PlainPut.Seen.Other.class);
    assertThat(PlainPut.look(buffer(HEAD.replace("host: node:7500\r\n", "") + "hello")))
        .isInstanceOf(PlainPut.Seen.Other.class);
    assertThat(PlainPut.look(buffer(HEAD.replace("node:7500", "\"node") + "hello")))
        .isInstanceOf(PlainPut.Seen.Other.class);
  }
}
