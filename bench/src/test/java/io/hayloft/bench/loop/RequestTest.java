package io.hayloft.bench.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RequestTest {

  private final Request request = new Request();

  private String text() {
    var text = request.text().duplicate().flip();
    return ISO_8859_1.decode(text).toString();
  }

  @Test
  void numbersHaveAtLeastTheirDigits() {
    request.number(0, 1).put((byte) ' ').number(1234, 10).put((byte) ' ');
    request.number(Long.MAX_VALUE, 3);

    assertThat(text()).isEqualTo("0 0000001234 9223372036854775807");
    assertThatThrownBy(() -> request.number(-1, 1)).hasMessageContaining("negative");
  }

  @Test
  void growsAndIsEmptyAgain() {
    for (int i = 0; i < 1000; i++) {
      request.put(Answer.bytes("0123456789"), 3, 7);
    }
    assertThat(text()).hasSize(4000).startsWith("34563456");

    request.body(ByteBuffer.wrap(new byte[5]).position(3));
    assertThat(request.body()).hasToString(ByteBuffer.wrap(new byte[5]).toString());

    request.clear();
    assertThat(text()).isEmpty();
    assertThat(request.body()).isNull();
  }
}
