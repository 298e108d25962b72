package io.hayloft.bench.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AnswerTest {

  private static Answer answer(String text) {
    var bytes = Answer.bytes("##" + text + "##");
    var answer = new Answer();
    answer.set(bytes, 2, bytes.length - 2);
    return answer;
  }

  @Test
  void okIsAWord() {
    assertThat(answer("OK ").isOk()).isTrue();
    assertThat(answer("OK").isOk()).isTrue();
    assertThat(answer("OKAY").isOk()).isFalse();
    assertThat(answer("ERR OK").isOk()).isFalse();
    assertThat(answer("O").isOk()).isFalse();
  }

  @Test
  void fieldsAreFoundByTheirWholeNames() {
    var answer = answer("OK other_fid=1&fid=23&path=http%3A%2F%2Fx");

    assertThat(answer.number(Answer.bytes("fid="))).isEqualTo(23);
    int path = answer.field(Answer.bytes("path="));
    assertThat(answer.end(path)).isEqualTo(path + "http%3A%2F%2Fx".length());
    assertThatThrownBy(() -> answer.field(Answer.bytes("id=")))
        .hasMessageContaining("no field id=")
        .hasMessageContaining("OK other_fid=1");
  }

  @Test
  void whatIsNoNumberIsWrong() {
    assertThatThrownBy(() -> answer("OK n=").number(Answer.bytes("n=")))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> answer("OK n=1x").number(Answer.bytes("n=")))
        .hasMessageContaining("not a number");
  }

  @Test
  void statusIsThatOfTheFirstLine() {
    assertThat(answer("HTTP/1.0 204 No Content\r\n\r\n").status()).isEqualTo(204);
    assertThat(answer("HTTP/").status()).isEqualTo(-1);
  }
}
