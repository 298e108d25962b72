package io.hayloft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {

  private static final String HEX = "5d41402abc4b2a76b9719d911017c592";

  @Property
  void everyDigestIsReadBack(@ForAll HashAlgorithm algorithm, @ForAll byte seed) {
    var digest = new byte[algorithm.length()];
    for (int i = 0; i < digest.length; i++) {
      digest[i] = (byte) (seed * (i + 1));
    }
    var checksum = Checksum.of(algorithm, digest);

    assertThat(Checksum.parse(checksum.toString())).contains(checksum);
    assertThat(checksum.digest()).isEqualTo(digest);
  }

  @Test
  void hexMayBeOfAnyCaseAndIsKeptInLowerCase() {
    var checksum = Checksum.parse("MD5:" + HEX.toUpperCase(java.util.Locale.ROOT)).orElseThrow();

    assertThat(checksum).hasToString("MD5:" + HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MISSING",
        "NONE",
        "MD5:",
        "MD5",
        "MD5=" + HEX,
        "md5:" + HEX,
        "MD5:" + HEX + "00",
        "MD5:" + HEX + ":",
        "MD5: " + HEX,
        "SHA-1:" + HEX,
        "SHA1:" + HEX + "00000000",
        "MD5:5d41402abc4b2a76b9719d911017c59",
        "MD5:5d41402abc4b2a76b9719d911017c59g",
        "CRC:" + HEX
      })
  void whatIsNotAWholeDigestIsRefused(String text) {
    assertThat(Checksum.parse(text)).isEmpty();
  }

  @Test
  void onlyLowerCaseOfFullLengthMakesAValue() {
    assertThatThrownBy(
            () -> new Checksum(HashAlgorithm.MD5, HEX.toUpperCase(java.util.Locale.ROOT)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Checksum(HashAlgorithm.SHA_1, HEX))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void algorithmIsKnownToJavaByItsNameOnTheWire(HashAlgorithm algorithm)
      throws NoSuchAlgorithmException {
    assertThat(MessageDigest.getInstance(algorithm.wire()).getDigestLength())
        .isEqualTo(algorithm.length());
    assertThat(HashAlgorithm.named(algorithm.wire())).contains(algorithm);
    assertThat(HashAlgorithm.numbered(algorithm.number())).contains(algorithm);
  }

  @Test
  void numbersAreThoseOfTheDatabase() {
    assertThat(HashAlgorithm.MD5.number()).isEqualTo(1);
    assertThat(HashAlgorithm.SHA_1.number()).isEqualTo(2);
    assertThat(HashAlgorithm.numbered(0)).isEmpty();
    assertThat(HashAlgorithm.named("sha-1")).isEmpty();
  }
}
