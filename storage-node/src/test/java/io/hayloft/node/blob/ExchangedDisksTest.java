package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that change places between two looks of the node. */
class ExchangedDisksTest {

  private static final DeviceId ONE = new DeviceId(1);
  private static final BlobPath FILE = new BlobPath(ONE, "/dev1/0/000/000/0000000017.fid");

  @TempDir Path root;

  private DeviceIdentities identities;
  private BlobStore store;

  @BeforeEach
  void twoDisks() throws IOException {
    for (int number : new int[] {1, 2}) {
      var device = Files.createDirectories(root.resolve("dev" + number));
      Files.writeString(
          device.resolve(DeviceIdentities.FILE),
          "device %d\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3%d\n".formatted(number, number));
    }
    var docroot = new Docroot(root);
    identities = new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1));
    store =
        new BlobStore(
            docroot,
            identities,
            Durability.FULL,
            new OpenBlobs(10, Time.system()),
            Time.system(),
            new Random(1));
    put();
  }

  private void put() throws DiskException {
    try (var upload = store.upload(FILE, false).orElseThrow()) {
      upload.write(ByteBuffer.wrap("bytes".getBytes(US_ASCII)));
      upload.commit();
    }
  }

  private void exchange() throws IOException {
    Files.move(root.resolve("dev1"), root.resolve("between"));
    Files.move(root.resolve("dev2"), root.resolve("dev1"));
    Files.move(root.resolve("between"), root.resolve("dev2"));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DiskException.class,
            failure -> assertThat(failure.code()).isEqualTo(DiskException.Code.REFUSED))
        .hasMessageContaining("its directory says that it is dev2");
  }

  @Test
  void nothingIsWrittenOrDeletedOnTheOtherDisk() throws IOException {
    exchange();

    assertRefused(this::put);
    assertRefused(() -> store.delete(FILE));
    assertRefused(() -> store.look(FILE));
    assertThat(root.resolve("dev1").toFile().list()).containsExactly(DeviceIdentities.FILE);

    exchange();
    assertThat(store.size(FILE)).hasValue(5);
  }

  @Test
  void anUploadThatWasUnderWayIsNotPutOnTheOtherDisk() throws IOException {
    try (var upload = store.upload(FILE, false).orElseThrow()) {
      upload.write(ByteBuffer.wrap("others".getBytes(US_ASCII)));
      exchange();

      assertThatThrownBy(upload::commit).isInstanceOf(DiskException.class);
    }
    assertThat(root.resolve("dev1/0")).doesNotExist();
    exchange();
    assertThat(store.size(FILE)).hasValue(5);
  }

  @Test
  void aDiskThatIsStillThereIsNotReadAgainForEachRequest() throws IOException {
    Files.writeString(root.resolve("dev1").resolve(DeviceIdentities.FILE), "device 2\n");

    put();

    assertThat(identities.of(ONE).refused()).isEmpty();
  }
}
