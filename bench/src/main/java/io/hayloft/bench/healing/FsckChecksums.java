package io.hayloft.bench.healing;

import io.hayloft.bench.cluster.Filler;
import io.hayloft.bench.measure.PageCache;
import io.hayloft.bench.measure.Sample;
import io.hayloft.bench.report.Figure;
import io.hayloft.bench.report.Yardstick;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A check that reads all bytes, beside a plain program that reads the same files one after the
 * other on each device and computes their CRC32C. Both find the bytes in the page cache, or both do
 * not.
 */
final class FsckChecksums implements Benchmark {

  private static final int BUFFER = 1 << 16;

  private final boolean cold;

  /**
   * @param cold with an empty page cache, as a check finds it whose files do not fit into memory
   */
  FsckChecksums(boolean cold) {
    this.cold = cold;
  }

  @Override
  public String name() {
    return cold ? "fsck-checksums-cold" : "fsck-checksums";
  }

  @Override
  public Optional<String> missing(Stage stage) {
    return cold && !PageCache.isEmptiable()
        ? Optional.of("only the superuser may empty the page cache")
        : Optional.empty();
  }

  @Override
  public int usualFiles() {
    return 20_000;
  }

  @Override
  public int usualWarmUps() {
    return 12;
  }

  @Override
  public List<Figure> measure(Stage stage) throws InterruptedException {
    stage.filler().fill(stage.scale().files(), Filler.Manner.WHOLE);
    var readings = new ArrayList<Sample>();
    var shares = new ArrayList<Sample>();
    var checks =
        stage.repeat(
            () -> {
              prepare();
              var reading = readAll(stage);
              prepare();
              var check = Fsck.check(stage, true);
              readings.add(reading);
              shares.add(share(check, reading));
              return check;
            });
    int count = checks.size();
    return List.of(
        new Figure(cold ? Yardstick.FSCK_CHECKSUMS_COLD : Yardstick.FSCK_CHECKSUMS, checks),
        new Figure(cold ? Yardstick.READING_COLD : Yardstick.READING, last(readings, count)),
        new Figure(cold ? Yardstick.FSCK_SHARE_COLD : Yardstick.FSCK_SHARE, last(shares, count)));
  }

  private void prepare() throws InterruptedException {
    if (cold) {
      PageCache.empty();
    }
  }

  private static List<Sample> last(List<Sample> samples, int count) {
    return samples.subList(samples.size() - count, samples.size());
  }

  private static Sample share(Sample check, Sample reading) {
    return new Sample(
        100 * check.value() / reading.value(),
        check.operations(),
        check.used(),
        check.trackerKib(),
        check.load());
  }

  private static Sample readAll(Stage stage) throws InterruptedException {
    var devices =
        stage.cluster().liveNodes().stream()
            .flatMap(node -> node.devices().stream().map(d -> node.docroot().resolve("dev" + d)))
            .toList();
    var watch = stage.begin();
    long started = stage.time().nanoTime();
    int processors = Runtime.getRuntime().availableProcessors();
    var counts = stage.tasks().forEach(devices, processors, FsckChecksums::read);
    double seconds = stage.time().since(started).toNanos() / 1e9;
    // Two copies are read for each file.
    return watch.rate(counts.stream().mapToLong(each -> each).sum() / 2, seconds);
  }

  private static long read(Path device) {
    long count = 0;
    var buffer = ByteBuffer.allocateDirect(BUFFER);
    try (var files = Files.walk(device)) {
      for (var file :
          (Iterable<Path>) files.filter(each -> each.toString().endsWith(".fid"))::iterator) {
        crc(file, buffer);
        count++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return count;
  }

  static long crc(Path file, ByteBuffer buffer) throws IOException {
    var crc = new CRC32C();
    try (var channel = Files.newByteChannel(file)) {
      while (channel.read(buffer.clear()) >= 0) {
        crc.update(buffer.flip());
      }
    }
    return crc.getValue();
  }
}
