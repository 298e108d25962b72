package io.hayloft.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class KeyTest {

  @Provide
  Arbitrary<String> someBytes() {
    return Wire.someBytes();
  }

  @Property
  void bytesComeBackAsTheyWere(@ForAll("someBytes") String wire) {
    assertThat(Key.of(new Key(wire).bytes())).isEqualTo(new Key(wire));
    assertThat(new Key(wire).bytes()).isEqualTo(wire.getBytes(ISO_8859_1));
  }

  @Property
  void orderIsThatOfUnsignedBytes(
      @ForAll("someBytes") String one, @ForAll("someBytes") String two) {
    int expected = Arrays.compareUnsigned(new Key(one).bytes(), new Key(two).bytes());

    assertThat(Integer.signum(new Key(one).compareTo(new Key(two))))
        .isEqualTo(Integer.signum(expected));
  }

  @Test
  void lengthIsThatOfTheBytes() {
    assertThat(Key.utf8("é".repeat(127)).bytes()).hasSize(254);
    assertThat(new Key("a".repeat(255)).bytes()).hasSize(255);
    assertThatThrownBy(() -> Key.utf8("é".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
    assertThatThrownBy(() -> new Key("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void textThatIsNoBytesIsRefused() {
    assertThatThrownBy(() -> new Key("\u20ac")).hasMessageContaining("Key.utf8");
  }

  @Test
  void zeroIsAKeyLikeAnyOther() {
    assertThat(new Key("0").wire()).isEqualTo("0");
  }

  @Test
  void peopleSeeUtf8WhereItIsUtf8() {
    assertThat(Key.utf8("Käse")).hasToString("Käse");
    assertThat(new Key("K\u00e4se")).hasToString("K\u00e4se");
    assertThat(Key.utf8("Käse")).isNotEqualTo(new Key("K\u00e4se"));
  }
}
