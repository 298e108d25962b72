package io.hayloft.tracker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That {@link ClientReaders} choke on what their clients choke on. */
class ClientReadersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OK\r\n",
        "OK \n",
        "OK paths\r\n",
        "OK a=b=c\r\n",
        "OK 1path=x\r\n",
        "OK a=b c=d\r\n",
        "OK path1=http%3A%2F%2F10.0.0.1%2F&paths=1\r\n",
        "OK paths=2&path1=http://10.0.0.1/\r\n",
        "OK paths=1&path1=http://10.0.0.1/a+b\r\n",
        "OK a=b\r\nOK \r\n",
        "ERR unknown_key\r\n",
        "ERR 404 not+found\r\n",
        "ERR failure because+of+unreg_class\r\n"
      })
  void whatNoTrackerMaySend(String raw) {
    assertThatThrownBy(() -> ClientReaders.readByAll(raw)).isInstanceOf(AssertionError.class);
  }

  @Test
  void whatATrackerSends() {
    for (var reply :
        new Reply[] {
          Reply.ok().build(),
          Reply.ok().with("a b", "c&d=e").with("empty", "").build(),
          Reply.ok().with("paths", 1).with("path1", "http://10.0.0.1:7500/dev1/0/1.fid").build(),
          Reply.err(io.hayloft.protocol.ErrorCode.UNREG_CLASS)
        }) {
      for (var callid : new String[] {"", "7", "a b"}) {
        var raw = reply.line(callid.isEmpty() ? Optional.empty() : Optional.of(callid));
        assertThatCode(() -> ClientReaders.readByAll(raw)).as(raw).doesNotThrowAnyException();
      }
    }
  }
}
