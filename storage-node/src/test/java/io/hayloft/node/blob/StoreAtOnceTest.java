package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.OpenDescriptors;
import io.hayloft.node.blob.WholeFiles.Outcome;
import io.hayloft.node.blob.WholeFiles.WholeFile;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.testkit.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Small files that need not be durable: what is unusual is not stored at once and leaves nothing,
 * and is then stored, or refused, in the usual way.
 */
class StoreAtOnceTest {

  private static final DeviceId DEVICE = new DeviceId(1);
  private static final BlobPath FILE = path(17);

  @TempDir Path root;
  private OpenBlobs openBlobs;
  private DeviceIdentities identities;
  private BlobStore store;

  /** Stores that live at the same time would draw the same names otherwise. */
  private final Random random = new Random(1);

  private boolean mounted;

  /** Memory decides which way a file goes. */
  private enum Memory {
    /** At once, where nothing is unusual. */
    DIRECT {
      @Override
      ByteBuffer of(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      }
    },
    /** Always in the usual way. */
    HEAP {
      @Override
      ByteBuffer of(byte[] bytes) {
        return ByteBuffer.wrap(bytes);
      }
    };

    abstract ByteBuffer of(byte[] bytes);

    final WholeFile file(BlobPath path, String content) {
      return new WholeFile(path, of(content.getBytes(US_ASCII)));
    }
  }

  @BeforeEach
  void makeDevice() throws IOException {
    Files.createDirectories(root.resolve("dev1"));
    openBlobs = new OpenBlobs(10, Time.system());
    var docroot = new Docroot(root);
    identities = new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1));
    store = store(Durability.NONE);
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", "-l", root.resolve("dev1").toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private BlobStore store(Durability durability) {
    var docroot = new Docroot(root);
    return new BlobStore(docroot, identities, durability, openBlobs, Time.system(), random);
  }

  private static BlobPath path(int number) {
    return new BlobPath(DEVICE, "/dev1/0/000/000/%010d.fid".formatted(number));
  }

  private Path on(BlobPath path) {
    return root.resolve(path.text().substring(1));
  }

  private Outcome store(WholeFile file) {
    store.wholeFiles().store(List.of(file));
    return file.outcome();
  }

  /** The device is known and has the directory from then on. */
  private void storeFirst() {
    assertStored(store(Memory.HEAP.file(path(1), "first")));
  }

  private boolean isStoredAtOnce(BlobPath path, String content) {
    var bytes = Memory.DIRECT.of(content.getBytes(US_ASCII));
    return store.storeAtOnce().store(path, bytes).isPresent();
  }

  private static void assertStored(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Stored.class);
  }

  private static void assertFailed(Outcome outcome, DiskException.Code code) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.why().code()).isEqualTo(code));
  }

  /** Neither under a name nor on its way. */
  private void assertNothingUnfinished() throws IOException {
    var temporary = root.resolve("dev1").resolve(TempFiles.DIRECTORY);
    if (Files.exists(temporary)) {
      try (var all = Files.walk(temporary)) {
        assertThat(all.filter(Files::isRegularFile)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileIsWholeWithItsChecksumAndRights(Memory memory) throws IOException {
    storeFirst();

    var outcome = store(memory.file(FILE, "123456789"));

    assertThat(outcome).isEqualTo(new Outcome.Stored(0xe3069283));
    assertThat(on(FILE)).hasContent("123456789");
    assertThat(store.look(FILE).orElseThrow().crc32c()).hasValue(0xe3069283);
    assertThat(Files.getPosixFilePermissions(on(FILE)))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    assertNothingUnfinished();
  }

  @ParameterizedTest
  @EnumSource
  void whoReadsTheFileBeforeHasTheOldBytesAndWhoOpensItThenTheNew(Memory memory)
      throws IOException {
    storeFirst();
    store(memory.file(FILE, "old bytes"));
    var before = ((BlobStore.Found.File) store.open(FILE)).blob();
    assertThat(openBlobs.paths()).contains(FILE.text());

    assertStored(store(memory.file(FILE, "new")));

    assertThat(openBlobs.paths()).doesNotContain(FILE.text());
    var after = ((BlobStore.Found.File) store.open(FILE)).blob();
    assertThat(before.version().size()).isEqualTo(9);
    assertThat(after.version().size()).isEqualTo(3);
    before.release();
    after.release();
  }

  @Test
  void theUsualIsStoredAtOnce() {
    storeFirst();

    assertThat(isStoredAtOnce(FILE, "bytes")).isTrue();
    assertThat(isStoredAtOnce(FILE, "others")).isTrue();
    assertThat(isStoredAtOnce(BlobPath.of(DEVICE, "top"), "bytes")).isTrue();
    assertThat(on(FILE)).hasContent("others");
    assertThat(root.resolve("dev1/top")).hasContent("bytes");
  }

  @Test
  void whatIsToBeDurableIsNot() {
    for (var durability : List.of(Durability.FULL, Durability.DATA)) {
      store = store(durability);
      storeFirst();

      assertThat(isStoredAtOnce(FILE, "bytes")).isFalse();
      assertThat(on(FILE)).doesNotExist();
    }
  }

  @Test
  void norIsAnythingBeforeTheDeviceWasLookedAt() throws IOException {
    storeFirst();
    identities = new DeviceIdentities(new Docroot(root), identities.mounts(), new Random(2));
    store = store(Durability.NONE);

    assertThat(isStoredAtOnce(FILE, "bytes")).isFalse();
    assertThat(on(FILE)).doesNotExist();
    identities.look(DEVICE);
    assertThat(isStoredAtOnce(FILE, "bytes")).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void missingDirectoriesAreMade(Memory memory) throws IOException {
    storeFirst();
    Files.delete(on(path(1)));
    Files.delete(on(path(1)).getParent());
    assertThat(isStoredAtOnce(FILE, "bytes")).isFalse();

    assertStored(store(memory.file(FILE, "bytes")));

    assertThat(on(FILE)).hasContent("bytes");
    assertNothingUnfinished();
  }

  @ParameterizedTest
  @EnumSource
  void theDirectoryOfTemporaryFilesIsMadeAgain(Memory memory) throws Exception {
    storeFirst();
    run("rm", "-r", root.resolve("dev1").resolve(TempFiles.DIRECTORY).toString());
    assertThat(isStoredAtOnce(path(1), "another")).isFalse();
    assertThat(on(path(1))).hasContent("first");

    assertStored(store(memory.file(path(1), "another")));

    assertThat(on(path(1))).hasContent("another");
    assertNothingUnfinished();
  }

  private boolean holdsTheDirectory() {
    return OpenDescriptors.leadTo(root.resolve("dev1/0/000/000"));
  }

  @Test
  void whoRestsHasNoDirectoryOpen() throws IOException {
    storeFirst();

    assertThat(isStoredAtOnce(FILE, "bytes")).isTrue();
    assertThat(holdsTheDirectory()).isTrue();
    store.wholeFiles().rest();
    assertThat(holdsTheDirectory()).isFalse();

    assertThat(isStoredAtOnce(FILE, "others")).isTrue();
    Files.createDirectory(on(path(2)));
    assertThat(isStoredAtOnce(path(2), "in the way of a directory")).isFalse();
    assertThat(holdsTheDirectory()).isFalse();
  }

  @Test
  void noFileStaysOpen() {
    storeFirst();
    int before = OpenDescriptors.count();
    for (int i = 0; i < 40; i++) {
      assertThat(isStoredAtOnce(path(i), "bytes")).isTrue();
    }

    // Others of this process open and close some meanwhile.
    assertThat(OpenDescriptors.count()).isLessThan(before + 20);
  }

  @Test
  void aDirectoryIsSoonLookedForAnew() throws Exception {
    var time = ManualTime.start();
    store =
        new BlobStore(
            new Docroot(root), identities, Durability.NONE, openBlobs, time, new Random(1));
    storeFirst();
    assertThat(isStoredAtOnce(FILE, "bytes")).isTrue();
    Files.move(root.resolve("dev1/0/000/000"), root.resolve("away"));

    assertThat(isStoredAtOnce(FILE, "with it still")).isTrue();
    time.advance(Duration.ofMillis(10));
    assertThat(isStoredAtOnce(FILE, "to nowhere")).isFalse();

    assertThat(root.resolve("away/0000000017.fid")).hasContent("with it still");
    assertThat(root.resolve("dev1/0/000/000")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void aLinkOnTheWayIsNotFollowed(Memory memory) throws IOException {
    storeFirst();
    var elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("dev1/0/000/001"), elsewhere);
    var beyond = new BlobPath(DEVICE, "/dev1/0/000/001/0000001000.fid");
    assertThat(isStoredAtOnce(beyond, "bytes")).isFalse();

    assertFailed(store(memory.file(beyond, "bytes")), DiskException.Code.IN_THE_WAY);

    assertThat(elsewhere).isEmptyDirectory();
    assertNothingUnfinished();
  }

  @ParameterizedTest
  @EnumSource
  void theDeviceItselfMayBeALink(Memory memory) throws IOException {
    var disk = Files.move(root.resolve("dev1"), root.resolve("disk"));
    Files.createSymbolicLink(root.resolve("dev1"), disk);
    storeFirst();
    assertThat(isStoredAtOnce(path(2), "bytes")).isTrue();

    assertStored(store(memory.file(FILE, "bytes")));

    assertThat(disk.resolve("0/000/000/0000000017.fid")).hasContent("bytes");
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryIsNotReplaced(Memory memory) throws IOException {
    storeFirst();
    Files.createDirectory(on(FILE));
    assertThat(isStoredAtOnce(FILE, "bytes")).isFalse();

    assertFailed(store(memory.file(FILE, "bytes")), DiskException.Code.IN_THE_WAY);

    assertThat(on(FILE)).isEmptyDirectory();
    assertNothingUnfinished();
  }

  @ParameterizedTest
  @EnumSource
  void aFullDiskRefusesAndKeepsItsFiles(Memory memory) throws Exception {
    mount("size=128k");
    storeFirst();
    assertStored(store(memory.file(FILE, "old")));
    var large = "x".repeat(200_000);
    assertThat(isStoredAtOnce(FILE, large)).isFalse();

    assertFailed(store(memory.file(FILE, large)), DiskException.Code.FULL);

    assertThat(on(FILE)).hasContent("old");
    assertNothingUnfinished();
    assertStored(store(memory.file(FILE, "there was room left")));
  }

  private void mount(String options) throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", root.resolve("dev1").toString()),
        "needs the right to mount");
    mounted = true;
  }

  @Test
  void aDiskThatIsNotMountedAnyMoreIsNotReplacedByTheDirectoryBelowIt() throws Exception {
    Files.createDirectories(root.resolve("dev1/0/000/000"));
    Files.createDirectories(root.resolve("dev1").resolve(TempFiles.DIRECTORY));
    for (int i = 0; i < 16; i++) {
      Files.createDirectory(
          root.resolve("dev1").resolve(TempFiles.DIRECTORY).resolve(Integer.toHexString(i)));
    }
    mount("size=1m");
    Files.writeString(
        root.resolve("dev1").resolve(DeviceIdentities.FILE),
        "device 1\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a31\n");
    storeFirst();
    assertThat(isStoredAtOnce(FILE, "bytes")).isTrue();
    assertThat(run("umount", "-l", root.resolve("dev1").toString())).isTrue();
    mounted = false;

    assertThat(isStoredAtOnce(FILE, "bytes")).isFalse();
    assertThat(on(FILE)).doesNotExist();
    assertNothingUnfinished();
  }

  @ParameterizedTest
  @EnumSource
  void anotherDevicesDiskIsNotWritten(Memory memory) throws IOException {
    identify("dev1", 1);
    identify(Files.createDirectories(root.resolve("dev2")).getFileName().toString(), 2);
    Files.createDirectories(root.resolve("dev2/0/000/000"));
    storeFirst();
    assertThat(isStoredAtOnce(FILE, "bytes")).isTrue();
    Files.move(root.resolve("dev1"), root.resolve("between"));
    Files.move(root.resolve("dev2"), root.resolve("dev1"));
    assertThat(isStoredAtOnce(FILE, "others")).isFalse();

    assertFailed(store(memory.file(FILE, "others")), DiskException.Code.REFUSED);

    assertThat(root.resolve("dev1/0/000/000")).isEmptyDirectory();
    assertThat(isStoredAtOnce(FILE, "others")).isFalse();
  }

  private void identify(String directory, int number) throws IOException {
    Files.writeString(
        root.resolve(directory).resolve(DeviceIdentities.FILE),
        "device %d\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a3%d\n".formatted(number, number));
  }

  @Test
  void namesBeyondAsciiAreForTheUsualWay() throws IOException {
    storeFirst();
    var path = BlobPath.of(DEVICE, "b\u00fccher");

    assertThat(isStoredAtOnce(path, "bytes")).isFalse();
    try (var all = Files.list(root.resolve("dev1"))) {
      assertThat(all.map(each -> new String(each.toString().getBytes(UTF_8), UTF_8)))
          .noneMatch(name -> name.contains("cher"));
    }
  }

  @Test
  void manyThreadsStoreEachTheirOwn() throws Exception {
    storeFirst();
    try (var tasks = Tasks.virtual()) {
      var all =
          IntStream.range(0, 4)
              .mapToObj(number -> tasks.start("writer", () -> storeOften(number)))
              .toList();
      for (var task : all) {
        assertThat(task.join(Duration.ofSeconds(30))).isTrue();
      }
    }
    for (int i = 0; i < 4; i++) {
      assertThat(on(path(100 + i))).hasContent(i + " 99");
    }
    assertNothingUnfinished();
  }

  private void storeOften(int number) {
    for (int i = 0; i < 100; i++) {
      assertThat(isStoredAtOnce(path(100 + number), number + " " + i)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereThereAreNoAttributesTheChecksumIsNotedInTheUsualWay(Memory memory) throws Exception {
    assumeTrue(
        run("mount", "-t", "ramfs", "ramfs", root.resolve("dev1").toString()),
        "needs the right to mount");
    mounted = true;
    storeFirst();
    assertThat(isStoredAtOnce(FILE, "123456789")).isFalse();

    assertStored(store(memory.file(FILE, "123456789")));

    assertThat(store.look(FILE).orElseThrow().crc32c()).hasValue(0xe3069283);
    assertNothingUnfinished();
  }
}
