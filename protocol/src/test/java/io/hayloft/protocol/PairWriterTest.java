package io.hayloft.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PairWriterTest {

  @Provide
  Arbitrary<List<String>> values() {
    return Wire.bytes().list().ofMaxSize(120);
  }

  @Provide
  Arbitrary<String> ids() {
    return Wire.someBytes();
  }

  @Property
  void whatIsWrittenIsWhatPairsWouldBe(
      @ForAll("values") List<String> values, @ForAll("ids") String id) {
    var pairs = Reply.ok().with("count", values.size());
    var writer = new PairWriter(0).with("count", values.size());
    for (int i = 1; i <= values.size(); i++) {
      var value = values.get(i - 1);
      pairs.with("key_" + i, value).with("path" + i, value);
      writer.with("key_", i, value.getBytes(ISO_8859_1)).with("path", i, value);
    }
    pairs.with("last", id);
    writer.with("last", id.getBytes(ISO_8859_1));

    var written = writer.build();

    assertThat(written.line(Optional.empty())).isEqualTo(pairs.build().line(Optional.empty()));
    assertThat(written.line(Optional.of(id))).isEqualTo(pairs.build().line(Optional.of(id)));
  }

  @Test
  void everyByteAndTheLargestNumbersAreWritten() {
    var all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }

    var written =
        new PairWriter(1)
            .with("least", Long.MIN_VALUE)
            .with("key_", Integer.MAX_VALUE, all)
            .with("path", Integer.MAX_VALUE, new String(all, ISO_8859_1))
            .build()
            .line(Optional.empty());

    assertThat(written)
        .isEqualTo(
            Reply.ok()
                .with("least", Long.MIN_VALUE)
                .with("key_" + Integer.MAX_VALUE, new String(all, ISO_8859_1))
                .with("path" + Integer.MAX_VALUE, new String(all, ISO_8859_1))
                .build()
                .line(Optional.empty()));
  }

  @Test
  void whatIsNoByteIsRefused() {
    var writer = new PairWriter(1);

    assertThatThrownBy(() -> writer.with("path", 1, "\u0100"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("index 0");
  }
}
