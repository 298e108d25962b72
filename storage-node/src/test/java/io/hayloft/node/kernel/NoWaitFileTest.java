package io.hayloft.node.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoWaitFileTest {

  private static final byte[] CONTENT = "the bytes of a small file".getBytes(US_ASCII);

  /** A flag that no kernel knows, as older ones do not know that of a read without waiting. */
  private static final long UNKNOWN = 1L << 40;

  @TempDir Path temporary;
  private Path directory;
  private CPath above;
  private NoWaitFile file;

  @BeforeEach
  void create() throws IOException {
    directory = temporary.toRealPath();
    above = CPath.of(directory);
    var created = NoWaitFile.create();
    assumeTrue(created.isPresent(), "this kernel cannot");
    file = created.get();
  }

  @AfterEach
  void close() {
    if (file != null) {
      file.close();
    }
  }

  private Path write(String name) throws IOException {
    return Files.write(directory.resolve(name), CONTENT);
  }

  private boolean open(String name) {
    return file.open(above, ("/" + name).getBytes(US_ASCII));
  }

  private InodeState state() {
    return Objects.requireNonNull(file.state());
  }

  @Test
  void readsWhatIsInMemory() throws IOException {
    var written = write("a");
    var into = ByteBuffer.allocateDirect(CONTENT.length + 4);
    into.position(4);

    assertThat(open("a")).isTrue();
    assertThat(state()).isEqualTo(InodeState.of(written));
    assertThat(state().isFile()).isTrue();
    assertThat(state().size()).isEqualTo(CONTENT.length);
    assertThat(file.read(into)).isTrue();
    assertThat(into.hasRemaining()).isFalse();
    var read = new byte[CONTENT.length];
    into.get(4, read);
    assertThat(read).isEqualTo(CONTENT);
  }

  @Test
  void doesNotReadWhatTheDiskWouldHaveToBeAskedFor() throws IOException {
    assumeTrue(!Files.getFileStore(directory).type().equals("tmpfs"), "all is in memory there");
    var written = write("a");

    // The kernel may keep what it is asked to forget, if somebody looks at it just then.
    await()
        .until(
            () -> {
              forget(written);
              return open("a") && !file.read(ByteBuffer.allocateDirect(CONTENT.length));
            });
  }

  private static void forget(Path written) throws IOException {
    try (var channel = FileChannel.open(written, StandardOpenOption.WRITE);
        var reader = FileReader.open(written, new FileReader.Memory())) {
      channel.force(true);
      reader.forgetPages();
    }
  }

  @Test
  void aFileShorterThanExpectedIsNotTakenForWhole() throws IOException {
    write("a");

    assertThat(open("a")).isTrue();
    assertThat(file.read(ByteBuffer.allocateDirect(CONTENT.length + 1))).isFalse();
  }

  @Test
  void whatIsNotThereIsNotOpened() {
    assertThat(open("missing")).isFalse();
    assertThat(open("missing/too")).isFalse();
    assertThat(open("x".repeat(5_000))).isFalse();
  }

  @Test
  void linksAreNotFollowedWhereverTheyAre() throws IOException {
    Files.createDirectory(directory.resolve("real"));
    write("real/a");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
    Files.createSymbolicLink(directory.resolve("last"), directory.resolve("real/a"));

    assertThat(open("link/a")).isFalse();
    assertThat(open("last")).isFalse();
    assertThat(open("real/a")).isTrue();
  }

  @Test
  void onlyOneFileIsOpenAtATime() throws IOException {
    write("a");
    write("b");

    assertThat(open("a")).isTrue();
    assertThat(open("b")).isFalse();
    file.close();
    file.close();
    assertThat(open("b")).isTrue();
  }

  @Test
  void tellsWhichDirectoryAPathLeadsToThroughLinksAsWell() throws IOException {
    write("a");
    var link = Files.createSymbolicLink(directory.resolve("link"), directory);

    assertThat(open("a")).isTrue();
    assertThat(file.key(CPath.of(link))).isEqualTo(InodeState.followed(directory).key());
    assertThat(file.key(CPath.of(directory.resolve("none")))).isNull();
  }

  @Test
  void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
    var pipe = directory.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes");

    if (open("pipe")) {
      assertThat(state().isFile()).isFalse();
    }
  }

  @Test
  void aKernelThatLacksTheFlagIsFoundOut() {
    assertThat(NoWaitFile.create(UNKNOWN)).isEmpty();
  }
}
