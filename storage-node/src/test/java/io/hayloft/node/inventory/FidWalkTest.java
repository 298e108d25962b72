package io.hayloft.node.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.node.blob.FidName;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FidWalkTest {

  private static final DeviceId DEVICE = new DeviceId(1);

  @TempDir Path root;

  private void store(long fid) throws IOException {
    var file = root.resolve(FidName.path(DEVICE, new Fid(fid)).text().substring(1));
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  private List<Long> walk(long after, long until) throws IOException {
    var device = root.resolve("dev1");
    Files.createDirectories(device);
    var walk = new FidWalk(device, after, until);
    var fids = new ArrayList<Long>();
    for (var shelf = walk.next(); shelf.isPresent(); shelf = walk.next()) {
      var found = shelf.get();
      IntStream.range(0, found.count()).forEach(i -> fids.add(found.fid(i)));
    }
    return fids;
  }

  @Test
  void fidsOfAnyLengthComeInTheirOrderAndWithinTheirBounds() throws IOException {
    long seed = 20_261_126;
    var random = new Random(seed);
    var stored = new TreeSet<Long>();
    for (int i = 0; i < 300; i++) {
      long bound = (long) Math.pow(10, 1 + random.nextInt(18));
      stored.add(1 + random.nextLong(bound));
    }
    // Those that share a directory.
    stored.addAll(
        List.of(
            1_234_567_000L, 1_234_567_999L, 12_345_670_000L, 12_345_679_999L, 123_456_799_999L));
    stored.add(Long.MAX_VALUE);
    for (long fid : stored) {
      store(fid);
    }
    assertThat(walk(0, Long.MAX_VALUE))
        .describedAs("seed %s", seed)
        .containsExactlyElementsOf(stored);

    var some = new ArrayList<>(stored);
    for (int i = 0; i < 60; i++) {
      long after = some.get(random.nextInt(some.size())) - random.nextInt(2);
      long until = some.get(random.nextInt(some.size())) - random.nextInt(2);
      assertThat(walk(after, until))
          .describedAs("after %s until %s, seed %s", after, until, seed)
          .containsExactlyElementsOf(
              after >= until ? List.of() : stored.subSet(after, false, until, true));
    }
  }

  @Test
  void whatIsNotWhereItBelongsIsPassedOver() throws IOException {
    store(17);
    for (var name :
        List.of(
            "0/000/000/0000001234.fid",
            "0/000/000/17.fid",
            "0/000/000/0000000000.fid",
            "0/000/000/00000000018.fid",
            "0/000/000/0000000019.fid.tmp",
            "0/000/000/0000000x20.fid",
            "0/000/abc/0000000021.fid",
            "0/0/000/0000000022.fid",
            "x/000/000/0000000023.fid",
            "1/000/000/0000000024.fid",
            "quarantine/0000000025.fid")) {
      var file = root.resolve("dev1").resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    Files.createFile(root.resolve("dev1/0/001"));
    Files.createSymbolicLink(root.resolve("dev1/0/002"), root.resolve("dev1/0/000"));

    assertThat(walk(0, Long.MAX_VALUE)).containsExactly(17L);
  }

  @Test
  void emptyDeviceHasNoFiles() throws IOException {
    assertThat(walk(0, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void pathAndFidBelongTogether() {
    var path = FidName.path(DEVICE, new Fid(12_345_678_901L));
    assertThat(path.text()).isEqualTo("/dev1/1/234/567/12345678901.fid");
    assertThat(FidName.parse(path)).hasValue(12_345_678_901L);
    assertThat(FidName.path(DEVICE, new Fid(17)).text())
        .isEqualTo("/dev1/0/000/000/0000000017.fid");
  }
}
