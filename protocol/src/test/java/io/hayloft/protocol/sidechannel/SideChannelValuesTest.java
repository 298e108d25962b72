package io.hayloft.protocol.sidechannel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.protocol.sidechannel.SideReply.DigestAnswer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SideChannelValuesTest {

  private static final String HEX = "5d41402abc4b2a76b9719d911017c592";
  private static final Checksum CHECKSUM = new Checksum(HashAlgorithm.MD5, HEX);

  @Test
  void requestsAreRead() {
    assertThat(SideRequest.parse("size /dev1/x")).isEqualTo(new SideRequest.Size("/dev1/x"));
    assertThat(SideRequest.parse("MD5 /dev1/x"))
        .isEqualTo(new SideRequest.Digest(HashAlgorithm.MD5, "/dev1/x", false));
    assertThat(SideRequest.parse("SHA-1  /dev1/x fsck\r"))
        .isEqualTo(new SideRequest.Digest(HashAlgorithm.SHA_1, "/dev1/x", true));
    assertThat(SideRequest.parse("MD5 /dev1/x replicate"))
        .isEqualTo(new SideRequest.Digest(HashAlgorithm.MD5, "/dev1/x", false));
    assertThat(SideRequest.parse("wAtCh")).isEqualTo(new SideRequest.Watch());
    assertThat(SideRequest.parse("")).isEqualTo(new SideRequest.Nothing());
    assertThat(SideRequest.parse("  \r")).isEqualTo(new SideRequest.Nothing());
    assertThat(SideRequest.parse("size /a/../b")).isEqualTo(new SideRequest.ClimbingUri());
    assertThat(SideRequest.parse("MD5 ..")).isEqualTo(new SideRequest.ClimbingUri());
  }

  @Test
  void wordsAreCaseSensitive() {
    assertThat(SideRequest.parse("md5 /x")).isEqualTo(new SideRequest.Unknown("md5"));
    assertThat(SideRequest.parse("SIZE /x")).isEqualTo(new SideRequest.Unknown("SIZE"));
    assertThat(SideRequest.parse("size")).isEqualTo(new SideRequest.Unknown("size"));
    assertThat(SideRequest.parse("Shutdown")).isEqualTo(new SideRequest.Unknown("Shutdown"));
  }

  @Test
  void shutdownSaysHowLongToWait() {
    assertThat(SideRequest.parse("shutdown")).isEqualTo(new SideRequest.Shutdown(Duration.ZERO));
    assertThat(SideRequest.parse("shutdown graceful"))
        .isEqualTo(new SideRequest.Shutdown(SideRequest.USUAL_GRACE));
    assertThat(SideRequest.parse("shutdown graceful 5"))
        .isEqualTo(new SideRequest.Shutdown(Duration.ofSeconds(5)));
    assertThat(SideRequest.parse("shutdown graceful soon"))
        .isEqualTo(new SideRequest.Shutdown(SideRequest.USUAL_GRACE));
  }

  @Test
  void digestSurvivesTheWayThere() {
    var found = SideReply.digest("/dev1/x", HashAlgorithm.MD5, Optional.of(CHECKSUM));
    var missing = SideReply.digest("/dev1/x", HashAlgorithm.MD5, Optional.empty());

    assertThat(found).isEqualTo("/dev1/x MD5=" + HEX);
    assertThat(missing).isEqualTo("/dev1/x MD5=-1");
    assertThat(read(found)).isEqualTo(new DigestAnswer.Digest(CHECKSUM));
    assertThat(read(missing)).isEqualTo(new DigestAnswer.NoFile());
  }

  @Test
  void anythingElseIsAFailure() {
    for (var line :
        new String[] {
          SideReply.readFailed("/dev1/x", 5),
          SideReply.unknown("MD5"),
          "/dev1/y MD5=" + HEX,
          "/dev1/x SHA-1=" + HEX,
          "/dev1/x MD5=abc",
          ""
        }) {
      assertThat(read(line)).isEqualTo(new DigestAnswer.Failed(line));
    }
  }

  private static DigestAnswer read(String line) {
    return SideReply.parseDigest(line, "/dev1/x", HashAlgorithm.MD5);
  }
}
