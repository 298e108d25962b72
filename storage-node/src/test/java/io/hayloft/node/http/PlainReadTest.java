package io.hayloft.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainReadTest {

  private static final String REQUEST =
      """
      GET /dev1/0/000/001/0000001234.fid HTTP/1.1
      HOST: node:7500
      User-Agent: Mozilla/5.0 (é)
      Accept: */*
      accept-encoding:gzip
      Connection: keep-alive

      """
          .replace("\n", "\r\n");

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  @Test
  void whatClientsSendIsTakenOneAfterTheOther() {
    var buffer = buffer(REQUEST + REQUEST.replace("1234", "5678") + "GET");

    assertThat(PlainRead.take(buffer)).isEqualTo("/dev1/0/000/001/0000001234.fid");
    assertThat(PlainRead.take(buffer)).isEqualTo("/dev1/0/000/001/0000005678.fid");
    assertThat(PlainRead.take(buffer)).isNull();
    assertThat(buffer.remaining()).isEqualTo(3);
  }

  @Test
  void requestsForTheHeadAloneAreTakenAndToldFromOthers() {
    var buffer = buffer(REQUEST.replace("GET", "HEAD") + REQUEST + "HEA");

    assertThat(PlainRead.isHead(buffer)).isTrue();
    assertThat(PlainRead.take(buffer)).isEqualTo("/dev1/0/000/001/0000001234.fid");
    assertThat(PlainRead.isHead(buffer)).isFalse();
    assertThat(PlainRead.take(buffer)).isEqualTo("/dev1/0/000/001/0000001234.fid");
    assertThat(PlainRead.isHead(buffer)).isFalse();
    assertThat(PlainRead.take(buffer)).isNull();
  }

  @Test
  void nothingIsTakenBeforeItIsComplete() {
    for (int length = 0; length < REQUEST.length(); length++) {
      var buffer = buffer(REQUEST.substring(0, length));

      assertThat(PlainRead.take(buffer)).as("%s bytes", length).isNull();
      assertThat(buffer.position()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEAD /dev1/a HTTP/1.0\r\nHost: a\r\n\r\n",
        "HEAD /dev1/a HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n",
        "HEADS /dev1/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "get /dev1/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET dev1/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/dev1/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /dev1/%61 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /dev1/a?b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /dev1/a;b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET  /dev1/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /dev1/a  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /dev1/a HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET /dev1/a HTTP/1.1\nHost: a\n\n",
        "GET /dev1/a HTTP/1.1\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: \"a\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nUser-Agent: b\u0000c\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nUser-Agent: b\nc: d\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, upgrade\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nWant-Repr-Digest: crc32c=1\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\nX-Unknown: b\r\n\r\n",
        "GET /dev1/a HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
      })
  void whateverIsUnusualIsLeftAlone(String request) {
    var buffer = buffer(request);

    assertThat(PlainRead.take(buffer)).isNull();
    assertThat(buffer.position()).isZero();
  }
}
