package io.hayloft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SpanTest {

  @Test
  void filesLieWhereReplicasDo() {
    var span = new Span(1_234_567, 3);

    assertThat(span.path(0)).isEqualTo("/dev1/0/001/234/0001234567.fid");
    assertThat(span.path(2)).isEqualTo("/dev1/0/001/234/0001234569.fid");
    assertThat(span.file(Path.of("/root"), 1))
        .isEqualTo(Path.of("/root/dev1/0/001/234/0001234568.fid"));
    assertThat(span.begin(2)).isEqualTo(new Span(1_234_567, 2));
    assertThat(span.begin(9)).isEqualTo(span);
    assertThatThrownBy(() -> span.path(3)).hasMessageContaining("there are 3 files");
  }
}
