package io.hayloft.tracker.store.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import org.junit.jupiter.api.Test;

class EntryNamesTest {

  private static String fidOf(String key) {
    return EntryNames.fidOf(new StoredFile.Name(new DomainId(3), new Key(key)));
  }

  @Test
  void theyAreThoseOfTheOriginal() {
    assertThat(fidOf("photos/1.jpg")).isEqualTo("mogfid:3:photos/1.jpg");
    assertThat(EntryNames.devicesOf(new Fid(17))).isEqualTo("mogdevids:17");
  }

  @Test
  void bytesThatAServerDoesNotTakeAreEscaped() {
    assertThat(fidOf("a b\r\nc\u00e9\u007f%#")).isEqualTo("mogfid:3:a%20b%0D%0Ac%E9%7F%25%23");
  }

  @Test
  void noTwoKeysShareAName() {
    assertThat(fidOf("a b")).isNotEqualTo(fidOf("a%20b"));
    assertThat(fidOf("x".repeat(254) + "1")).isNotEqualTo(fidOf("x".repeat(254) + "2"));
    assertThat(fidOf("#" + fidOf("x".repeat(255)).replaceFirst(".*#", "")))
        .isNotEqualTo(fidOf("x".repeat(255)));
  }

  @Test
  void longKeysStayWithinWhatAServerTakes() {
    assertThat(fidOf("\u0000".repeat(255)).length()).isLessThan(200);
  }
}
