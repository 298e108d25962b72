package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.OpenDescriptors;
import io.hayloft.node.blob.BlobStore.Found;
import io.hayloft.node.kernel.NoWaitFile;
import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadsAtOnceTest {

  private static final DeviceId ONE = new DeviceId(1);
  private static final BlobPath FILE = new BlobPath(ONE, "/dev1/0/000/001/0000001234.fid");
  private static final BlobPath OTHER = new BlobPath(ONE, "/dev1/0/000/001/0000001235.fid");

  /** So late that all files were changed long ago. */
  private final ManualTime time = ManualTime.startingAt(Instant.now().plus(Duration.ofHours(1)));

  @TempDir Path root;
  private BlobStore store;
  private ReadsAtOnce reads;

  @BeforeEach
  void makeDevice() throws IOException {
    assumeTrue(NoWaitFile.create().isPresent(), "this kernel cannot");
    Files.createDirectories(root.resolve("dev1"));
    store = store(new OpenBlobs(0, time));
    reads = store.readsAtOnce();
  }

  private BlobStore store(OpenBlobs openBlobs) {
    var docroot = new Docroot(root);
    return new BlobStore(
        docroot,
        new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1)),
        Durability.NONE,
        openBlobs,
        time,
        new Random(1));
  }

  private void put(BlobPath path, String content) throws DiskException {
    try (var upload = store.upload(path, false).orElseThrow()) {
      upload.write(ByteBuffer.wrap(content.getBytes(US_ASCII)));
      upload.commit();
    }
  }

  private void openUsually(BlobPath path) throws DiskException {
    if (store.open(path) instanceof Found.File(var blob)) {
      blob.release();
    }
  }

  /** What is read at once; null when nothing is. */
  private @Nullable String read(BlobPath path) {
    try (var file = reads.open(path.text())) {
      if (file == null) {
        return null;
      }
      var bytes = ByteBuffer.allocateDirect((int) file.size());
      assertThat(file.read(bytes)).isTrue();
      return US_ASCII.decode(bytes.flip()).toString();
    }
  }

  private static int crc(String content) {
    var crc = new CRC32C();
    crc.update(content.getBytes(US_ASCII));
    return (int) crc.getValue();
  }

  @Test
  void aFileThatWasOpenedOnceIsReadAtOnceWithAllThatIsToldOfIt() throws IOException {
    put(FILE, "bytes");
    assertThat(read(FILE)).isNull();
    openUsually(FILE);

    assertThat(read(FILE)).isEqualTo("bytes");
    try (var file = requireNonNull(reads.open(FILE.text()))) {
      assertThat(file.crc32c()).hasValue(crc("bytes"));
      assertThat(file.modifiedMillis())
          .isEqualTo(Files.getLastModifiedTime(root.resolve(FILE.text().substring(1))).toMillis());
    }
  }

  @Test
  void whatWasReplacedAppendedToOrDeletedIsNeverRead() throws IOException {
    put(FILE, "before");
    openUsually(FILE);
    put(FILE, "after!");
    assertThat(read(FILE)).isNull();
    openUsually(FILE);
    assertThat(read(FILE)).isEqualTo("after!");

    Files.writeString(root.resolve(FILE.text().substring(1)), "others");
    assertThat(read(FILE)).isNull();

    openUsually(FILE);
    store.delete(FILE);
    assertThat(read(FILE)).isNull();
  }

  private OptionalInt crcSeen(BlobPath path) {
    try (var file = requireNonNull(reads.look(path.text()))) {
      return file.crc32c();
    }
  }

  @Test
  void whatWasStoredJustNowIsLookedAtAtOnceButNotReadSo() throws IOException {
    time.setTimeOfDay(Instant.now());
    put(FILE, "bytes");

    assertThat(read(FILE)).isNull();
    assertThat(crcSeen(FILE)).hasValue(crc("bytes"));
    put(FILE, "other");
    assertThat(crcSeen(FILE)).hasValue(crc("other"));
    // Of another's file there is no checksum, which the usual way has to find out.
    Files.writeString(root.resolve(OTHER.text().substring(1)), "others");
    assertThat(reads.look(OTHER.text())).isNull();
    store.delete(FILE);
    assertThat(reads.look(FILE.text())).isNull();
  }

  @Test
  void filesOfAnyLengthAreLookedAtOnceTheirChecksumIsKnown() throws IOException {
    for (var content : List.of("", "bytes", "x".repeat((64 << 10) + 1))) {
      put(FILE, content);
      assertThat(reads.look(FILE.text())).isNull();
      openUsually(FILE);

      try (var file = requireNonNull(reads.look(FILE.text()))) {
        assertThat(file.size()).isEqualTo(content.length());
        assertThat(file.crc32c()).hasValue(crc(content));
      }
    }
    assertThat(reads.look("/dev1/0/000/001")).isNull();
  }

  @Test
  void anotherDiskInItsPlaceIsNotRead() throws IOException {
    put(FILE, "bytes");
    openUsually(FILE);
    Files.move(root.resolve("dev1"), root.resolve("away"));
    Files.createDirectories(root.resolve("dev1/0/000/001"));
    var there = root.resolve("away/0/000/001/0000001234.fid");
    Files.createLink(root.resolve(FILE.text().substring(1)), there);
    assertThat(read(FILE)).isNull();

    openUsually(FILE);
    assertThat(read(FILE)).isEqualTo("bytes");
  }

  @Test
  void aDeviceMayBeALinkButNothingBelowIt() throws IOException {
    Files.delete(root.resolve("dev1"));
    Files.createDirectory(root.resolve("disk"));
    Files.createSymbolicLink(root.resolve("dev1"), root.resolve("disk"));
    put(FILE, "bytes");
    openUsually(FILE);
    assertThat(read(FILE)).isEqualTo("bytes");

    Files.move(root.resolve("disk/0/000"), root.resolve("disk/moved"));
    Files.createSymbolicLink(root.resolve("disk/0/000"), root.resolve("disk/moved"));
    assertThat(read(FILE)).isNull();
  }

  @Test
  void largeAndEmptyFilesAndDirectoriesAreForOthers() throws IOException {
    put(FILE, "");
    openUsually(FILE);
    assertThat(read(FILE)).isNull();
    put(FILE, "x".repeat((64 << 10) + 1));
    openUsually(FILE);
    assertThat(read(FILE)).isNull();
    put(FILE, "x".repeat(64 << 10));
    openUsually(FILE);
    assertThat(read(FILE)).hasSize(64 << 10);

    assertThat(reads.open("/dev1/0/000/001")).isNull();
    assertThat(reads.open("/dev1")).isNull();
    assertThat(reads.open("/dev1/../dev1" + FILE.text().substring(5))).isNull();
  }

  /** Keeps a file with its bytes, when it is read for the second time. */
  private void readTwice(BlobPath path, HotBytes hot) {
    assertThat(isReadAgain(path)).isFalse();
    try (var file = requireNonNull(reads.open(path.text()))) {
      assertThat(file.isReadAgain()).isTrue();
      var piece = hot.take((int) file.size()).orElseThrow();
      assertThat(file.read(piece.bytes())).isTrue();
      file.keep(piece).release();
    }
  }

  private boolean isReadAgain(BlobPath path) {
    try (var file = requireNonNull(reads.open(path.text()))) {
      return file.isReadAgain();
    }
  }

  @Test
  void aFileThatIsReadAgainIsKeptWithItsBytesUntilItIsChanged() throws IOException {
    var openBlobs = new OpenBlobs(10, time);
    var hot = new HotBytes(10_000);
    store = store(openBlobs);
    reads = store.readsAtOnce();
    for (var path : new BlobPath[] {FILE, OTHER}) {
      put(path, "before");
      assertThat(store.openOnce(path)).isInstanceOf(Found.File.class);
      readTwice(path, hot);
    }
    var kept = openBlobs.current(FILE).orElseThrow();
    assertThat(kept.crc32c()).hasValue(crc("before"));
    assertThat(openBlobs.open()).isZero();

    put(FILE, "after!");
    assertThat(openBlobs.current(FILE)).isEmpty();

    kept.release();
    store.delete(OTHER);
    assertThat(hot.used()).isZero();
  }

  @Test
  void bytesAreNotKeptOfAFileThatIsReplacedWhileTheyAreRead() throws IOException {
    var openBlobs = new OpenBlobs(10, time);
    var hot = new HotBytes(10_000);
    store = store(openBlobs);
    reads = store.readsAtOnce();
    put(FILE, "before");
    assertThat(store.openOnce(FILE)).isInstanceOf(Found.File.class);
    try (var file = requireNonNull(reads.open(FILE.text()))) {
      put(FILE, "after!");
      file.keep(hot.take((int) file.size()).orElseThrow()).release();
    }

    assertThat(openBlobs.current(FILE)).isEmpty();
    assertThat(hot.used()).isZero();
  }

  /** A file that was read twice, as one that is to be looked at. */
  private List<OpenBlobs.Entry> keptInMemory(OpenBlobs openBlobs) throws IOException {
    store = store(openBlobs);
    reads = store.readsAtOnce();
    put(FILE, "before");
    assertThat(store.openOnce(FILE)).isInstanceOf(Found.File.class);
    readTwice(FILE, new HotBytes(10_000));
    var kept = openBlobs.current(FILE).orElseThrow();
    return List.of(new OpenBlobs.Entry(FILE, kept, time.nanoTime()));
  }

  @Test
  void aLookTellsAnotherFileOfTheSameLengthAndTimeFromTheBytesInMemory() throws IOException {
    var openBlobs = new OpenBlobs(10, time);
    var entries = keptInMemory(openBlobs);
    var file = root.resolve(FILE.text().substring(1));
    var modified = Files.getLastModifiedTime(file);
    store.lookAgain(FILE.device(), entries);
    openBlobs.current(FILE).orElseThrow().release();

    Files.writeString(file, "others");
    Files.setLastModifiedTime(file, modified);
    store.lookAgain(FILE.device(), entries);

    assertThat(openBlobs.current(FILE)).isEmpty();
    entries.forEach(OpenBlobs.Entry::looked);
  }

  @Test
  void aLookGivesUpWhatIsKeptOfADeviceThatHasAnothersDiskThoughTheFileIsThere() throws IOException {
    var openBlobs = new OpenBlobs(10, time);
    var entries = keptInMemory(openBlobs);
    var device = root.resolve("dev1");
    Files.move(device, root.resolve("taken out"));
    Files.createDirectory(device);
    Files.writeString(
        device.resolve(DeviceIdentities.FILE),
        "device 2\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3b\n");
    Files.move(root.resolve("taken out/0"), device.resolve("0"));

    store.lookAgain(FILE.device(), entries);

    assertThat(openBlobs.current(FILE)).isEmpty();
    entries.forEach(OpenBlobs.Entry::looked);
  }

  @Test
  void noFileStaysOpen() throws IOException {
    put(FILE, "bytes");
    openUsually(FILE);
    for (int i = 0; i < 10; i++) {
      assertThat(read(FILE)).isEqualTo("bytes");
    }

    assertThat(OpenDescriptors.leadTo(root.resolve(FILE.text().substring(1)))).isFalse();
  }
}
