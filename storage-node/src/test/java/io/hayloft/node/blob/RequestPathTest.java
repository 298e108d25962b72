package io.hayloft.node.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hayloft.protocol.DeviceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

  @ParameterizedTest
  @CsvSource({
    "/dev1/0/000/000/0000000017.fid, /dev1/0/000/000/0000000017.fid",
    "//dev5/usage, /dev5/usage",
    "/dev5///usage/, /dev5/usage",
    "/dev5/./usage, /dev5/usage",
    "/dev%35/usage, /dev5/usage",
    "/dev1/a%20b+c, /dev1/a b+c",
    "/dev1/.hidden, /dev1/.hidden",
    "/dev16777215/x, /dev16777215/x",
  })
  void readingIsLenient(String raw, String path) {
    assertThat(RequestPath.forReading(raw))
        .isInstanceOfSatisfying(
            RequestPath.InDevice.class, found -> assertThat(found.path()).hasToString(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev1/../x", "/..", "/dev1/a..b", "/%2e%2E/x", "/dev1/.%2e/x", "..", "/x/%2e."})
  void twoDotsAreClimbing(String raw) {
    assertThat(RequestPath.forReading(raw)).isEqualTo(new RequestPath.Climbing());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "/dev0/x",
        "/dev01/x",
        "/dev/x",
        "/devx/x",
        "/dev1x/x",
        "/dev16777216/x",
        "/dev99999999999999/x",
        "/DEV1/x",
        "/dev1/.hayloft-tmp/0/a",
        "/dev1/.hayloft-usage",
        "/dev1/a/.hayloft",
        "/dev1/a%00b",
        "/dev1/a%0ab",
        "/dev1/%7f"
      })
  void elsewhereIsNowhere(String raw) {
    assertThat(RequestPath.forReading(raw)).isEqualTo(new RequestPath.Nowhere());
  }

  @Test
  void rootsAreKnown() {
    assertThat(RequestPath.forReading("/")).isEqualTo(new RequestPath.Root());
    assertThat(RequestPath.forReading("///")).isEqualTo(new RequestPath.Root());
    assertThat(RequestPath.forReading("/dev7/"))
        .isEqualTo(new RequestPath.DeviceRoot(new DeviceId(7)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/file",
        "/",
        "",
        "dev1/x",
        "/dev1",
        "/dev1/",
        "/dev1//x",
        "/dev1/x/",
        "/dev1/./x",
        "/dev1/.",
        "/dev1/a b",
        "/dev1/a%41",
        "/dev1/\u00e9",
        "/dev1/a;b",
        "/dev1/a~"
      })
  void writingIsStrict(String raw) {
    assertThat(RequestPath.forWriting(raw)).isInstanceOf(RequestPath.Malformed.class);
  }

  @Test
  void whatIsWrittenCanBeReadUnderTheSamePath() {
    for (var raw : new String[] {"/dev1/a", "/dev1/A-b_c.9/...x".replace("...", "."), "/dev2/.x"}) {
      assertThat(RequestPath.forWriting(raw))
          .isInstanceOf(RequestPath.InDevice.class)
          .isEqualTo(RequestPath.forReading(raw));
    }
  }

  @Test
  void longPathsDoNotExhaustTheStack() {
    assertThat(RequestPath.forWriting("/dev1" + "/a".repeat(100_000)))
        .isInstanceOf(RequestPath.InDevice.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev2/x", "/dev1", "/dev1/", "/dev1/..", "/dev1/a/../b", "/dev1/./a", "/dev1//a"})
  void blobPathCannotLeaveItsDevice(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new BlobPath(new DeviceId(1), text));
  }
}
