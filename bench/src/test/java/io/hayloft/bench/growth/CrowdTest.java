package io.hayloft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CrowdTest {

  private static Crowd crowd(long... steps) {
    var crowd = new Crowd();
    long fid = 100;
    for (long files : steps) {
      crowd.grow(files, fid);
      fid += files + 1000;
    }
    return crowd;
  }

  @Test
  void noTwoFilesHaveTheSameKey() {
    var keys =
        LongStream.concat(
                LongStream.range(0, 50_000).map(Crowd::key),
                LongStream.range(0, 50_000).map(Crowd::storedKey))
            .distinct();
    assertThat(keys.count()).isEqualTo(100_000);
  }

  @Test
  void itIsKnownWhichKeysAreThere() {
    var crowd = crowd(5_000);
    assertThat(crowd.isThere(Crowd.key(0))).isTrue();
    assertThat(crowd.isThere(Crowd.key(4_999))).isTrue();
    assertThat(crowd.isThere(Crowd.key(5_000))).isFalse();
    assertThat(crowd.isThere(Crowd.storedKey(7))).isTrue();
    assertThat(crowd.isLaid(Crowd.key(4_999))).isTrue();
    assertThat(crowd.isLaid(Crowd.storedKey(7))).isFalse();
  }

  @Test
  void filesOfEachStepHaveTheFidsThatWereReservedForThem() {
    var crowd = crowd(10, 30);
    assertThat(crowd.fid(0)).isEqualTo(100);
    assertThat(crowd.fid(9)).isEqualTo(109);
    assertThat(crowd.fid(10)).isEqualTo(1110);
    assertThat(crowd.fid(29)).isEqualTo(1129);
  }

  @Test
  void keysLieEvenly() {
    var crowd = crowd(20_000);
    var sorted = LongStream.range(0, 20_000).map(Crowd::key).sorted().toArray();
    for (int from = 0; from + 1000 < sorted.length; from += 77) {
      double expected = crowd.laidIn(sorted[from + 1000] - sorted[from]);
      assertThat(Math.abs(expected - 1000)).isLessThan(Crowd.UNEVEN);
    }
  }

  @Test
  void filesThatAreStoredLaterFallBetweenTheOthers() {
    var laid = LongStream.range(0, 1000).map(Crowd::key).sorted().toArray();
    var places =
        LongStream.range(0, 1000)
            .map(number -> -Arrays.binarySearch(laid, Crowd.storedKey(number)) / 100)
            .distinct();
    assertThat(places.count()).isGreaterThanOrEqualTo(10);
  }
}
