package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.blob.WholeFiles.Outcome;
import io.hayloft.node.blob.WholeFiles.WholeFile;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are stored together share syncs, and nothing else: each has its own outcome. */
class WholeFilesTest {

  private static final DeviceId DEVICE = new DeviceId(1);
  private static final int ODD = 4_242;

  @TempDir Path root;
  private Docroot docroot;
  private OpenBlobs openBlobs;
  private volatile SyncTrust.Act act = FileChannel::force;
  private boolean mounted;

  @BeforeEach
  void makeDevice() throws IOException {
    Files.createDirectories(root.resolve("dev1"));
    docroot = new Docroot(root);
    openBlobs = new OpenBlobs(10, Time.system());
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

  private void mount(String filesystem, String options) throws Exception {
    assumeTrue(
        run("mount", "-t", filesystem, "-o", options, filesystem, root.resolve("dev1").toString()),
        "needs the right to mount");
    mounted = true;
  }

  private BlobStore store(Durability durability) {
    return store(durability, 1);
  }

  private BlobStore store(Durability durability, long seed) {
    var trust =
        new SyncTrust(
            docroot,
            new SyncTrial(new Random(1)),
            (channel, metadata) -> act.sync(channel, metadata));
    var mounts = new MountGuard(docroot);
    return new BlobStore(
        docroot,
        new DeviceIdentities(docroot, mounts, new Random(1)),
        openBlobs,
        Time.system(),
        new TempFiles(docroot, mounts, new Random(seed)),
        new Directories(docroot, durability, DirectorySync.onDisk(trust), trust));
  }

  private static BlobPath path(int directory, int number) {
    return new BlobPath(DEVICE, "/dev1/0/000/%03d/%010d.fid".formatted(directory, number));
  }

  private static WholeFile file(BlobPath path, String content) {
    return new WholeFile(path, ByteBuffer.wrap(content.getBytes(US_ASCII)));
  }

  private static WholeFile file(int number, String content) {
    return file(path(0, number), content);
  }

  /** Its bytes are those that the disk cannot sync. */
  private static WholeFile odd(int number) {
    return new WholeFile(path(0, number), ByteBuffer.allocate(ODD));
  }

  private void failSyncOfOddFiles() {
    act =
        (channel, metadata) -> {
          if (!metadata && channel.size() == ODD) {
            throw new IOException("Input/output error");
          }
          channel.force(metadata);
        };
  }

  private void failSyncsOfDirectories() {
    act =
        (channel, metadata) -> {
          if (metadata) {
            throw new IOException("Input/output error");
          }
          channel.force(false);
        };
  }

  private static void store(BlobStore store, WholeFile... files) {
    store.wholeFiles().store(List.of(files));
  }

  private static void assertStored(WholeFile... files) {
    assertThat(files)
        .allSatisfy(file -> assertThat(file.outcome()).isInstanceOf(Outcome.Stored.class));
  }

  private static void assertFailed(String why, WholeFile... files) {
    assertThat(files)
        .allSatisfy(
            file ->
                assertThat(file.outcome())
                    .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.why()).hasMessageContaining(why)));
  }

  private void assertContent(int number, String content) {
    assertThat(docroot.file(path(0, number))).hasContent(content);
  }

  private void assertNone(int... numbers) throws IOException {
    for (int number : numbers) {
      assertThat(docroot.file(path(0, number))).doesNotExist();
    }
    assertThat(unfinished()).isEmpty();
  }

  private List<Path> unfinished() throws IOException {
    try (var all = Files.walk(docroot.device(DEVICE).resolve(TempFiles.DIRECTORY))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void bytesAreSyncedBeforeAnyNameIsThereAndEachDirectoryOnce() throws IOException {
    var store = store(Durability.FULL);
    store(store, file(path(1, 1), "a"), file(path(2, 1), "b"));
    var seen = new ArrayList<String>();
    var files =
        IntStream.range(10, 16).mapToObj(i -> file(path(1 + i % 2, i), "body " + i)).toList();
    act =
        (channel, metadata) -> {
          long named =
              files.stream().filter(each -> Files.exists(docroot.file(each.path()))).count();
          seen.add((metadata ? "directory " : "bytes ") + named);
          channel.force(metadata);
        };

    store.wholeFiles().store(files);

    assertStored(files.toArray(WholeFile[]::new));
    assertThat(seen)
        .containsExactly(
            "bytes 0",
            "bytes 0",
            "bytes 0",
            "bytes 0",
            "bytes 0",
            "bytes 0",
            "directory 6",
            "directory 6");
    for (var each : files) {
      assertThat(docroot.file(each.path())).content().startsWith("body ");
      assertThat(store.look(each.path()).orElseThrow().crc32c())
          .hasValue(((Outcome.Stored) each.outcome()).crc32c());
    }
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void whenTheBytesOfOneCannotBeSyncedNoneIsAcknowledgedOrNamedAndNothingIsReplaced()
      throws IOException {
    var store = store(Durability.FULL);
    store(store, file(1, "old"), file(2, "old"));
    failSyncOfOddFiles();
    var before = new WholeFile[] {file(1, "newer"), file(3, "new")};
    var failing = odd(4);
    var after = new WholeFile[] {file(2, "newer"), file(5, "new")};

    store(store, before[0], before[1], failing, after[0], after[1]);

    assertFailed("Input/output error", failing);
    assertFailed("takes no changes", before);
    assertFailed("takes no changes", after);
    assertContent(1, "old");
    assertContent(2, "old");
    assertNone(3, 4, 5);
    assertThat(store.trust().distrust(DEVICE)).isPresent();

    act = FileChannel::force;
    var next = file(6, "new");
    store(store, next);
    assertFailed("takes no changes", next);
    store.check(DEVICE);
    var checked = file(6, "new");
    store(store, checked);
    assertStored(checked);
  }

  @Test
  void whenADirectoryCannotBeSyncedNewNamesGoAgainAndReplacedFilesHaveTheWholeNewBytes()
      throws IOException {
    var store = store(Durability.FULL);
    store(store, file(1, "old"), file(path(1, 1), "old"), file(path(2, 1), "old"));
    var first = file(path(1, 2), "new");
    var replacing = file(1, "newer");
    var fresh = file(2, "new");
    var last = file(path(2, 2), "new");
    act =
        (channel, metadata) -> {
          channel.force(metadata);
          if (metadata) {
            failSyncsOfDirectories();
          }
        };

    store(store, first, replacing, fresh, last);

    assertStored(first);
    assertThat(docroot.file(first.path())).hasContent("new");
    assertFailed("Input/output error", replacing, fresh, last);
    assertContent(1, "newer");
    assertNone(2);
    assertThat(docroot.file(last.path())).doesNotExist();
    assertThat(store.trust().distrust(DEVICE)).isPresent();
  }

  @Test
  void oneThatTheDiskHasNoRoomForDoesNotFailTheOthers() throws Exception {
    mount("tmpfs", "size=128k");
    var store = store(Durability.FULL);
    var small = new WholeFile[] {file(1, "a"), file(2, "b"), file(4, "d"), file(5, "e")};
    var large = new WholeFile(path(0, 3), ByteBuffer.allocate(200_000));

    store(store, small[0], small[1], large, small[2], small[3]);

    assertStored(small);
    assertFailed("No space left on device", large);
    assertContent(1, "a");
    assertContent(5, "e");
    assertNone(3);
    assertThat(store.trust().distrust(DEVICE)).isEmpty();
  }

  @Test
  void oneThatCannotHaveItsNameDoesNotFailTheOthers() throws IOException {
    var store = store(Durability.FULL);
    store(store, file(path(0, 1), "a file"));
    var below = file(new BlobPath(DEVICE, path(0, 1).text() + "/below"), "x");
    var nowhere =
        new WholeFile(new BlobPath(new DeviceId(9), "/dev9/file"), ByteBuffer.allocate(1));
    var fine = file(2, "fine");

    store(store, below, nowhere, fine);

    assertFailed("Not a directory", below);
    assertThat(nowhere.outcome()).isInstanceOf(Outcome.NoDevice.class);
    assertStored(fine);
    assertContent(1, "a file");
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void ofTwoWithOneNameTheLastStays() throws IOException {
    for (var durability : Durability.values()) {
      var store = store(durability);
      var files = new WholeFile[] {file(1, "first"), file(2, "other"), file(1, "second")};

      store(store, files);

      assertStored(files);
      assertContent(1, "second");
      assertThat(store.look(path(0, 1)).orElseThrow().crc32c())
          .hasValue(((Outcome.Stored) files[2].outcome()).crc32c());
      assertThat(unfinished()).isEmpty();
    }
  }

  @Test
  void ofTwoWithOneNewNameNoneIsLeftWhenItCannotBeSynced() throws IOException {
    var store = store(Durability.FULL);
    store(store, file(9, "old"));
    failSyncsOfDirectories();
    var files = new WholeFile[] {file(1, "first"), file(1, "second")};

    store(store, files);

    assertFailed("", files);
    assertNone(1);
  }

  @Test
  void oneThatIsDeletedBeforeItsNameIsSyncedStaysDeleted() throws IOException {
    var store = store(Durability.FULL);
    store(store, file(9, "old"));
    var files = new WholeFile[] {file(1, "a"), file(2, "b")};
    act =
        (channel, metadata) -> {
          if (metadata && Files.exists(docroot.file(files[0].path()))) {
            assertThat(store.remove(files[0].path())).isEqualTo(BlobStore.Deleted.DONE);
          }
          channel.force(metadata);
        };

    store(store, files);

    assertStored(files);
    assertNone(1);
    assertContent(2, "b");
    assertThat(openBlobs.any(path(0, 1))).isEmpty();
  }

  /** What has the name by then is another's, and acknowledged perhaps. */
  @Test
  void takingBackLeavesAloneWhatHasReplacedTheFileMeanwhile() throws IOException {
    var store = store(Durability.FULL);
    store(store, file(9, "old"));
    var other = Files.writeString(root.resolve("other"), "another's");
    act =
        (channel, metadata) -> {
          if (metadata) {
            Files.move(
                other, docroot.file(path(0, 1)), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            throw new IOException("Input/output error");
          }
          channel.force(false);
        };
    var files = new WholeFile[] {file(1, "a"), file(2, "b")};

    store(store, files);

    assertFailed("Input/output error", files);
    assertContent(1, "another's");
    assertNone(2);
  }

  @Test
  void noneIsPutOnADiskThatHasTakenThePlaceOfTheirs() throws IOException {
    Files.writeString(
        root.resolve("dev1").resolve(DeviceIdentities.FILE),
        "device 1\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a31\n");
    var foreign = Files.createDirectories(root.resolve("dev2"));
    Files.writeString(
        foreign.resolve(DeviceIdentities.FILE),
        "device 2\nuuid 7d0f5f0e-4f0c-4c55-9d0e-0b1f6f1f2a32\n");
    var store = store(Durability.FULL);
    store(store, file(9, "old"));
    act =
        (channel, metadata) -> {
          channel.force(metadata);
          if (!metadata && Files.exists(foreign)) {
            Files.move(root.resolve("dev1"), root.resolve("away"));
            Files.move(foreign, root.resolve("dev1"));
          }
        };
    var files = new WholeFile[] {file(1, "a"), file(2, "b")};
    store(store, files);
    assertFailed("is refused: its directory says that it is dev2", files);

    var next = new WholeFile[] {file(3, "c"), file(4, "d")};
    store(store, next);
    assertFailed("is refused: its directory says that it is dev2", next);
    assertThat(root.resolve("dev1").toFile().list()).containsExactly(DeviceIdentities.FILE);
  }

  @Test
  void whereADiskIsNotMountedAnyMoreThereIsNoDevice() throws Exception {
    mount("tmpfs", "size=1m");
    var store = store(Durability.FULL);
    assertThat(store.hasDisk(DEVICE)).isTrue();
    store(store, file(9, "old"));
    assertThat(run("umount", "-l", root.resolve("dev1").toString())).isTrue();
    mounted = false;
    var files = new WholeFile[] {file(1, "a"), file(2, "b")};

    store(store, files);

    assertThat(files)
        .allSatisfy(file -> assertThat(file.outcome()).isInstanceOf(Outcome.NoDevice.class));
    assertThat(root.resolve("dev1")).isEmptyDirectory();
  }

  @Test
  void whileADistrustedDiskIsCheckedNothingIsStored() throws IOException {
    var store = store(Durability.FULL);
    store(store, file(9, "old"));
    failSyncOfOddFiles();
    store(store, odd(1));
    var amid = new ArrayList<WholeFile>();
    act =
        (channel, metadata) -> {
          if (amid.isEmpty()) {
            amid.addAll(Arrays.asList(file(2, "a"), file(3, "b")));
            store.wholeFiles().store(amid);
          }
          channel.force(metadata);
        };

    store.check(DEVICE);

    assertThat(amid).hasSize(2);
    assertFailed("takes no changes", amid.toArray(WholeFile[]::new));
    assertNone(1, 2, 3);
  }

  /** ramfs has no extended attributes, so checksums are noted beside the files. */
  @Test
  void aNoteIsNeverThatOfAnotherFileWhichHasTheNameByNow() throws Exception {
    mount("ramfs", "mode=755");
    var store = store(Durability.FULL);
    store(store, file(9, "old"));
    var other = store(Durability.NONE, 2);
    var second = file(1, "second!");
    act =
        (channel, metadata) -> {
          if (metadata && Files.exists(docroot.file(path(0, 1)))) {
            store(other, second);
          }
          channel.force(metadata);
        };
    var first = file(1, "first!!");

    store(store, first, file(2, "other"));

    assertStored(first, second);
    assertContent(1, "second!");
    var told = store.look(path(0, 1)).orElseThrow().crc32c();
    if (told.isPresent()) {
      assertThat(told).hasValue(((Outcome.Stored) second.outcome()).crc32c());
    }
    assertThat(store.look(path(0, 2)).orElseThrow().crc32c()).isPresent();
  }

  @Test
  void whoHasNotBeenStoredHasNoOutcome() {
    assertThatThrownBy(() -> file(1, "a").outcome()).isInstanceOf(IllegalStateException.class);
  }
}
