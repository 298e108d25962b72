package io.hayloft.node.blob;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.node.kernel.InodeState;
import io.hayloft.node.kernel.NoWaitFile;
import io.hayloft.runtime.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads small files that are not kept, and looks at any, where the kernel has all that it takes in
 * memory: by the thread that serves the network, since nothing waits for a disk, and without
 * keeping them open. One that is read again can be kept with its bytes.
 *
 * <p>Each read goes to the filesystem, by the path as it is then, so nothing can be out of date.
 * Whatever is in any way unusual is empty, and has to be opened in the usual way: files that are
 * missing, large or empty if they are to be read, devices that have not been admitted, a disk in
 * another's place, links below a device, files whose checksum is not known any more.
 */
public final class ReadsAtOnce {

  /** Less than the kernel leaves what was changed in memory before it thinks of the disk. */
  private static final Duration FRESH = Duration.ofSeconds(4);

  private final DeviceIdentities identities;
  private final OpenBlobs openBlobs;
  private final KnownCrcs crcs;
  private final Time time;
  private final long largest;
  private final boolean isPossible;
  private final ThreadLocal<Optional<NoWaitFile>> files =
      ThreadLocal.withInitial(NoWaitFile::create);

  /**
   * @param largest the length of the largest file to read so
   */
  ReadsAtOnce(
      DeviceIdentities identities, OpenBlobs openBlobs, KnownCrcs crcs, Time time, long largest) {
    this.identities = identities;
    this.openBlobs = openBlobs;
    this.crcs = crcs;
    this.time = time;
    this.largest = largest;
    this.isPossible = NoWaitFile.create().isPresent();
  }

  private enum Wanted {
    BYTES,
    NO_BYTES
  }

  /** A file that is open to its reader alone, who must close it before another is opened. */
  public final class Opened implements AutoCloseable {

    private final Asked asked;
    private final NoWaitFile file;
    private final InodeState state;
    private final OptionalInt crc32c;

    private Opened(Asked asked, NoWaitFile file, InodeState state, OptionalInt crc32c) {
      this.asked = asked;
      this.file = file;
      this.state = state;
      this.crc32c = crc32c;
    }

    /** In bytes. */
    public long size() {
      return state.size();
    }

    /** Unix time. */
    public long modifiedMillis() {
      return state.modifiedMillis();
    }

    /** The checksum that is kept with the file. */
    public OptionalInt crc32c() {
      return crc32c;
    }

    /** Fills a direct buffer of the file's size; false when not all of that is in memory. */
    public boolean read(ByteBuffer into) {
      return file.read(into);
    }

    /** Whether it was read a while ago already; to be asked once. */
    public boolean isReadAgain() {
      return openBlobs.isReadAgain(asked.path);
    }

    /** Whether it should be opened to be kept; to be asked once. */
    public boolean mayStayOpen() {
      return openBlobs.hasRoom();
    }

    /**
     * Keeps it, with bytes that were read from it; retained for the caller.
     *
     * @param bytes that end with all of the file's
     */
    public OpenBlob keep(HotBytes.Piece bytes) {
      var version = BlobStore.version(state, state.size());
      var blob = new OpenBlob(bytes, version, asked.nanos);
      blob.crc32c(crc32c);
      openBlobs.keep(asked.path, blob, asked.changes);
      return blob;
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /**
   * A file that is wanted.
   *
   * @param changes the path's count before it was opened
   * @param nanos when that was
   */
  private record Asked(BlobPath path, int changes, long nanos) {}

  /** Opens the file of a path as it is spelled in a request; null when that is for others. */
  public @Nullable Opened open(String text) {
    return open(text, Wanted.BYTES);
  }

  /** The same for who wants to know of the file, of whatever length, but none of its bytes. */
  public @Nullable Opened look(String text) {
    return open(text, Wanted.NO_BYTES);
  }

  private @Nullable Opened open(String text, Wanted wanted) {
    if (!isPossible || !(RequestPath.forReading(text) instanceof RequestPath.InDevice(var path))) {
      return null;
    }
    var seat = identities.seat(path.device());
    if (seat.isEmpty()) {
      return null;
    }
    var usable = files.get();
    if (usable.isEmpty()) {
      // It was tried with no descriptor left to open; with the next request there may be one.
      files.remove();
      return null;
    }
    var file = usable.get();
    var asked = new Asked(path, openBlobs.changes(path), time.nanoTime());
    var below = path.text().substring(path.text().indexOf('/', 1)).getBytes(ISO_8859_1);
    if (!file.open(seat.get().real(), below)) {
      return null;
    }
    var opened = opened(asked, file, seat.get(), wanted);
    if (opened == null || openBlobs.changes(path) != asked.changes) {
      file.close();
      return null;
    }
    return opened;
  }

  private @Nullable Opened opened(Asked asked, NoWaitFile file, DeviceSeat seat, Wanted wanted) {
    var state = file.state();
    if (state == null
        || !state.isFile()
        || (wanted == Wanted.BYTES && (state.size() == 0 || state.size() > largest))
        || !seat.key().equals(file.key(seat.directory()))) {
      return null;
    }
    var crc = crcs.of(state);
    if (crc == null && wanted == Wanted.NO_BYTES && isFresh(state)) {
      crc = readCrc(file, state);
    }
    return crc == null ? null : new Opened(asked, file, state, crc);
  }

  /**
   * Whether it was changed so lately that the block of its inode, which has its attributes, has
   * just been in memory, too.
   */
  private boolean isFresh(InodeState state) {
    long now = TimeUnit.MILLISECONDS.toNanos(time.now().toEpochMilli());
    return Math.abs(now - state.changedNanos()) < FRESH.toNanos();
  }

  /** Null when the file has none, or may have been changed meanwhile. */
  private static @Nullable OptionalInt readCrc(NoWaitFile file, InodeState state) {
    var crc = StoredCrc.of(file);
    return crc.isPresent() && state.equals(file.state()) ? crc : null;
  }
}
