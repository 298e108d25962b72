package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hayloft.node.blob.BlobStore.Found;
import io.hayloft.protocol.DeviceId;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {

  private static final DeviceId DEVICE = new DeviceId(1);
  private static final BlobPath FILE = new BlobPath(DEVICE, "/dev1/0/000/001/0000001234.fid");

  @TempDir Path root;
  private final List<String> synced = Collections.synchronizedList(new ArrayList<>());
  private final OpenBlobs openBlobs = new OpenBlobs(10, Time.system());
  private Docroot docroot;
  private boolean syncFails;

  @BeforeEach
  void makeDevice() throws IOException {
    Files.createDirectories(root.resolve("dev1"));
    docroot = new Docroot(root);
  }

  private BlobStore store(Durability durability, long seed) {
    return new BlobStore(
        docroot,
        new DeviceIdentities(docroot, new MountGuard(docroot), new Random(seed)),
        openBlobs,
        Time.system(),
        new TempFiles(docroot, new MountGuard(docroot), new Random(seed)),
        new Directories(
            docroot,
            durability,
            new DirectorySync(
                (_, directory) -> {
                  synced.add(root.relativize(directory).toString());
                  if (syncFails) {
                    throw new IOException("Input/output error");
                  }
                }),
            new SyncTrust(docroot, new SyncTrial(new Random(seed)))));
  }

  private static Upload begin(BlobStore store, String content) throws DiskException {
    var upload = store.upload(FILE, false).orElseThrow();
    upload.write(ByteBuffer.wrap(content.getBytes(US_ASCII)));
    return upload;
  }

  private static void put(BlobStore store, String content) throws DiskException {
    try (var upload = begin(store, content)) {
      upload.commit();
    }
  }

  private String content() throws IOException {
    return Files.readString(docroot.file(FILE));
  }

  @Test
  void everyDirectoryOnTheWayIsSyncedOnce() throws IOException {
    var store = store(Durability.FULL, 1);

    put(store, "a");
    assertThat(synced).containsExactly("dev1", "dev1/0", "dev1/0/000", "dev1/0/000/001");

    synced.clear();
    put(store, "b");
    assertThat(synced).containsExactly("dev1/0/000/001");

    synced.clear();
    assertThat(store.delete(FILE)).isEqualTo(BlobStore.Deleted.DONE);
    assertThat(synced).containsExactly("dev1/0/000/001");
  }

  @Test
  void existingDirectoriesAreSyncedToo() throws IOException {
    Files.createDirectories(root.resolve("dev1/0/000/001"));

    put(store(Durability.FULL, 1), "a");

    assertThat(synced).contains("dev1", "dev1/0", "dev1/0/000", "dev1/0/000/001");
  }

  /** It may have been made by a process that did not come to sync it. */
  @Test
  void theQuarantineIsDurableBeforeAnythingIsInIt() throws IOException {
    Files.createDirectories(root.resolve("dev1/quarantine"));
    var store = store(Durability.FULL, 1);
    put(store, "a");
    synced.clear();

    assertThat(store.quarantine().take(FILE, "orphan")).isEqualTo(Quarantine.Outcome.DONE);
    assertThat(synced).containsExactly("dev1", "dev1/quarantine", "dev1/0/000/001");

    Files.delete(root.resolve("dev1/quarantine").resolve(kept()));
    Files.delete(root.resolve("dev1/quarantine"));
    put(store, "b");
    assertThat(store.quarantine().take(FILE, "orphan")).isEqualTo(Quarantine.Outcome.DONE);
    assertThat(docroot.file(FILE)).doesNotExist();
  }

  private String kept() {
    var names = root.resolve("dev1/quarantine").toFile().list();
    return names == null ? "" : names[0];
  }

  @Test
  void lesserDurabilitySyncsNoDirectory() throws IOException {
    put(store(Durability.DATA, 1), "a");
    put(store(Durability.NONE, 1), "b");

    assertThat(synced).isEmpty();
    assertThat(content()).isEqualTo("b");
  }

  @Test
  void failedDirectorySyncIsAFailedCommit() throws IOException {
    syncFails = true;
    try (var upload = begin(store(Durability.FULL, 1), "a")) {
      assertThatThrownBy(upload::commit)
          .isInstanceOfSatisfying(
              DiskException.class, e -> assertThat(e.code()).isEqualTo(DiskException.Code.BROKEN));
    }
    assertThat(docroot.file(FILE)).doesNotExist();
  }

  @Test
  void whatCouldNotBeMadeDurableGoesAgainButNotWhatItReplaced() throws IOException {
    var store = store(Durability.FULL, 1);
    put(store, "first");
    syncFails = true;
    try (var upload = begin(store, "second")) {
      assertThatThrownBy(upload::commit).isInstanceOf(DiskException.class);
    }
    assertThat(content()).isEqualTo("second");

    Files.delete(docroot.file(FILE));
    try (var upload = begin(store, "third")) {
      assertThatThrownBy(upload::commit).isInstanceOf(DiskException.class);
    }
    assertThat(docroot.file(FILE)).doesNotExist();
  }

  @Test
  void nothingIsVisibleBeforeTheCommit() throws IOException {
    var store = store(Durability.FULL, 1);
    put(store, "old");
    try (var upload = begin(store, "new")) {
      assertThat(content()).isEqualTo("old");
      assertThat(upload.length()).isEqualTo(3);
    }
    assertThat(content()).isEqualTo("old");
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void whatACrashLeftIsRemovedAndWhatIsUnderWayIsKept() throws IOException {
    var crashed = begin(store(Durability.FULL, 1), "lost");
    var store = store(Durability.FULL, 2);
    var current = begin(store, "kept");
    assertThat(unfinished()).hasSize(2);

    store.cleanUp(DEVICE);

    assertThat(unfinished()).hasSize(1);
    current.commit();
    assertThat(content()).isEqualTo("kept");
    assertThatThrownBy(crashed::commit).isInstanceOf(DiskException.class);
    assertThat(content()).isEqualTo("kept");
    crashed.close();
    current.close();
  }

  @Test
  void missingDeviceTakesNothing() throws IOException {
    var store = store(Durability.FULL, 1);
    var path = new BlobPath(new DeviceId(9), "/dev9/x");

    assertThat(store.upload(path, false)).isEmpty();
    assertThat(store.delete(path)).isEqualTo(BlobStore.Deleted.MISSING);
    assertThat(store.open(path)).isEqualTo(new Found.Nothing());
    assertThat(root.resolve("dev9")).doesNotExist();
  }

  @Test
  void readerKeepsWhatItOpened() throws IOException {
    var store = store(Durability.NONE, 1);
    put(store, "old");
    var old = open(store);
    put(store, "new!");

    var current = open(store);

    assertThat(read(old)).isEqualTo("old");
    assertThat(read(current)).isEqualTo("new!");
    old.release();
    current.release();
  }

  @Test
  void openFileIsSharedAndClosedByTheLast() throws IOException {
    var store = store(Durability.NONE, 1);
    put(store, "a");
    var first = open(store);
    var second = open(store);
    assertThat(second).isSameAs(first);
    assertThat(openBlobs.current(FILE)).contains(first);
    first.release();
    first.release();
    second.release();
    assertThat(first.channel().isOpen()).isTrue();

    assertThat(store.delete(FILE)).isEqualTo(BlobStore.Deleted.DONE);

    assertThat(first.channel().isOpen()).isFalse();
    assertThat(openBlobs.current(FILE)).isEmpty();
  }

  @Test
  void fileReadForOnceIsNotKept() throws IOException {
    var store = store(Durability.NONE, 1);
    put(store, "a");
    var found = (Found.File) store.openOnce(FILE);
    found.blob().release();

    assertThat(found.blob().channel().isOpen()).isFalse();
    assertThat(openBlobs.open()).isZero();
  }

  @Test
  void linksAreNotFollowed(@TempDir Path elsewhere) throws IOException {
    Files.writeString(elsewhere.resolve("secret"), "s");
    Files.createDirectories(docroot.directory(FILE));
    Files.createSymbolicLink(docroot.file(FILE), elsewhere.resolve("secret"));
    Files.createSymbolicLink(root.resolve("dev1/out"), elsewhere);
    var store = store(Durability.NONE, 1);

    for (var path : List.of(FILE, new BlobPath(DEVICE, "/dev1/out/secret"))) {
      assertThat(store.open(path)).as("%s", path).isEqualTo(new Found.Nothing());
      assertThat(store.size(path)).as("%s", path).isEmpty();
    }
    assertThat(store.delete(new BlobPath(DEVICE, "/dev1/out/secret")))
        .isEqualTo(BlobStore.Deleted.MISSING);
    assertThat(store.move(FILE, new BlobPath(DEVICE, "/dev1/new"), true))
        .isEqualTo(BlobStore.Moved.MISSING);
    assertThat(store.delete(FILE)).isEqualTo(BlobStore.Deleted.DONE);
    assertThat(elsewhere.resolve("secret")).hasContent("s");
  }

  @Test
  void deletingNeverRemovesADirectory() throws IOException {
    var store = store(Durability.FULL, 1);
    Files.createDirectories(root.resolve("dev1/empty"));

    assertThat(store.delete(BlobPath.of(DEVICE, "empty"))).isEqualTo(BlobStore.Deleted.DIRECTORY);
    assertThat(root.resolve("dev1/empty")).isEmptyDirectory();
  }

  private static OpenBlob open(BlobStore store) throws DiskException {
    return ((Found.File) store.open(FILE)).blob();
  }

  private static String read(OpenBlob blob) throws IOException {
    var bytes = ByteBuffer.allocate((int) blob.size());
    assertThat(blob.read(bytes, 0)).isTrue();
    return new String(bytes.array(), US_ASCII);
  }

  private List<Path> unfinished() throws IOException {
    try (var all = Files.walk(root.resolve("dev1").resolve(TempFiles.DIRECTORY))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
