package io.hayloft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaPathTest {

  @ParameterizedTest
  @CsvSource({
    "3, 17, /dev3/0/000/000/0000000017.fid",
    "3, 2147483632, /dev3/2/147/483/2147483632.fid",
    "3, 12345678901, /dev3/1/234/567/12345678901.fid",
    "1, 1, /dev1/0/000/000/0000000001.fid",
    "1, 9999999999, /dev1/9/999/999/9999999999.fid",
    "16777215, 9223372036854775807, /dev16777215/9/223/372/9223372036854775807.fid"
  })
  void pathIsThatOfTheOriginal(int device, long fid, String path) {
    assertThat(new ReplicaPath(new DeviceId(device), new Fid(fid))).hasToString(path);
  }

  @Property
  void everyPathIsReadBack(
      @ForAll @IntRange(min = 1, max = DeviceId.MAX) int device,
      @ForAll @LongRange(min = 1) long fid) {
    var path = new ReplicaPath(new DeviceId(device), new Fid(fid));

    assertThat(ReplicaPath.parse(path.toString())).contains(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/dev3/usage",
        "dev3/0/000/000/0000000017.fid",
        "/dev03/0/000/000/0000000017.fid",
        "/dev0/0/000/000/0000000017.fid",
        "/dev3/1/000/000/0000000017.fid",
        "/dev3/0/001/000/0000000017.fid",
        "/dev3/0/000/001/0000000017.fid",
        "/dev3/0/000/000/17.fid",
        "/dev3/0/000/000/00000000017.fid",
        "/dev3/0/000/000/0000000000.fid",
        "/dev3/0/000/000/0000000017.fid/",
        "/dev3/0/000/000/0000000017.fid?x",
        "//dev3/0/000/000/0000000017.fid",
        "/dev99999999/0/000/000/0000000017.fid",
        "/dev3/9/999/999/9999999999999999999.fid"
      })
  void thereIsOneSpellingOnly(String path) {
    assertThat(ReplicaPath.parse(path)).isEmpty();
  }

  @Test
  void directoriesLeadToTheFile() {
    assertThat(new ReplicaPath(new DeviceId(3), new Fid(12345678901L)).directories())
        .containsExactly("/dev3/1/", "/dev3/1/234/", "/dev3/1/234/567/");
  }

  @Test
  void numbersStartAtOne() {
    assertThatThrownBy(() -> new Fid(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Fid(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DeviceId(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DeviceId(DeviceId.MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Fid(3)).isLessThan(new Fid(20));
    assertThat(new DeviceId(3)).isLessThan(new DeviceId(20));
    assertThat(new DeviceId(3).directory()).isEqualTo("dev3");
    assertThat(new Fid(17)).hasToString("17");
  }
}
