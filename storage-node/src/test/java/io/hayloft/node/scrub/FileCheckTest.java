package io.hayloft.node.scrub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hayloft.node.blob.BlobPath;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.blob.Durability;
import io.hayloft.node.blob.FidName;
import io.hayloft.node.blob.MountGuard;
import io.hayloft.node.blob.OpenBlobs;
import io.hayloft.node.kernel.FileReader;
import io.hayloft.node.scrub.FileCheck.Verdict;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.runtime.time.Time;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a file is judged, step by step. */
class FileCheckTest {

  private static final BlobPath PATH = FidName.path(new DeviceId(1), new Fid(17));
  private static final int SIZE = 3 << 20;

  @TempDir Path root;
  private BlobStore store;
  private Path file;

  @BeforeEach
  void storeAFile() throws IOException {
    Files.createDirectories(root.resolve("dev1"));
    var docroot = new Docroot(root);
    store =
        new BlobStore(
            docroot,
            new DeviceIdentities(docroot, new MountGuard(docroot), new Random(1)),
            Durability.NONE,
            new OpenBlobs(10, Time.system()),
            Time.system(),
            new Random(1));
    file = docroot.file(PATH);
    put(0);
  }

  private void put(int content) throws IOException {
    var bytes = new byte[SIZE];
    bytes[SIZE / 2] = (byte) content;
    try (var upload = store.upload(PATH, false).orElseThrow()) {
      upload.write(ByteBuffer.wrap(bytes));
      upload.commit();
    }
  }

  private void write(int position, int value) throws IOException {
    var time = Files.getLastModifiedTime(file);
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(position);
      bytes.write(value);
    }
    Files.setLastModifiedTime(file, time);
  }

  private FileCheck check() {
    return new FileCheck(PATH, file, store, Long.MAX_VALUE, new FileReader.Memory());
  }

  private static Verdict end(FileCheck check) {
    Optional<Verdict> verdict = Optional.empty();
    while (verdict.isEmpty()) {
      verdict = check.step();
    }
    return verdict.get();
  }

  @Test
  void whatWasStoredIsGood() {
    try (var check = check()) {
      assertThat(end(check)).isEqualTo(new Verdict.Good());
      assertThat(check.read()).isEqualTo(SIZE);
    }
  }

  @Test
  void badFileIsReadTwiceBeforeItIsJudged() throws IOException {
    write(SIZE - 1, 1);
    try (var check = check()) {
      assertThat(end(check)).isInstanceOf(Verdict.Bad.class);
      assertThat(check.read()).isEqualTo(2L * SIZE);
    }
  }

  @Test
  void fileThatIsRightTheSecondTimeIsNotJudged() throws IOException {
    write(0, 1);
    try (var check = check()) {
      check.step();
      check.step();
      write(0, 0);
      assertThat(end(check)).isInstanceOf(Verdict.Unsteady.class);
    }
  }

  @Test
  void fileThatIsReplacedMeanwhileIsNotTakenAwayForTheOldOne() throws IOException {
    write(0, 1);
    try (var check = check()) {
      assertThat(end(check)).isInstanceOf(Verdict.Bad.class);
      var old = ((Verdict.Bad) end(check)).inode().orElseThrow();
      put(2);
      store.quarantine().takeIfStill(PATH, old, "corrupt");
      assertThat(file).exists();
    }
  }

  @Test
  void fileThatGrowsMeanwhileIsNotJudged() throws IOException {
    try (var check = check()) {
      check.step();
      try (var part = store.upload(PATH, false).orElseThrow()) {
        part.write(ByteBuffer.wrap(new byte[10]));
        part.commitAt(SIZE);
      }
      assertThat(end(check)).isEqualTo(new Verdict.NotChecked());
      assertThat(store.storedCrc(PATH)).isEmpty();
    }
  }

  /** ramfs has no extended attributes. */
  @Test
  void aNoteBesideTheFileIsAsGoodAsAnAttribute() throws Exception {
    var disk = root.resolve("dev1").toString();
    var mount = new ProcessBuilder("mount", "-t", "ramfs", "ramfs", disk).start();
    assumeTrue(mount.waitFor() == 0, "needs the right to mount");
    try {
      put(0);
      var note = file.resolveSibling(".hayloft-crc." + file.getFileName());
      Files.delete(note);
      try (var check = check()) {
        assertThat(end(check)).isEqualTo(new Verdict.Good());
      }
      assertThat(note).exists();
      try (var check = check()) {
        assertThat(end(check)).isEqualTo(new Verdict.Good());
      }
      write(SIZE - 1, 1);
      try (var check = check()) {
        assertThat(end(check)).isInstanceOf(Verdict.Bad.class);
      }
    } finally {
      new ProcessBuilder("umount", "-l", disk).start().waitFor();
    }
  }

  @Test
  void missingFileIsNotJudged() throws IOException {
    Files.delete(file);
    try (var check = check()) {
      assertThat(end(check)).isEqualTo(new Verdict.NotChecked());
    }
  }
}
