package io.hayloft.node.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HttpDateTest {

  private static final DateTimeFormatter EXPECTED =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  @Test
  void anyTimeIsWrittenAsHttpWantsIt() {
    assertThat(HttpDate.of(784_111_777_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    var random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      long millis = random.nextLong(-1_000_000_000_000L, 4_000_000_000_000L);
      assertThat(HttpDate.of(millis)).isEqualTo(EXPECTED.format(Instant.ofEpochMilli(millis)));
    }
  }
}
