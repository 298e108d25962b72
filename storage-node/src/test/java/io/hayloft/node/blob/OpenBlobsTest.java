package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hayloft.protocol.DeviceId;
import io.hayloft.testkit.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
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
  private final HotBytes hot = new HotBytes(10_000);

  private static BlobPath path(String name) {
    return BlobPath.of(new DeviceId(1), name);
  }

  private static OpenBlob.Version version(long size, Object key) {
    return new OpenBlob.Version(size, 0, 0, key);
  }

  private OpenBlob open() throws IOException {
    var file = Files.createTempFile(directory, "a", "b");
    return new OpenBlob(FileChannel.open(file), version(0, file), time.nanoTime());
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

  private HotBytes.Piece piece(String bytes) {
    var piece = hot.take(bytes.length()).orElseThrow();
    piece.bytes().put(bytes.getBytes(US_ASCII));
    return piece;
  }

  private static String read(OpenBlob blob, int offset, int length) throws IOException {
    var into = ByteBuffer.allocate(length);
    assertThat(blob.read(into, offset)).isTrue();
    return US_ASCII.decode(into.flip()).toString();
  }

  @Test
  void bytesInMemoryTakeTheirFilesPlaceAndNoneOfAnothers() throws IOException {
    var file = keep("a");
    keep("b");
    var found = openBlobs.current("/dev1/a").orElseThrow();

    var memory = openBlobs.intoMemory("/dev1/a", found, piece("head"));
    memory.release();

    assertThat(file.channel().isOpen()).isFalse();
    assertThat(openBlobs.open()).isEqualTo(1);
    keep("c");
    assertThat(openBlobs.paths()).containsExactly("/dev1/b", "/dev1/c");
    var again = openBlobs.current("/dev1/a").orElseThrow();
    assertThat(again).isSameAs(memory);
    openBlobs.changed(path("a"));
    assertThat(openBlobs.current("/dev1/a")).isEmpty();
    assertThat(hot.used()).isPositive();
    again.release();
    assertThat(hot.used()).isZero();
  }

  @Test
  void bytesOfAFileThatWasChangedMeanwhileAreNotKept() throws IOException {
    keep("a");
    var found = openBlobs.current("/dev1/a").orElseThrow();
    openBlobs.changed(path("a"));

    var memory = openBlobs.intoMemory("/dev1/a", found, piece("head"));

    assertThat(openBlobs.current("/dev1/a")).isEmpty();
    memory.release();
    assertThat(hot.used()).isZero();
  }

  @Test
  void bytesInMemoryAreReadAsTheFileWouldBe() throws IOException {
    var blob = new OpenBlob(piece("head0123456789"), version(10, "key"), time.nanoTime());

    assertThat(read(blob, 0, 10)).isEqualTo("0123456789");
    assertThat(read(blob, 3, 2)).isEqualTo("34");
    assertThat(read(blob, 10, 0)).isEmpty();
    assertThat(blob.read(ByteBuffer.allocate(3), 8)).isFalse();
    blob.release();
  }

  @Test
  void smallFilesTakeOthersPlacesOnlyNowAndThen() throws IOException {
    assertThat(openBlobs.hasRoom()).isTrue();
    keep("a");
    keep("b");

    assertThat(openBlobs.hasRoom()).isTrue();
    assertThat(openBlobs.hasRoom()).isFalse();
    time.advance(OpenBlobs.EXCHANGE_EVERY);
    assertThat(openBlobs.hasRoom()).isTrue();
    openBlobs.changed(path("a"));
    assertThat(openBlobs.hasRoom()).isTrue();
    assertThat(openBlobs.hasRoom()).isTrue();
  }
}
