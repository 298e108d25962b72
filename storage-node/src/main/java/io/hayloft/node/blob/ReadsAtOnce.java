package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.kernel.NoWaitFile;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads small files that are not open, where the kernel has all that it takes in memory: by the
 * thread that serves the network, since nothing waits for a disk, and without keeping them open. A
 * file that is read again soon is left to {@link OpenBlobs}, which spare the opening.
 *
 * <p>Each read goes to the filesystem, by the path as it is then, so nothing can be out of date.
 * Whatever is in any way unusual is empty, and has to be opened in the usual way: files that are
 * missing, large or empty, devices that have not been admitted, a disk in another's place, links
 * below a device, files whose checksum is not known any more.
 */
public final class ReadsAtOnce {

  private final DeviceIdentities identities;
  private final OpenBlobs openBlobs;
  private final KnownCrcs crcs;
  private final long largest;
  private final boolean isPossible;
  private final ThreadLocal<Optional<NoWaitFile>> files =
      ThreadLocal.withInitial(NoWaitFile::create);

  /**
   * @param largest the length of the largest file to read so
   */
  ReadsAtOnce(DeviceIdentities identities, OpenBlobs openBlobs, KnownCrcs crcs, long largest) {
    this.identities = identities;
    this.openBlobs = openBlobs;
    this.crcs = crcs;
    this.largest = largest;
    this.isPossible = NoWaitFile.create().isPresent();
  }

  /** A file that is open to its reader alone, who must close it before another is opened. */
  public static final class Opened implements AutoCloseable {

    private final NoWaitFile file;
    private final int size;
    private final long modifiedMillis;
    private final OptionalInt crc32c;

    private Opened(NoWaitFile file, int size, long modifiedMillis, OptionalInt crc32c) {
      this.file = file;
      this.size = size;
      this.modifiedMillis = modifiedMillis;
      this.crc32c = crc32c;
    }

    /** In bytes. */
    public int size() {
      return size;
    }

    /** Unix time. */
    public long modifiedMillis() {
      return modifiedMillis;
    }

    /** The checksum that is kept with the file. */
    public OptionalInt crc32c() {
      return crc32c;
    }

    /** Fills a direct buffer of the file's size; false when not all of that is in memory. */
    public boolean read(ByteBuffer into) {
      return file.read(into);
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /** Opens the file of a path as it is spelled in a request; null when that is for others. */
  public @Nullable Opened open(String text) {
    if (!isPossible || !(RequestPath.forReading(text) instanceof RequestPath.InDevice(var path))) {
      return null;
    }
    var seat = identities.seat(path.device());
    if (seat.isEmpty() || openBlobs.isReadAgain(path)) {
      return null;
    }
    var file = files.get().orElseThrow();
    int changes = openBlobs.changes(path);
    var below = path.text().substring(path.text().indexOf('/', 1)).getBytes(ISO_8859_1);
    if (!file.open(seat.get().real(), below)) {
      return null;
    }
    var opened = look(file, seat.get());
    if (opened == null || openBlobs.changes(path) != changes) {
      file.close();
      return null;
    }
    return opened;
  }

  private @Nullable Opened look(NoWaitFile file, DeviceSeat seat) {
    var state = file.state();
    if (state == null
        || !state.isFile()
        || state.size() == 0
        || state.size() > largest
        || !seat.key().equals(file.key(seat.directory()))) {
      return null;
    }
    var crc = crcs.of(state);
    return crc == null ? null : new Opened(file, (int) state.size(), state.modifiedMillis(), crc);
  }
}
