package io.hayloft.node.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.ManualTime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenBlobsTest {

  @TempDir Path directory;
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final OpenBlobs openBlobs = new OpenBlobs(2, time);

  private static BlobPath path(String name) {
    return BlobPath.of(new DeviceId(1), name);
  }

  private OpenBlob open() throws IOException {
    var file = Files.createTempFile(directory, "a", "b");
    return new OpenBlob(FileChannel.open(file), new OpenBlob.Version(0, 0, file), time.nanoTime());
  }

  private OpenBlob keep(String name) throws IOException {
    var blob = open();
    openBlobs.keep(path(name), blob, openBlobs.changes(path(name)));
    blob.release();
    return blob;
  }

  @Test
  void fileOpenedBeforeAChangeIsNotKept() throws IOException {
    int before = openBlobs.changes(path("a"));
    var stale = open();
    openBlobs.changed(path("a"));

    openBlobs.keep(path("a"), stale, before);
    stale.release();

    assertThat(openBlobs.current(path("a"))).isEmpty();
    assertThat(stale.channel().isOpen()).isFalse();
  }

  @Test
  void longestUnusedIsClosedWhenThereAreTooMany() throws IOException {
    var a = keep("a");
    var b = keep("b");
    time.advance(Duration.ofMillis(1));
    openBlobs.current(path("a")).orElseThrow().release();

    var c = keep("c");

    assertThat(openBlobs.paths()).containsExactly("/dev1/a", "/dev1/c");
    assertThat(b.channel().isOpen()).isFalse();
    assertThat(a.channel().isOpen()).isTrue();
    assertThat(c.channel().isOpen()).isTrue();
  }

  @Test
  void oldEntryNeedsALookAtTheDisk() throws IOException {
    keep("a");
    time.advance(OpenBlobs.TRUSTED.plusMillis(1));

    assertThat(openBlobs.current(path("a"))).isEmpty();
    var any = openBlobs.any(path("a")).orElseThrow();
    any.checkedAt(time.nanoTime());
    any.release();
    openBlobs.current(path("a")).orElseThrow().release();
  }

  @Test
  void unusedFilesAreClosedSoThatADiskCanBeUnmounted() throws IOException {
    var unused = keep("a");
    time.advance(OpenBlobs.UNUSED.minusSeconds(1));
    var used = keep("b");
    time.advance(Duration.ofSeconds(1));

    openBlobs.closeUnused();

    assertThat(openBlobs.paths()).containsExactly("/dev1/b");
    assertThat(unused.channel().isOpen()).isFalse();
    assertThat(used.channel().isOpen()).isTrue();
  }

  @Test
  void readersKeepAClosedEntryOpenUntilTheyEnd() throws IOException {
    keep("a");
    var reader = openBlobs.current(path("a")).orElseThrow();

    openBlobs.closeAll();

    assertThat(reader.channel().isOpen()).isTrue();
    reader.release();
    assertThat(reader.channel().isOpen()).isFalse();
    assertThat(reader.retain()).isFalse();
  }
}
